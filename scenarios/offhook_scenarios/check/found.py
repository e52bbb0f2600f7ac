"""From sessions that broke to the shortest ones: shrunk, and held against the reference client."""

from collections.abc import Callable, Iterable

import msgspec

from offhook_scenarios.check.clients import find_client
from offhook_scenarios.check.repeat import divergence
from offhook_scenarios.check.setup import PLAYS_MAX, Network, Setup
from offhook_scenarios.drivers.shrink import SEEDS, NotBrokenError, Shrunk, shrink
from offhook_scenarios.plan.judgement import Finding, Invariant, Judged
from offhook_scenarios.plan.plan import Plan, written
from offhook_scenarios.sim.trace import Divergence

REFERENCE = "reference"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """An invariant that broke, and the shortest session in which it does."""

    invariant: Invariant
    first: Judged
    """The session that was shrunk."""
    shrunk: Shrunk
    reference_breaks: bool | None
    """Whether the reference client breaks it too in the shrunk session, on any of three
    networks; None: it was not asked."""
    repeats: bool = True
    """Whether the session broke again when it was played again."""
    divergence: Divergence | None = None
    """Where two more plays of one that did not part; None: they did not, or were not played."""

    @property
    def judged(self) -> Judged:
        """The shrunk session."""
        return self.shrunk.judged

    @property
    def plan(self) -> Plan:
        """What is played in it."""
        return self.judged.plan

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What was found of this invariant in it."""
        return tuple(each for each in self.judged.findings if each.invariant is self.invariant)


Told = Callable[[Invariant, Judged, int], None]


def find_shortest(
    candidates: dict[Invariant, Judged],
    setup: Setup,
    *,
    told: Told = lambda _invariant, _best, _runs: None,
) -> list[Found]:
    """The shortest session of each invariant, the shortest of all at first.

    `told` hears of the best session of an invariant after each play, and of the plays so far.
    """
    return _in_order(_found(each, judged, setup, told) for each, judged in candidates.items())


def as_they_are(candidates: dict[Invariant, Judged]) -> list[Found]:
    """The same without making them any shorter, for who has no time."""
    return _in_order(_unshrunk(each, judged) for each, judged in candidates.items())


def _in_order(found: Iterable[Found]) -> list[Found]:
    return sorted(found, key=lambda each: (len(each.plan.steps), len(written(each.plan))))


def _unshrunk(
    invariant: Invariant,
    judged: Judged,
    *,
    repeats: bool = True,
    parted: Divergence | None = None,
) -> Found:
    return Found(
        invariant=invariant,
        first=judged,
        shrunk=Shrunk(judged=judged, runs=0),
        reference_breaks=None,
        repeats=repeats,
        divergence=parted,
    )


def _found(invariant: Invariant, judged: Judged, setup: Setup, told: Told) -> Found:
    try:
        shrunk = shrink(
            judged.plan,
            invariant,
            setup.play,
            runs_max=PLAYS_MAX[setup.played_on],
            counts=setup.counts,
            told=lambda best, runs: told(invariant, best, runs),
        )
    except NotBrokenError:
        parted = None
        if setup.played_on is Network.SIM:
            parted = divergence(judged.plan, find_client(setup.client))
        return _unshrunk(invariant, judged, repeats=False, parted=parted)
    own = setup.client == REFERENCE
    breaks = None if own else _reference_breaks(invariant, shrunk.judged.plan, setup)
    return Found(invariant=invariant, first=judged, shrunk=shrunk, reference_breaks=breaks)


def _reference_breaks(invariant: Invariant, plan: Plan, setup: Setup) -> bool:
    reference = msgspec.structs.replace(setup, client=REFERENCE)
    plans = (
        msgspec.structs.replace(plan, seed=seed) for seed in range(plan.seed, plan.seed + SEEDS)
    )
    return any(
        finding.invariant is invariant
        for each in plans
        for finding in reference.broken(reference.play(each))
    )
