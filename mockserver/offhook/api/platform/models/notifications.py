"""Messages of the notification service (wire contract §5.3, §6, §7)."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from offhook.api.schemas import Message


class Channel(Message, frozen=True, kw_only=True):
    """A notification channel. Connect a WebSocket to `connectUri`, without any header."""

    connect_uri: Annotated[
        str, Meta(examples=["ws://localhost:8089/channels/streaming-0-4ce135acf5274db989df8cdfc3"])
    ]
    id: Annotated[str, Meta(examples=["streaming-0-4ce135acf5274db989df8cdfc3"])]
    expires: Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class ChannelEntityListing(Message, frozen=True, kw_only=True):
    """The channels of the token's user by its OAuth client."""

    entities: tuple[Channel, ...]


class ChannelTopic(Message, frozen=True, kw_only=True):
    """A topic of a channel, and whether it may be had."""

    id: Annotated[str, Meta(examples=["v2.users.6c1f2a34.conversations.calls"])]
    state: Annotated[str, Meta(examples=["Permitted"])] = "Permitted"
    rejection_reason: str | UnsetType = UNSET
    self_uri: str = "/api/v2/notifications/availabletopics"


class ChannelTopicEntityListing(Message, frozen=True, kw_only=True):
    """The topics of a channel, by the ids under which they were asked for."""

    entities: tuple[ChannelTopic, ...]


class TopicReference(Message, frozen=True, kw_only=True):
    """A topic that is asked for; combined ids are one (`prefix?a&b`)."""

    id: Annotated[str, Meta(examples=["v2.users.6c1f2a34?conversations&station"])]


class AvailableTopic(Message, frozen=True, kw_only=True):
    """A topic that there is."""

    id: Annotated[str, Meta(examples=["v2.users.{id}.conversations.calls"])]
    description: str
    transports: tuple[str, ...] = ("WebSocket",)
    topic_parameters: tuple[str, ...] = ("id",)
    enforced: bool = False
    public_api_template_uri_paths: tuple[str, ...] = ()
    requires_permissions: tuple[str, ...] = ()


class AvailableTopicEntityListing(Message, frozen=True, kw_only=True):
    """Every topic that there is."""

    entities: tuple[AvailableTopic, ...]


class EventMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with an event. The capital C is the platform's (wire contract §7)."""

    correlation_id: str = msgspec.field(name="CorrelationId")
    action: str | UnsetType = UNSET
    """What happened to a station; only the topic `station` says it (wire contract §6)."""


class EventEnvelope(Message, frozen=True, kw_only=True):
    """One event on a channel's socket."""

    topic_name: str
    version: str = "2"
    event_body: object
    metadata: EventMetadata | UnsetType = UNSET


class ChannelMetadata(Message, frozen=True, kw_only=True):
    """The body on the topic `channel.metadata`."""

    message: str


class SystemMessage(Message, frozen=True, kw_only=True):
    """The body on system topics."""

    channel_id: str
    system_topic_type: str
    reason: str | UnsetType = UNSET
    message: str


class SubscribeResult(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to a message of a channel's socket; `result` is an HTTP status as text."""

    result: str
    status: str
    message: str = ""
    correlation_id: str | None = None


class SocketMessage(Message, frozen=True, kw_only=True):
    """What a channel's socket may be told."""

    message: str
    topics: tuple[str, ...] = ()
    correlation_id: str | None = None
