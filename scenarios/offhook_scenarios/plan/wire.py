"""What a plan may do to bytes on their way: to which, and what. The JSON of a `wire` step.

A *segment* is what one side wrote at once in the simulation, and what one read of the socket
gave on the wire: an HTTP request, an answer, one frame or a few.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

DELAY_MAX_S = 3_600.0

_Count = Annotated[int, Meta(ge=1, le=1_000_000)]
_Text = Annotated[str, Meta(min_length=1, max_length=1_000)]
_Keep = Annotated[int, Meta(ge=0, le=1_000_000, description="bytes that still arrive")]
_Delay = Annotated[float, Meta(gt=0, le=DELAY_MAX_S, description="seconds")]


class _Struct(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename="camel",
):
    """The root of what is written in a `wire` step."""


class When(_Struct, frozen=True, kw_only=True):
    """Which segments are meant. A field that is null asks for nothing."""

    way: Literal["up", "down"] | None = None
    """`up` is from the desk to the server."""
    contains: _Text | None = None
    """This text, in UTF-8. What a desk sends over a WebSocket is masked, and never contains it."""
    link: Literal["http", "events"] | None = None
    """`events`: connections that became WebSockets, their upgrade included."""
    nth: _Count = 1
    """The n-th that fits, from 1, since the step began; with `times`, from that one on."""


class _Action(_Struct, frozen=True, kw_only=True, tag_field="do"):
    """The root of what befalls a segment."""


class Delay(_Action, frozen=True, kw_only=True, tag="delay"):
    """It arrives later, and what follows on its connection comes after it."""

    delay_s: _Delay


class Hold(_Action, frozen=True, kw_only=True, tag="hold"):
    """It stops, with all that follows in its direction, until the step is healed."""


class Lose(_Action, frozen=True, kw_only=True, tag="lose"):
    """It never arrives, nor anything after it in its direction: half-open for good."""


class Drop(_Action, frozen=True, kw_only=True, tag="drop"):
    """It alone never arrives; what follows does. A gateway does that, TCP does not."""


class Break(_Action, frozen=True, kw_only=True, tag="break"):
    """The first `keep` bytes arrive, then both sides find the connection reset."""

    keep: _Keep = 0


class End(_Action, frozen=True, kw_only=True, tag="end"):
    """The first `keep` bytes arrive, then an orderly end; the rest is lost."""

    keep: _Keep = 0


class Drip(_Action, frozen=True, kw_only=True, tag="drip"):
    """It arrives in pieces of `size` bytes, `gapS` apart."""

    size: _Count = 8
    gap_s: _Delay = 0.2


Action = Delay | Hold | Lose | Drop | Break | End | Drip
