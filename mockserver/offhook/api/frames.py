"""The frames of the event socket, in JSON's names. Wire contract: tutorial-dialect.md."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from offhook.api.schemas import Epoch, Id, Level, Message, Rev
from offhook.domain.views import Cause, Status

# What the server says.


class Frame(Message, frozen=True, kw_only=True, tag_field="type"):
    """The root of what the server says about a device."""

    client_id: Id
    epoch: Epoch | UnsetType = UNSET
    rev: Rev | UnsetType = UNSET
    at: Annotated[str, Meta(examples=["2026-11-23T10:00:00.000Z"])]


class SubscribedFrame(Frame, frozen=True, kw_only=True, tag="subscribed"):
    """The first frame: everything after `since` follows when `recovered`."""

    recovered: bool


class MuteChangedFrame(Frame, frozen=True, kw_only=True, tag="muteChanged"):
    """The mute was set; only this raises `rev`."""

    muted: bool
    cause: Cause
    actor: str | None
    intent: str | None
    gesture: bool


class StatusChangedFrame(Frame, frozen=True, kw_only=True, tag="connectionStatusChanged"):
    """The connection status has changed."""

    status: Status
    cause: Cause
    actor: str | None


class AudioLevelFrame(Frame, frozen=True, kw_only=True, tag="audioLevelChanged"):
    """A sample of the microphone; the latest wins."""

    level: Level


class HeartbeatFrame(Frame, frozen=True, kw_only=True, tag="heartbeat"):
    """Which version is current."""


class ErrorFrame(Frame, frozen=True, kw_only=True, tag="error"):
    """The answer to a frame that could not be taken."""

    code: str
    message: str


ServerFrame = (
    SubscribedFrame
    | MuteChangedFrame
    | StatusChangedFrame
    | AudioLevelFrame
    | HeartbeatFrame
    | ErrorFrame
)

# What the device says.


class NativeMute(Message, frozen=True, kw_only=True, tag_field="type", tag="nativeMute"):
    """The browser or the operating system muted the track."""

    muted: bool
    gesture: bool = False


class HeadsetMute(Message, frozen=True, kw_only=True, tag_field="type", tag="headsetMute"):
    """The button on the headset."""

    muted: bool
    gesture: bool = False


class AudioLevel(Message, frozen=True, kw_only=True, tag_field="type", tag="audioLevel"):
    """A sample of the microphone."""

    level: Level


class Ping(Message, frozen=True, kw_only=True, tag_field="type", tag="ping"):
    """Asks for a heartbeat now."""


DeviceFrame = NativeMute | HeadsetMute | AudioLevel | Ping
