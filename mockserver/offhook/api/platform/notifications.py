"""Notification channels: their life, their subscriptions, their socket (wire contract §7)."""

from collections.abc import Iterable

from offhook.api.answer import empty_answer, json_answer, stamp
from offhook.api.exchange import Answer, ChannelUpgrade
from offhook.api.operation import Access, Call, Operation, Outcome, Param
from offhook.api.platform.models.notifications import (
    AvailableTopic,
    AvailableTopicEntityListing,
    Channel,
    ChannelEntityListing,
    ChannelTopic,
    ChannelTopicEntityListing,
    TopicReference,
)
from offhook.api.platform.rows import PLATFORM, path_id, refused, row, token_of
from offhook.api.schemas import ErrorBody
from offhook.domain.channel_inputs import (
    ChannelView,
    OpenChannel,
    Subscribe,
    TopicView,
    Unsubscribe,
)
from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence
from offhook.domain.topics import OF_USER

_PREFIX = "/api/v2/notifications/channels"


def open_channel(call: Call) -> Answer:
    """Open a channel; the 21st of a user and OAuth client evicts the oldest."""
    token = token_of(call)
    channel = call.tenancy.org.receive(
        OpenChannel(user_id=token.user_id, client_id=token.client_id, token_id=token.id),
        now=call.now,
    )
    return json_answer(200, _message(call, channel))


def list_channels(call: Call) -> Answer:
    """The channels of the token's user by its OAuth client, oldest first."""
    token = token_of(call)
    channels = call.tenancy.org.channels(token.user_id, token.client_id)
    return json_answer(
        200, ChannelEntityListing(entities=tuple(_message(call, each) for each in channels))
    )


def check_channel(call: Call) -> Answer:
    """Whether the channel is there: asked with HEAD."""
    return json_answer(200, _message(call, _own(call)))


def list_topics(call: Call) -> Answer:
    """The topics of a channel."""
    return json_answer(200, _listing(TopicView(id=each) for each in _own(call).topics))


def add_topics(call: Call) -> Answer:
    """Add topics to those of a channel."""
    return _subscribe(call, replace=False)


def replace_topics(call: Call) -> Answer:
    """Let topics take the place of those of a channel."""
    return _subscribe(call, replace=True)


def clear_topics(call: Call) -> Answer:
    """Take all topics from a channel."""
    call.tenancy.org.receive(Unsubscribe(channel_id=_own(call).id), now=call.now)
    return empty_answer(200)


def list_available_topics(_call: Call) -> Answer:
    """Every topic that there is."""
    rows = (
        AvailableTopic(id=f"v2.users.{{id}}.{suffix}", description=kind.meaning)
        for suffix, kind in OF_USER.items()
    )
    return json_answer(200, AvailableTopicEntityListing(entities=tuple(rows)))


def open_socket(call: Call) -> Answer:
    """Become the socket of a channel. Whoever knows the channel's id may."""
    request = call.request
    if request.method != "GET" or request.headers.get("upgrade", "").lower() != "websocket":
        raise DomainError("upgrade.required", headers=(("Upgrade", "websocket"),))
    channel = call.tenancy.org.channel(call.path["channelId"])
    if channel is None:
        raise DomainError(
            "not.found", "There is no such channel: unknown, expired, evicted or revoked."
        )
    return ChannelUpgrade(channel_id=channel.id, token_id=channel.token_id)


def _own(call: Call) -> ChannelView:
    channel = call.tenancy.org.channel(call.path["channelId"])
    if channel is None:
        raise DomainError(
            "not.found", "There is no such channel: unknown, expired, evicted or revoked."
        )
    token = token_of(call)
    if (channel.user_id, channel.client_id) != (token.user_id, token.client_id):
        raise DomainError("not.authorized", "The channel belongs to another user or OAuth client.")
    return channel


def _subscribe(call: Call, *, replace: bool) -> Answer:
    topics = call.tenancy.org.receive(
        Subscribe(
            channel_id=_own(call).id,
            topics=tuple(each.id for each in call.body),
            replace=replace,
            ignore_errors=call.query["ignoreErrors"] == "true",
        ),
        now=call.now,
    )
    return json_answer(200, _listing(topics))


def _listing(topics: Iterable[TopicView]) -> ChannelTopicEntityListing:
    return ChannelTopicEntityListing(
        entities=tuple(
            ChannelTopic(id=each.id)
            if each.rejection is None
            else ChannelTopic(id=each.id, state="Rejected", rejection_reason=each.rejection)
            for each in topics
        )
    )


def _message(call: Call, channel: ChannelView) -> Channel:
    where = call.request.origin.replace("http", "ws", 1)
    return Channel(
        connect_uri=f"{where}/channels/{channel.id}",
        id=channel.id,
        expires=stamp(channel.expires_at),
    )


_CHANNEL_ID = path_id("channelId", "The channel.")
_IGNORE_ERRORS = Param(
    name="ignoreErrors",
    where="query",
    schema={"type": "string", "enum": ["true", "false"], "default": "false"},
    meaning="Subscribe to what may be had, although other topics are rejected.",
)
_GONE = refused("There is no such channel.")
_FOREIGN = refused("It is another user's or OAuth client's.")
_TOPICS = Outcome(meaning="The topics.", body=ChannelTopicEntityListing)


_OWN = {403: _FOREIGN, 404: _GONE}

OPERATIONS: tuple[Operation, ...] = (
    row(
        "postNotificationsChannels",
        f"POST {_PREFIX}",
        "Open a notification channel.",
        open_channel,
        outcomes={
            200: Outcome(meaning="The channel.", body=Channel, identifies={"channelId": "/id"})
        },
        params=(
            Param(
                name="connectionType",
                where="query",
                schema={"type": "string", "enum": ["streaming"]},
                meaning="What the streaming client asks for; the channel is the same.",
            ),
        ),
    ),
    row(
        "getNotificationsChannels",
        f"GET {_PREFIX}",
        "The channels of the token's user by its OAuth client.",
        list_channels,
        outcomes={
            200: Outcome(
                meaning="The channels.",
                body=ChannelEntityListing,
                identifies={"channelId": "/entities/0/id"},
            )
        },
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "headNotificationsChannel",
        f"GET {_PREFIX}/{{channelId}}",
        "Whether a channel is there; the official SDKs ask with HEAD.",
        check_channel,
        outcomes={200: Outcome(meaning="It is there.", body=Channel), **_OWN},
        params=(_CHANNEL_ID,),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getNotificationsChannelSubscriptions",
        f"GET {_PREFIX}/{{channelId}}/subscriptions",
        "The topics of a channel.",
        list_topics,
        outcomes={200: _TOPICS, **_OWN},
        params=(_CHANNEL_ID,),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "postNotificationsChannelSubscriptions",
        f"POST {_PREFIX}/{{channelId}}/subscriptions",
        "Add topics to those of a channel.",
        add_topics,
        outcomes={200: _TOPICS, **_OWN},
        params=(_CHANNEL_ID, _IGNORE_ERRORS),
        body=tuple[TopicReference, ...],
    ),
    row(
        "putNotificationsChannelSubscriptions",
        f"PUT {_PREFIX}/{{channelId}}/subscriptions",
        "Let topics take the place of those of a channel.",
        replace_topics,
        outcomes={200: _TOPICS, **_OWN},
        params=(_CHANNEL_ID, _IGNORE_ERRORS),
        body=tuple[TopicReference, ...],
    ),
    row(
        "deleteNotificationsChannelSubscriptions",
        f"DELETE {_PREFIX}/{{channelId}}/subscriptions",
        "Take all topics from a channel.",
        clear_topics,
        outcomes={200: Outcome(meaning="The channel has no topics."), **_OWN},
        params=(_CHANNEL_ID,),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getNotificationsAvailabletopics",
        "GET /api/v2/notifications/availabletopics",
        "Every topic that there is.",
        list_available_topics,
        outcomes={200: Outcome(meaning="The topics.", body=AvailableTopicEntityListing)},
        evidence=Evidence.DOCUMENTED,
    ),
    Operation(
        id="getChannelSocket",
        method="GET",
        path="/channels/{channelId}",
        summary="The socket of a channel (its connectUri).",
        dialects=PLATFORM,
        access=Access(public=True, counted=False),
        params=(_CHANNEL_ID,),
        outcomes={
            101: Outcome(meaning="The connection speaks WebSocket now."),
            404: _GONE,
            426: Outcome(
                meaning="The request was no upgrade.", body=ErrorBody, headers=("Upgrade",)
            ),
        },
        handler=open_socket,
        evidence=Evidence.OBSERVED,
    ),
)
