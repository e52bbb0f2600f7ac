"""What the org says about itself.

`Event`s are facts about a device. `Outbound`s tell the shell which sockets hear of them:
they are asked for with `Org.take_outbound()`, and asking empties it.
"""

import msgspec

from offhook.domain.version import Intent, Version
from offhook.domain.views import Cause, Status


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact about one device, or about none: what a channel says of itself.

    `at` is in seconds since the Unix epoch, on the org's clock.
    """

    device_id: str | None
    version: Version | None
    at: float


class Subscribed(Event, frozen=True, kw_only=True):
    """The first frame of every socket."""

    recovered: bool


class MuteChanged(Event, frozen=True, kw_only=True):
    """A set was accepted; `version` is the one it made."""

    muted: bool
    cause: Cause
    actor: str | None
    intent: Intent | None
    gesture: bool


class StatusChanged(Event, frozen=True, kw_only=True):
    """The device's connection status has changed."""

    status: Status
    cause: Cause
    actor: str | None


class AudioLevelChanged(Event, frozen=True, kw_only=True):
    """A sample of the microphone, 0.0 to 1.0. Lossy: the latest wins."""

    level: float


class Heartbeat(Event, frozen=True, kw_only=True):
    """Says which version is current, so that a lost last event is noticed."""


class FrameRefused(Event, frozen=True, kw_only=True):
    """The answer to a frame that could not be taken."""

    code: str
    message: str


class Pushed(Event, frozen=True, kw_only=True):
    """An object that control wants pushed as it is, already encoded as JSON."""

    body: bytes


class TopicEvent(Event, frozen=True, kw_only=True):
    """An event of a notification topic. `body` is a view; the dialect gives it its shape."""

    topic: str
    suffix: str
    """What follows the user in `topic`."""
    body: object
    correlation_id: str


class ChannelNotice(Event, frozen=True, kw_only=True):
    """A word on `channel.metadata`: the heartbeat, or the answer to a ping."""

    message: str


class ChannelReply(Event, frozen=True, kw_only=True):
    """The answer to a message of a channel's socket. `result` is an HTTP status as text."""

    result: str
    status: str
    message: str
    correlation_id: str | None


class SystemNotice(Event, frozen=True, kw_only=True):
    """A word on a system topic, such as `v2.system.socket_closing`."""

    topic: str
    channel_id: str
    reason: str | None
    message: str
    correlation_id: str


class Emit(msgspec.Struct, frozen=True, kw_only=True):
    """`event` goes to these sockets, in this order, not before `not_before` (org time)."""

    event: Event
    sockets: tuple[str, ...]
    not_before: float


class Close(msgspec.Struct, frozen=True, kw_only=True):
    """The socket is to be closed. Code 1006 means: cut the connection without a close frame."""

    socket_id: str
    code: int
    reason: str


Outbound = Emit | Close
