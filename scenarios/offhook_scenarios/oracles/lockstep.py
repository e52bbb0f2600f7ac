"""Whether a client comes back by the clock: waits without chance in them.

One client that waits 1, 2, 4, 8 … seconds harms nobody; ten thousand of them, cut off by the same
restart, come back in ten waves. RFC 6455 §7.2.3 asks for a random delay. Told by chance alone:
how likely it is that waits which were drawn look like these.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from math import inf, prod
from typing import TypeGuard

import msgspec

from offhook.faults.kinds import DelayFault
from offhook_scenarios.history import History
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.plan.plan import Fault, HalfOpen, Partition, Refuse, Step, Wire

CHANCE_MAX = 1e-8
"""As unlikely as this must it be for waits that were drawn."""


_TOLD = 8
"""So many waits are told, the first ones."""


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


_Match = tuple[bool, float]
"""Whether two waits are alike, and how likely drawn ones are to be."""


def lockstep(case: Case) -> Iterator[Lockstep]:
    """The first outage of each desk in which it repeats itself, or another desk."""
    weather = case.plan.weather
    hair_s = 2 * (weather.latency_s + weather.jitter_s) + case.grace_s
    outages = [list(_outages(case, history)) for history in case.histories]
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


def _outages(case: Case, history: History) -> Iterator[_Outage]:
    """While no event socket was open. Dials for requests are among them: they are drawn too.

    Not while dials may go unanswered: how long one is waited for is a constant of every client,
    and the wait that was drawn is the smaller part of what is seen.
    """
    unheard = [
        (history.began + step.at_s, history.began + step.at_s + (step.lasts_s or inf))
        for step in case.plan.steps
        if _leaves_unanswered(step)
    ]
    dials: list[float] = []
    for at in history.dials:
        if any(start <= at < end for start, end in unheard):
            if dials:
                yield _Outage(dials=tuple(dials))
            dials = []
            continue
        if dials and _was_up(history, dials[-1], at):
            yield _Outage(dials=tuple(dials))
            dials = []
        dials.append(at)
    if dials:
        yield _Outage(dials=tuple(dials))


def _leaves_unanswered(step: Step) -> TypeGuard[Refuse | Partition | HalfOpen | Wire | Fault]:
    match step:
        case Refuse(silent=silent):
            return silent
        case Fault(rule=rule):
            return isinstance(rule.fault, DelayFault)
        case Partition() | HalfOpen() | Wire():
            return True
    return False


def _was_up(history: History, start: float, end: float) -> bool:
    return any(
        stream.at <= end and (stream.ended_at is None or stream.ended_at >= start)
        for stream in history.streams
    )


def _repeated(waits_s: list[float], hair_s: float) -> Iterator[_Match]:
    """Whether each wait is as long as the one before, or twice as long."""
    for before, wait_s in pairwise(waits_s):
        alike = min(abs(wait_s - before), abs(wait_s - 2 * before)) <= hair_s
        yield alike, 4 * hair_s / max(wait_s, 4 * hair_s)


def _same(one: list[float], other: list[float], hair_s: float) -> Iterator[_Match]:
    """Whether each wait is as long as the other desk's."""
    for mine, wait_s in zip(one, other, strict=False):
        yield abs(mine - wait_s) <= hair_s, 2 * hair_s / max(wait_s, 2 * hair_s)


def _chance(matches: Iterable[_Match]) -> float:
    """How likely it is that at least so many are alike, of waits that were drawn.

    The tail of a Poisson binomial distribution: those that are not alike count as well, or a long
    outage would look suspicious by its length.
    """
    found = list(matches)
    count = sum(alike for alike, _ in found)
    if prod(p for _, p in found) > CHANCE_MAX:
        return 1.0  # Not even if all were.
    exactly = [1.0, *[0.0] * count]
    """That 0, 1, … are; the last stands for `count` or more."""
    for _, p in found:
        exactly[count] += exactly[count - 1] * p if count else 0.0
        for k in range(count - 1, 0, -1):
            exactly[k] = exactly[k] * (1 - p) + exactly[k - 1] * p
        if count:
            exactly[0] *= 1 - p
    return exactly[count]


def _overlap(one: _Outage, other: _Outage) -> bool:
    return one.dials[0] <= other.dials[-1] and other.dials[0] <= one.dials[-1]


def _found(desk: int, outage: _Outage, words: str) -> Lockstep:
    waits = [f"{wait_s:.1f}" for wait_s in outage.waits_s]
    rest = f", … s, {len(waits)} waits in all" if len(waits) > _TOLD else " s"
    return Lockstep(
        desk=desk,
        since=outage.dials[0],
        at=outage.dials[-1],
        words=f"no jitter: it {words}: {', '.join(waits[:_TOLD])}{rest}",
    )
