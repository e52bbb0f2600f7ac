"""The org's clock: read it, move it, hold it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from offhook.api.answer import json_answer, stamp
from offhook.api.exchange import Advance, Response
from offhook.api.operation import Call, Outcome
from offhook.control.rows import row
from offhook.tenancy import Tenancy

MAX_ADVANCE_S = 31 * 86_400.0
"""The longest step of one request: every deadline on the way is met, which takes its time."""


class ClockBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The clock at one moment, in seconds since the Unix epoch."""

    now: float
    at: str
    """`now` as ISO 8601."""
    mode: str
    speed: float
    paused: bool
    next_deadline: float | None
    """When the org does something by itself next; None when it waits for nothing.

    What a fault keeps waiting is not counted: it is no state of the org.
    """


class AdvanceBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far to move the clock."""

    seconds: Annotated[float, Meta(ge=0, le=MAX_ADVANCE_S)]


def clock_body(tenancy: Tenancy) -> ClockBody:
    """The clock as it stands."""
    clock = tenancy.clock
    now = clock.now()
    return ClockBody(
        now=now,
        at=stamp(now),
        mode=clock.mode,
        speed=clock.speed,
        paused=clock.paused,
        next_deadline=tenancy.next_deadline(),
    )


def _answer(tenancy: Tenancy) -> Response:
    return json_answer(200, clock_body(tenancy))


def _get(call: Call) -> Response:
    return _answer(call.tenancy)


def _advance(call: Call) -> Advance:
    return Advance(seconds=call.body.seconds, then=lambda: _answer(call.tenancy))


def _pause(call: Call) -> Response:
    call.tenancy.clock.pause()
    return _answer(call.tenancy)


def _resume(call: Call) -> Response:
    call.tenancy.clock.resume()
    return _answer(call.tenancy)


_CLOCK = {200: Outcome(meaning="The clock as it stands now.", body=ClockBody)}

OPERATIONS = (
    row("getClock", "GET", "/clock", "Read the clock", _get, outcomes=_CLOCK),
    row(
        "advanceClock",
        "POST",
        "/clock/advance",
        "Move the clock; every deadline on the way is met in order",
        _advance,
        body=AdvanceBody,
        outcomes=_CLOCK,
    ),
    row("pauseClock", "POST", "/clock/pause", "Hold the clock", _pause, outcomes=_CLOCK),
    row("resumeClock", "POST", "/clock/resume", "Let the clock run", _resume, outcomes=_CLOCK),
)
