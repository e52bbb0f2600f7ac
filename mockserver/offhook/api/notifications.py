"""What travels on an event socket, one JSON text frame each: events out, reports in."""

from typing import Any

import msgspec
from msgspec import UNSET

from offhook.api import frames
from offhook.api.answer import stamp
from offhook.api.decode import decode_text
from offhook.api.platform.topics import METADATA, REPLY, encode_topic, topic_type
from offhook.domain.errors import DomainError
from offhook.domain.events import (
    AudioLevelChanged,
    ChannelNotice,
    ChannelReply,
    Event,
    FrameRefused,
    Heartbeat,
    MuteChanged,
    Pushed,
    StatusChanged,
    Subscribed,
    SystemNotice,
    TopicEvent,
)
from offhook.domain.inputs import SocketReport
from offhook.domain.topics import OF_USER

_encode = msgspec.json.Encoder().encode

PUSHED = "pushed"
"""The event type of an object from control that names none."""


class _Head(msgspec.Struct, frozen=True):
    type: str = PUSHED


_head = msgspec.json.Decoder(_Head)
_TYPES: dict[type[Event], str] = {
    Subscribed: "subscribed",
    MuteChanged: "muteChanged",
    StatusChanged: "connectionStatusChanged",
    AudioLevelChanged: "audioLevelChanged",
    Heartbeat: "heartbeat",
    FrameRefused: "error",
}

_OF_CHANNELS = (TopicEvent, ChannelNotice, ChannelReply, SystemNotice)

EVENT_TYPES = frozenset(
    {
        *_TYPES.values(),
        PUSHED,
        METADATA,
        REPLY,
        *(suffix for suffix, kind in OF_USER.items() if kind.spoken),
    }
)
"""The event types that a fault rule may name."""


def event_type(event: Event) -> str:
    """The type under which fault rules and clients know an event."""
    if isinstance(event, _OF_CHANNELS):
        return topic_type(event)
    if not isinstance(event, Pushed):
        return _TYPES[type(event)]
    try:
        return _head.decode(event.body).type
    except msgspec.MsgspecError:
        return PUSHED


def encode(event: Event) -> bytes:
    """An event as one text frame. Without a version its frame has neither `epoch` nor `rev`."""
    if isinstance(event, Pushed):
        return event.body
    if isinstance(event, _OF_CHANNELS):
        return encode_topic(event)
    return _encode(_frame(event))


def _frame(event: Event) -> frames.ServerFrame:
    version = event.version
    common: dict[str, Any] = {
        "client_id": event.device_id,
        "epoch": UNSET if version is None else version.epoch,
        "rev": UNSET if version is None else version.rev,
        "at": stamp(event.at),
    }
    match event:
        case MuteChanged():
            return frames.MuteChangedFrame(
                muted=event.muted,
                cause=event.cause,
                actor=event.actor,
                intent=None if event.intent is None else str(event.intent),
                gesture=event.gesture,
                **common,
            )
        case StatusChanged():
            return frames.StatusChangedFrame(
                status=event.status, cause=event.cause, actor=event.actor, **common
            )
        case AudioLevelChanged():
            return frames.AudioLevelFrame(level=event.level, **common)
        case Heartbeat():
            return frames.HeartbeatFrame(**common)
        case Subscribed():
            return frames.SubscribedFrame(recovered=event.recovered, **common)
        case FrameRefused():
            return frames.ErrorFrame(code=event.code, message=event.message, **common)
        case _:
            raise AssertionError(f"no frame is known for {type(event).__name__}")


def read_report(socket_id: str, data: str | bytes) -> SocketReport:
    """A frame from a device, as an input; a bad one as `unreadable`, with its problem.

    Frames are text. The shell bounds their length.
    """
    if isinstance(data, bytes):
        return _unreadable(socket_id, "The frame is binary; frames are text, one JSON object each.")
    try:
        report = decode_text(data, frames.DeviceFrame, what="frame")
    except DomainError as error:
        return _unreadable(socket_id, error.message)
    match report:
        case frames.NativeMute(muted=muted, gesture=gesture):
            return SocketReport(
                socket_id=socket_id, kind="nativeMute", muted=muted, gesture=gesture
            )
        case frames.HeadsetMute(muted=muted, gesture=gesture):
            return SocketReport(
                socket_id=socket_id, kind="headsetMute", muted=muted, gesture=gesture
            )
        case frames.AudioLevel(level=level):
            return SocketReport(socket_id=socket_id, kind="audioLevel", level=level)
        case _:
            return SocketReport(socket_id=socket_id, kind="ping")


def _unreadable(socket_id: str, problem: str) -> SocketReport:
    return SocketReport(socket_id=socket_id, kind="unreadable", problem=problem)
