"""Users: who the token's user is, who the others are, and what was asked to be told of them."""

from collections import Counter
from typing import Any
from urllib.parse import parse_qsl

from offhook.api.answer import json_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Access, Call, Dialect, Operation, Outcome, Param
from offhook.api.platform.conversations import open_conversations
from offhook.api.platform.models.users import (
    Chat,
    MediaSummary,
    MediaSummaryDetail,
    User,
    UserConversationSummary,
    UserEntityListing,
    UserMe,
)
from offhook.api.platform.organization import organization
from offhook.api.platform.pages import PAGE, page
from offhook.api.platform.people import routing_status, user_presence, user_stations
from offhook.api.platform.routing import division
from offhook.api.platform.rows import NO_SUCH_USER, USER_ID, row, user_in_path, user_of
from offhook.api.platform.tokens import token_info
from offhook.domain.conversation import VOICE
from offhook.domain.evidence import Evidence
from offhook.domain.views import UserView

_NONE = MediaSummaryDetail(active=0)


def get_me(call: Call) -> Answer:
    """The user of the token, in both dialects.

    The tutorial's scope `user:read` stays for both: it is one operation at one path, and every
    OAuth client has the scope unless its settings take it away.
    """
    view = call.tenancy.org.user(user_of(call))
    assert view is not None, "a token's user exists as long as the org"
    wanted = _expanded(call)
    fields = _fields(call, view, wanted)
    if "organization" in wanted:
        fields["organization"] = organization(call.tenancy.org.directory.organization)
    if "token" in wanted:
        fields["token"] = token_info(call)
    return json_answer(200, UserMe(**fields))


def get_user(call: Call) -> Answer:
    """A user of the org."""
    return json_answer(200, User(**_fields(call, user_in_path(call), _expanded(call))))


def list_users(call: Call) -> Answer:
    """Every user of the org."""
    wanted = _expanded(call)
    entities = [User(**_fields(call, each, wanted)) for each in call.tenancy.org.users()]
    return json_answer(200, page(call, UserEntityListing, entities))


def _expanded(call: Call) -> frozenset[str]:
    """What `expand` names: separated by commas, repeated, or both. Unknown names are ignored."""
    pairs = parse_qsl(call.request.query)
    return frozenset(
        part.strip() for name, value in pairs if name == "expand" for part in value.split(",")
    )


def _fields(call: Call, view: UserView, wanted: frozenset[str]) -> dict[str, Any]:
    """What both shapes of a user have in common; what was not asked for is left out."""
    directory = call.tenancy.org.directory
    fields: dict[str, Any] = {
        "id": view.id,
        "name": view.name,
        "division": division(call),
        "chat": Chat(
            jabber_id=f"{view.id.replace('-', '')}@{directory.organization.domain}.orgspan.com"
        ),
        "email": view.email,
        "username": view.username,
        "self_uri": f"/api/v2/users/{view.id}",
    }
    if "routingStatus" in wanted:
        fields["routing_status"] = routing_status(directory.presences.routing(view.id))
    if "presence" in wanted:
        fields["presence"] = user_presence(directory.presences.presence(view.id))
    if "station" in wanted:
        fields["station"] = user_stations(directory.stations.of(view.id))
    if "conversationSummary" in wanted:
        fields["conversation_summary"] = _summary(call, view.id)
    return fields


def _summary(call: Call, user_id: str) -> UserConversationSummary:
    counts = Counter(each.legs[0].media for each in open_conversations(call, user_id))

    def of(media: str) -> MediaSummary:
        detail = MediaSummaryDetail(active=counts[media])
        return MediaSummary(contact_center=detail, enterprise=_NONE)

    return UserConversationSummary(
        user_id=user_id,
        call=of(VOICE),
        callback=of("callback"),
        email=of("email"),
        message=of("message"),
        chat=of("chat"),
    )


_EXPAND = Param(
    name="expand",
    where="query",
    schema={"type": "string", "examples": ["station,presence,routingStatus"]},
    meaning="What is to be told besides, separated by commas or repeated: `station`, "
    "`presence`, `routingStatus`, `conversationSummary`; for the token's user also "
    "`organization`, `token`. Others are ignored.",
    checked=False,
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="getUsersMe",
        method="GET",
        path="/api/v2/users/me",
        summary="Who the token's user is.",
        dialects=frozenset({Dialect.TUTORIAL, Dialect.PLATFORM}),
        access=Access(scope="user:read", user=True),
        params=(_EXPAND,),
        outcomes={200: Outcome(meaning="The user.", body=UserMe, identifies={"userId": "/id"})},
        handler=get_me,
        evidence=Evidence.OBSERVED,
    ),
    row(
        "getUsers",
        "GET /api/v2/users",
        "Every user of the org.",
        list_users,
        outcomes={
            200: Outcome(
                meaning="The users.",
                body=UserEntityListing,
                identifies={"userId": "/entities/0/id"},
            )
        },
        params=(*PAGE, _EXPAND),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getUser",
        "GET /api/v2/users/{userId}",
        "A user of the org.",
        get_user,
        outcomes={
            200: Outcome(meaning="The user.", body=User),
            404: NO_SUCH_USER,
        },
        params=(USER_ID, _EXPAND),
        evidence=Evidence.DOCUMENTED,
    ),
)
