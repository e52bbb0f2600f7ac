"""What travels on a channel's socket: events in the platform's envelope, messages back.

A topic's body is a view of the domain; `BODIES` says which shape it has on which topic.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET

from offhook.api.decode import decode_text
from offhook.api.platform.models.conversations import CallConversation, Conversation
from offhook.api.platform.models.notifications import (
    ChannelMetadata,
    EventEnvelope,
    EventMetadata,
    SocketMessage,
    SubscribeResult,
    SystemMessage,
)
from offhook.api.platform.models.presence import (
    PresenceEventUserPresence,
    UserRoutingStatusUserRoutingStatus,
)
from offhook.api.platform.models.stations import UserStationChangeTopicUserStations
from offhook.api.platform.people import presence_event, routing_event, station_event
from offhook.api.platform.shapes import call_conversation, conversation
from offhook.domain.channel_inputs import ChannelMessage
from offhook.domain.directory_inputs import PresenceView, RoutingView, StationChange
from offhook.domain.errors import DomainError
from offhook.domain.events import ChannelNotice, ChannelReply, Event, SystemNotice, TopicEvent
from offhook.domain.views import ConversationView

METADATA = "channel.metadata"
REPLY = "channel.reply"
"""The name under which fault rules know the answers to messages."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How a view looks in an envelope: the message type, and what makes it."""

    body: type
    make: Callable[[Any], object]


BODIES: dict[tuple[type, str], Shape] = {
    (ConversationView, "conversations"): Shape(body=Conversation, make=conversation),
    (ConversationView, "conversations.calls"): Shape(body=CallConversation, make=call_conversation),
    (PresenceView, "presence"): Shape(body=PresenceEventUserPresence, make=presence_event),
    (RoutingView, "routingStatus"): Shape(
        body=UserRoutingStatusUserRoutingStatus, make=routing_event
    ),
    (StationChange, "station"): Shape(body=UserStationChangeTopicUserStations, make=station_event),
}
"""By the view's type and the topic's suffix."""

_encode = msgspec.json.Encoder().encode


def topic_type(event: Event) -> str:
    """The name under which fault rules know an event of a channel."""
    match event:
        case TopicEvent(suffix=suffix):
            return suffix
        case SystemNotice(topic=topic):
            return topic
        case ChannelNotice():
            return METADATA
        case _:
            return REPLY


def encode_topic(event: Event) -> bytes:
    """An event of a channel as one text frame (wire contract §7)."""
    match event:
        case TopicEvent(topic=topic, suffix=suffix, body=body):
            shape = BODIES[type(body), suffix]
            action = body.action.value if isinstance(body, StationChange) else UNSET
            return _encode(
                EventEnvelope(
                    topic_name=topic,
                    event_body=shape.make(body),
                    metadata=EventMetadata(correlation_id=event.correlation_id, action=action),
                )
            )
        case SystemNotice():
            return _encode(
                EventEnvelope(
                    topic_name=event.topic,
                    event_body=SystemMessage(
                        channel_id=event.channel_id,
                        system_topic_type=event.topic.removeprefix("v2.system."),
                        reason=UNSET if event.reason is None else event.reason,
                        message=event.message,
                    ),
                    metadata=EventMetadata(correlation_id=event.correlation_id),
                )
            )
        case ChannelNotice(message=message):
            body = ChannelMetadata(message=message)
            return _encode(EventEnvelope(topic_name=METADATA, event_body=body))
        case ChannelReply():
            return _encode(
                SubscribeResult(
                    result=event.result,
                    status=event.status,
                    message=event.message,
                    correlation_id=event.correlation_id,
                )
            )
        case _:
            raise AssertionError(f"no channel speaks of {type(event).__name__}")


def read_message(socket_id: str, data: str | bytes) -> ChannelMessage:
    """A message from a channel's socket, as an input; a bad one as `unreadable`."""
    if isinstance(data, bytes):
        return _unreadable(socket_id, "The message is binary; messages are text, one JSON object.")
    try:
        message = decode_text(data, SocketMessage, what="message")
    except DomainError as error:
        return _unreadable(socket_id, error.message)
    if message.message not in {"ping", "subscribe"}:
        return _unreadable(
            socket_id, f"message is {message.message!r}; it must be ping or subscribe."
        )
    if message.message == "subscribe" and not message.topics:
        problem = "subscribe names no topics; topics is a list of their names."
        return _unreadable(socket_id, problem, correlation_id=message.correlation_id)
    return ChannelMessage(
        socket_id=socket_id,
        kind=message.message,
        topics=message.topics,
        correlation_id=message.correlation_id,
    )


def _unreadable(
    socket_id: str, problem: str, *, correlation_id: str | None = None
) -> ChannelMessage:
    return ChannelMessage(
        socket_id=socket_id, kind="unreadable", problem=problem, correlation_id=correlation_id
    )
