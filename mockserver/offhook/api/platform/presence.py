"""Presence and routing status: read and set."""

from offhook.api.answer import json_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Operation, Outcome
from offhook.api.platform.models.presence import (
    MutableUserPresence,
    OrganizationPresenceDefinitionEntityListing,
    OrganizationPresenceEntityListing,
    RoutingStatus,
    SystemPresence,
    UserPresence,
)
from offhook.api.platform.pages import PAGE, page
from offhook.api.platform.people import (
    organization_presence,
    presence_definition,
    routing_status,
    user_presence,
)
from offhook.api.platform.rows import (
    ANOTHER_USER,
    USER_ID,
    own_user_in_path,
    path_id,
    refused,
    row,
    user_in_path,
)
from offhook.domain.directory_inputs import SetPresence, SetRoutingStatus
from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence
from offhook.domain.presence import DEFINITIONS

_OF_USER = "/api/v2/users/{userId}"
_OWN_SOURCE = "purecloud"
"""The one source of presence that is modelled."""


def list_definitions(_call: Call) -> Answer:
    """The presences that one may have."""
    entities = tuple(presence_definition(each) for each in DEFINITIONS)
    return json_answer(
        200,
        OrganizationPresenceDefinitionEntityListing(
            entities=entities, total=len(entities), self_uri="/api/v2/presence/definitions"
        ),
    )


def list_organization_presences(call: Call) -> Answer:
    """The presences that one may have, in the older listing."""
    entities = [organization_presence(each) for each in DEFINITIONS]
    return json_answer(200, page(call, OrganizationPresenceEntityListing, entities))


def list_system_presences(_call: Call) -> Answer:
    """The presences that every org has."""
    entities = (
        SystemPresence(id=each.id, name=each.name, self_uri="/api/v2/systempresences")
        for each in DEFINITIONS
    )
    return json_answer(200, tuple(entities))


def get_presence(call: Call) -> Answer:
    """A user's presence."""
    user = user_in_path(call)
    _check_source(call)
    return _presence(call, user.id)


def patch_presence(call: Call) -> Answer:
    """Set a user's presence; On Queue makes the routing status IDLE, others OFF_QUEUE."""
    user = own_user_in_path(call)
    _check_source(call)
    wish: MutableUserPresence = call.body
    definition = wish.presence_definition
    call.tenancy.org.receive(
        SetPresence(
            user_id=user.id,
            definition_id=None if definition is None else definition.id,
            system_presence=None if definition is None else definition.system_presence,
            message=wish.message,
        ),
        now=call.now,
    )
    return _presence(call, user.id)


def get_routing_status(call: Call) -> Answer:
    """A user's routing status."""
    return _routing(call, user_in_path(call).id)


def put_routing_status(call: Call) -> Answer:
    """Ask for a routing status."""
    user = own_user_in_path(call)
    wish = SetRoutingStatus(user_id=user.id, status=call.body.status)
    call.tenancy.org.receive(wish, now=call.now)
    return _routing(call, user.id)


def _check_source(call: Call) -> None:
    source = call.path.get("sourceId", _OWN_SOURCE)
    if source.lower() != _OWN_SOURCE:
        raise DomainError(
            "not.found", f"There is no presence source {source!r}; there is {_OWN_SOURCE}."
        )


def _presence(call: Call, user_id: str) -> Answer:
    return json_answer(200, user_presence(call.tenancy.org.directory.presences.presence(user_id)))


def _routing(call: Call, user_id: str) -> Answer:
    return json_answer(200, routing_status(call.tenancy.org.directory.presences.routing(user_id)))


_SOURCE_ID = path_id("sourceId", "Where the presence comes from; only `purecloud` is modelled.")
_NOBODY = refused("There is no such user, or no such source.")
_PRESENCE = Outcome(meaning="The presence.", body=UserPresence)
_ROUTING = Outcome(meaning="The routing status.", body=RoutingStatus)

OPERATIONS: tuple[Operation, ...] = (
    row(
        "getPresenceDefinitions0",
        "GET /api/v2/presence/definitions",
        "The presences that one may have.",
        list_definitions,
        outcomes={
            200: Outcome(
                meaning="The definitions.", body=OrganizationPresenceDefinitionEntityListing
            )
        },
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getPresencedefinitions",
        "GET /api/v2/presencedefinitions",
        "The presences that one may have, in the older listing.",
        list_organization_presences,
        outcomes={200: Outcome(meaning="The presences.", body=OrganizationPresenceEntityListing)},
        params=PAGE,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getSystempresences",
        "GET /api/v2/systempresences",
        "The presences that every org has.",
        list_system_presences,
        outcomes={200: Outcome(meaning="The presences.", body=tuple[SystemPresence, ...])},
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getUserPresencesPurecloud",
        f"GET {_OF_USER}/presences/purecloud",
        "A user's presence.",
        get_presence,
        outcomes={200: _PRESENCE, 404: _NOBODY},
        params=(USER_ID,),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "patchUserPresencesPurecloud",
        f"PATCH {_OF_USER}/presences/purecloud",
        "Set a user's presence, and with it whether the queues reach the user.",
        patch_presence,
        outcomes={200: _PRESENCE, 403: ANOTHER_USER, 404: _NOBODY},
        params=(USER_ID,),
        body=MutableUserPresence,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getUserPresence",
        f"GET {_OF_USER}/presences/{{sourceId}}",
        "A user's presence by its source.",
        get_presence,
        outcomes={200: _PRESENCE, 404: _NOBODY},
        params=(USER_ID, _SOURCE_ID),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "patchUserPresence",
        f"PATCH {_OF_USER}/presences/{{sourceId}}",
        "Set a user's presence by its source.",
        patch_presence,
        outcomes={200: _PRESENCE, 403: ANOTHER_USER, 404: _NOBODY},
        params=(USER_ID, _SOURCE_ID),
        body=MutableUserPresence,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getUserRoutingstatus",
        f"GET {_OF_USER}/routingstatus",
        "A user's routing status.",
        get_routing_status,
        outcomes={200: _ROUTING, 404: _NOBODY},
        params=(USER_ID,),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "putUserRoutingstatus",
        f"PUT {_OF_USER}/routingstatus",
        "Ask for a routing status, as far as the present one allows it.",
        put_routing_status,
        outcomes={
            200: _ROUTING,
            403: ANOTHER_USER,
            404: _NOBODY,
            409: refused("From the present routing status one cannot ask for that one."),
        },
        params=(USER_ID,),
        body=RoutingStatus,
        evidence=Evidence.ASSUMED,
    ),
)
