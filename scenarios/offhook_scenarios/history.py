"""What happened in one session: values, written by `recorder`, read by judge and report.

All times are seconds since the Unix epoch on the org's clock.
"""

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

import msgspec

from offhook.domain.views import Cause, Status
from offhook_scenarios.adapters.adapter import UNAWARE, Belief, Ending, Version


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


class Press(msgspec.Struct, frozen=True, kw_only=True):
    """The agent pressed the button. `ended_at` None: the client was not done when all ended."""

    at: float
    muted: bool
    ended_at: float | None = None
    ending: Ending | None = None
    """None: the client did not say, or was not done."""


class Write(msgspec.Struct, frozen=True, kw_only=True):
    """A set that the server accepted, no-op sets too."""

    at: float
    device_id: str
    version: Version
    muted: bool
    flipped: bool
    """Whether the value is another now."""
    cause: Cause
    intent: str | None = None
    """`instance:seq`, where the client said which wish it carries."""
    actor: str | None = None
    asked_at: float | None = None
    """When the request that made it arrived; None when no request did."""
    token_id: str | None = None
    """Of that request."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request of the desk, as the server saw it. `at` is its arrival."""

    at: float
    operation: str | None
    token_id: str | None
    status: int | None
    """None: no answer went out."""
    correlation_id: str
    intent: str | None = None
    key: str | None = None
    """Its Idempotency-Key."""
    applied: bool = False
    """Whether it made a set."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A request, as the desk wrote it. `at` is when its last byte was handed to the network."""

    at: float
    connection: int
    method: str
    path: str
    whose: str
    """By which credentials: a name for each, never the secret; empty without any."""
    intent: str | None = None
    key: str | None = None
    if_match: Version | None = None
    muted: bool | None = None
    """What its body asks for."""
    dialled_at: float | None = None
    """When its connection was dialled, of the first on one: it has been on its way since then."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer whose last byte was handed to the desk: from `at` on it is known there."""

    at: float
    connection: int
    status: int
    whose: str = ""
    """Of the request that it answers, as in `Ask`."""
    path: str = ""
    correlation_id: str | None = None
    retry_after_s: float | None = None
    version: Version | None = None
    """The ETag."""
    device_id: str | None = None
    muted: bool | None = None
    """What its body says of a device, where it says something."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A frame whose last byte was handed to the desk. `type` is empty where it is unreadable."""

    at: float
    connection: int
    type: str
    device_id: str | None = None
    version: Version | None = None
    muted: bool | None = None
    recovered: bool = False
    leaving: bool = False
    """The desk had sent its own close frame: it may have been read, or not (RFC 6455 §1.4)."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """An event socket as the desk saw it: from the whole of the 101 to the end of its own side."""

    at: float
    connection: int
    ended_at: float | None = None
    """None: it was open to the end."""
    closed_at: float | None = None
    """When the server's close frame was there; None: none was."""
    code: int | None = None
    """What that said."""


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """Something that every desk must manage in time, on a healthy network, at the end."""

    at: float
    until: float
    """When it must have managed it."""
    wish: bool | None = None
    """The button that was pressed: muted or not. None: every connection was cut."""


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
    presses: tuple[Press, ...] = ()
    writes: tuple[Write, ...] = ()
    """Of every device of the user, whoever made them."""
    requests: tuple[Request, ...] = ()
    asks: tuple[Ask, ...] = ()
    answers: tuple[Answer, ...] = ()
    heard: tuple[Heard, ...] = ()
    streams: tuple[Stream, ...] = ()
    dials: tuple[float, ...] = ()
    """When the desk tried to connect."""
    watched: bool = False
    """Whether the bytes were read: without, asks, answers, frames and streams are unknown."""

    @property
    def surely_heard(self) -> tuple[Heard, ...]:
        """The frames that the desk must have read."""
        return tuple(frame for frame in self.heard if not frame.leaving)

    def between(self, start: float, end: float) -> "History":
        """The slice `[start, end]`, and what was believed and true when it began."""
        changes = {name: _between(getattr(self, name), start, end) for name in _POINTS}
        changes["dials"] = tuple(at for at in self.dials if start <= at <= end)
        for name in ("sightings", "truths"):
            changes[name] = _standing(getattr(self, name), start) + changes[name]
        return msgspec.structs.replace(self, **changes)


_POINTS = (
    "sightings",
    "truths",
    "acts",
    "calls",
    "presses",
    "writes",
    "requests",
    "asks",
    "answers",
    "heard",
)


def _between(entries: tuple[Any, ...], start: float, end: float) -> tuple[Any, ...]:
    return tuple(entry for entry in entries if start <= entry.at <= end)


def _standing(entries: tuple[Any, ...], start: float) -> tuple[Any, ...]:
    """What still held at `start`: the last of what was before."""
    before = [entry for entry in entries if entry.at < start]
    devices = {getattr(entry, "device_id", None): entry for entry in before}
    return tuple(sorted(devices.values(), key=lambda entry: entry.at))


def states(
    history: History, *, before: float = inf
) -> Iterator[tuple[float, Belief, Mapping[str, Truth]]]:
    """When each piece of news came before that time, and what was believed and true after it.

    In order of time. The devices are the same mapping each time, by id.
    """
    belief, devices = UNAWARE, dict[str, Truth]()
    news: list[Sighting | Truth] = [*history.sightings, *history.truths]
    for entry in sorted(news, key=lambda entry: entry.at):
        if entry.at >= before:
            return
        if isinstance(entry, Sighting):
            belief = entry.belief
        else:
            devices[entry.device_id] = entry
        yield entry.at, belief, devices
