"""Whether a client comes back by the clock: waits without chance in them.

One client that waits 1, 2, 4, 8 … seconds harms nobody; ten thousand of them, cut off by the same
restart, come back in ten waves. RFC 6455 §7.2.3 asks for a random delay. Told by chance alone:
how likely it is that waits which were drawn look like these.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

import msgspec

from offhook_scenarios.history import History
from offhook_scenarios.oracles.case import Case

CHANCE_MAX = 1e-9
"""As unlikely as this must it be for waits that were drawn."""


class Lockstep(msgspec.Struct, frozen=True, kw_only=True):
    """Waits that nobody has drawn."""

    desk: int
    """Index into the histories."""
    since: float
    at: float
    words: str


class _Outage(msgspec.Struct, frozen=True, kw_only=True):
    """Dials in a row without an event socket between them."""

    dials: tuple[float, ...]

    @property
    def waits_s(self) -> list[float]:
        return [after - before for before, after in pairwise(self.dials)]


def lockstep(case: Case) -> Iterator[Lockstep]:
    """The first outage of each desk in which it repeats itself, or another desk."""
    weather = case.plan.weather
    hair_s = 2 * (weather.latency_s + weather.jitter_s) + case.grace_s
    outages = [list(_outages(history)) for history in case.histories]
    for desk, own in enumerate(outages):
        for outage in own:
            if _chance(_repeated(outage.waits_s, hair_s)) < CHANCE_MAX:
                words = "waits the same from dial to dial, or twice as long"
                yield _found(desk, outage, words)
                break
    for (_, first), (desk, second) in combinations(enumerate(outages), 2):
        for one, other in ((a, b) for a in first for b in second if _overlap(a, b)):
            if _chance(_same(one.waits_s, other.waits_s, hair_s)) < CHANCE_MAX:
                yield _found(desk, other, "waits as another desk does, dial by dial")
                return


def _outages(history: History) -> Iterator[_Outage]:
    """While no event socket was open. Dials for requests are among them: they are drawn too."""
    dials: list[float] = []
    for at in history.dials:
        if dials and _was_up(history, dials[-1], at):
            yield _Outage(dials=tuple(dials))
            dials = []
        dials.append(at)
    if dials:
        yield _Outage(dials=tuple(dials))


def _was_up(history: History, start: float, end: float) -> bool:
    return any(
        stream.at <= end and (stream.ended_at is None or stream.ended_at >= start)
        for stream in history.streams
    )


def _repeated(waits_s: list[float], hair_s: float) -> Iterator[float]:
    """How likely each wait that is as long as the one before, or twice as long, was to be so."""
    for before, wait_s in pairwise(waits_s):
        if min(abs(wait_s - before), abs(wait_s - 2 * before)) <= hair_s:
            yield 4 * hair_s / max(wait_s, 4 * hair_s)


def _same(one: list[float], other: list[float], hair_s: float) -> Iterator[float]:
    """The same of waits that are as long as the other desk's."""
    for mine, wait_s in zip(one, other, strict=False):
        if abs(mine - wait_s) <= hair_s:
            yield 2 * hair_s / max(wait_s, 2 * hair_s)


def _chance(chances: Iterable[float]) -> float:
    product = 1.0
    for each in chances:
        product *= each
    return product


def _overlap(one: _Outage, other: _Outage) -> bool:
    return one.dials[0] <= other.dials[-1] and other.dials[0] <= one.dials[-1]


def _found(desk: int, outage: _Outage, words: str) -> Lockstep:
    waits = ", ".join(f"{wait_s:.1f}" for wait_s in outage.waits_s)
    return Lockstep(
        desk=desk,
        since=outage.dials[0],
        at=outage.dials[-1],
        words=f"no jitter: it {words}: {waits} s",
    )
