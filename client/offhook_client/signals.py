"""What can happen to the protocol, and what it asks of the shell. Values only.

Contract of the shell, without which the promises do not hold:

* Each `SendMute` is answered by exactly one of `Accepted`, `Refused`, `Lost`, `Unsent`; but a
  new `SendMute` abandons the one before (an event has told what became of it), and so does `Gone`.
* At most one snapshot is being read: `AskSnapshot` abandons the one before it, and so do
  `LinkLost` and `Gone`. A snapshot is read from the server *after* it was asked for.
* Frames are handed over in the order in which they came; none of a socket after its `LinkLost`.
* `MoveGate` is carried out before any output that follows it.
"""

from enum import StrEnum

import msgspec

from offhook_client.models import Gate, Version


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """The root of all inputs."""


class Toggled(Signal, frozen=True, kw_only=True):
    """The person wants this."""

    muted: bool


class Snapshot(Signal, frozen=True, kw_only=True):
    """The body of a read. `asked` and `asked_at` are its `lastIntent`."""

    muted: bool
    version: Version | None
    cause: str | None
    status: str
    asked: bool | None = None
    asked_at: Version | None = None


class Established(Signal, frozen=True, kw_only=True):
    """`GET …/clients/me` gave this device; no socket is open yet."""

    client_id: str
    snapshot: Snapshot
    again: bool = False
    """It is the one that was thought gone: what was known of its versions still counts."""


class Gone(Signal, frozen=True, kw_only=True):
    """404 or close code 4404: the device is no more, as far as the server says.

    Nothing known of it holds any longer, unless it is `Established` again.
    """


class Dialling(Signal, frozen=True, kw_only=True):
    """The event socket is about to be opened."""


class Subscribed(Signal, frozen=True, kw_only=True):
    """The first frame. `recovered`: everything missed since `since` follows, in order."""

    version: Version | None
    recovered: bool = False


class LinkLost(Signal, frozen=True, kw_only=True):
    """The event socket is closed, or held for dead."""


class MuteEvent(Signal, frozen=True, kw_only=True):
    """`muteChanged`. `seq` only when the intent is one of this very instance."""

    muted: bool
    version: Version | None
    cause: str
    gesture: bool = False
    seq: int | None = None


class StatusEvent(Signal, frozen=True, kw_only=True):
    """`connectionStatusChanged`."""

    status: str
    version: Version | None = None


class Beat(Signal, frozen=True, kw_only=True):
    """Any other frame that carries the version: heartbeat, audio level."""

    version: Version | None = None


class Garbled(Signal, frozen=True, kw_only=True):
    """A frame that could not be read: what it said is unknown."""


class Accepted(Signal, frozen=True, kw_only=True):
    """The mute of this generation was answered 2xx, with this `ETag`."""

    generation: int
    version: Version | None


class Why(StrEnum):
    """Why a mute was refused."""

    PRECONDITION = "412"
    STALE = "stale.intent"
    NOT_CONNECTED = "409"
    FORCED = "forced"
    FINAL = "final"


class Refused(Signal, frozen=True, kw_only=True):
    """The mute of this generation was refused and had no effect."""

    generation: int
    why: Why


class Lost(Signal, frozen=True, kw_only=True):
    """No answer: the mute of this generation may have had its effect, or may yet have it."""

    generation: int


class Unsent(Signal, frozen=True, kw_only=True):
    """The mute of this generation certainly had no effect and may be sent again."""

    generation: int


class Timer(Signal, frozen=True, kw_only=True):
    """Time has passed; `step`'s `elapsed_s` says how much."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """The root of all outputs."""


class MoveGate(Order, frozen=True, kw_only=True):
    """Cut or open the local track, now."""

    position: Gate


class SendMute(Order, frozen=True, kw_only=True):
    """Send the mute. The same `generation` and `if_match` again means: the same key again."""

    generation: int
    muted: bool
    if_match: Version | None
    reassertion: bool = False

    def key(self, instance: str) -> str:
        """The `Idempotency-Key`: one for each distinct request of an instance."""
        return f"{instance}:{self.generation}:{self.if_match or 'any'}"


class AskSnapshot(Order, frozen=True, kw_only=True):
    """Read the device (again): `GET …/clients/me`."""

    reason: str


class Establish(Order, frozen=True, kw_only=True):
    """Get a device with `GET …/clients/me`, then open its socket."""


class Outcome(StrEnum):
    """How a wish ended."""

    CONFIRMED = "confirmed"
    OVERTAKEN = "overtaken"
    FORCED = "forced"
    REFUSED = "refused"
    CONFLICT = "conflict"


class Tell(Order, frozen=True, kw_only=True):
    """The wish of this generation has ended so. `conflict` concerns whatever is desired."""

    outcome: Outcome
    generation: int
