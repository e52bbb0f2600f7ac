"""What happened in one session: values only, written by `recorder`, read by judge and report.

All times are seconds since the Unix epoch on the org's clock.
"""

import msgspec

from offhook.domain.views import Cause, Status
from offhook_scenarios.adapters.adapter import Belief


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """From `at` on, the client believed this."""

    at: float
    belief: Belief


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """From `at` on, the server held this of one device."""

    at: float
    device_id: str
    status: Status
    muted: bool
    cause: Cause | None


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody did something: the agent at the desk, or another hand."""

    at: float
    who: str
    what: str
    wish: bool | None = None
    """What the agent at the desk asked for: muted or not; None for every other act."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """A planned fault, from when it was laid out until it was lifted, and when it bit."""

    at: float
    until: float
    name: str
    bites: tuple[float, ...]


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request that the server saw. `status` is None when no answer went out."""

    at: float
    operation: str
    status: int | None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An event socket of the client under judgement, as the server saw it."""

    at: float
    until: float
    stalled: tuple[tuple[float, float], ...] = ()
    """When it was open and dead: nothing written, nothing read."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    """One desk in one session. Every tuple is in order of time."""

    session: str
    desk: str
    began: float
    ended: float
    sightings: tuple[Sighting, ...] = ()
    truths: tuple[Truth, ...] = ()
    acts: tuple[Act, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    calls: tuple[Call, ...] = ()
    links: tuple[Link, ...] = ()
