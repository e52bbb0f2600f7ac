"""What the org says about itself.

`Event`s are facts about a device. `Outbound`s tell the shell which sockets hear of them:
they are asked for with `Org.take_outbound()`, and asking empties it.
"""

import msgspec

from offhook.domain.version import Intent, Version
from offhook.domain.views import Cause, Status


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact about one device. `at` is in seconds since the Unix epoch, on the org's clock."""

    device_id: str
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
