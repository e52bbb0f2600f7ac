"""Faults at the level of bytes: a tap sees what is sent and may do something about it.

Order within a connection is never changed: TCP keeps it. What two connections carry may well
overtake each other.
"""

from collections.abc import Callable

import msgspec

from offhook_scenarios.sim.trace import Way


class Sending(msgspec.Struct, frozen=True):
    """A segment on its way out, as its sender wrote it."""

    connection: int
    """Connections are numbered from 1 as they are dialled."""
    way: Way
    source: str
    target: str
    """The names of the hosts."""
    port: int
    """Where the connection was dialled to."""
    count: int
    """Which segment it is of this connection and direction, from 1."""
    data: bytes


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """Arrive `delay_s` later than it would; what follows comes after it."""

    delay_s: float = 0.0


class Hold(msgspec.Struct, frozen=True):
    """Stop here, with all that follows, until the network is healed: half-open."""


class Lose(msgspec.Struct, frozen=True):
    """Never arrive, nor anything after it: half-open, and not to be healed."""


class Drop(msgspec.Struct, frozen=True):
    """It alone never arrives. TCP does no such thing; a gateway that reads messages does."""


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """The first `keep` bytes arrive, then both sides find the connection reset."""

    keep: int = 0


class End(msgspec.Struct, frozen=True, kw_only=True):
    """The first `keep` bytes arrive, then an orderly end; the rest is lost."""

    keep: int = 0


class Drip(msgspec.Struct, frozen=True, kw_only=True):
    """Arrive in pieces of `size` bytes, `gap_s` apart."""

    size: int
    gap_s: float


Action = Pass | Hold | Lose | Drop | Break | End | Drip


class Tap:
    """Does `action` to what `when` is true of, `times` times (None: each time), and counts."""

    def __init__(
        self, when: Callable[[Sending], bool], action: Action, *, times: int | None = 1
    ) -> None:
        self._when = when
        self._action = action
        self._times = times
        self.bites = 0
        """How often it really did something."""

    def __call__(self, sending: Sending) -> Action | None:
        """What to do to this segment; None: nothing."""
        if self._times is not None and self.bites >= self._times:
            return None
        if not self._when(sending):
            return None
        self.bites += 1
        return self._action


def containing(text: bytes, *, way: Way | None = None) -> Callable[[Sending], bool]:
    """True of segments with this text in them."""
    return lambda sending: text in sending.data and way in {None, sending.way}
