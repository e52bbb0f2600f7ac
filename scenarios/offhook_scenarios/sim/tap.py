"""Faults at the level of bytes: a tap sees what is sent and may do something about it.

A tap is a function from a `Sending` to an `Action`, or to None: let the next one look.

Order within a connection is never changed: TCP keeps it. What two connections carry may well
overtake each other.
"""

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
