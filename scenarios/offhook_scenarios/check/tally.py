"""The sum of what was judged, in memory that does not grow with the number of sessions."""

from collections import Counter
from collections.abc import Callable

import msgspec

from offhook_scenarios.faults.catalogue import KINDS
from offhook_scenarios.plan.judgement import Finding, Invariant, Judged


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """A distribution, in seconds, to a hundredth."""

    p50: float
    p99: float
    max: float


class Unjudged(msgspec.Struct, frozen=True, kw_only=True):
    """An invariant that could not be judged."""

    why: str
    """The commonest reason."""
    sessions: int
    """In how many, for whatever reason."""


class Tally:
    """Sums, and for each invariant the broken session of the fewest steps, then the lowest seed.

    The order in which sessions are added makes no difference. `counts` says which findings do.
    """

    def __init__(self, *, budget_s: float, counts: Callable[[Finding], bool]) -> None:
        self.budget_s = budget_s
        self._counts = counts
        self.sessions = 0
        self.virtual_s = 0.0
        self.broken = Counter[str]()
        """In how many sessions each invariant broke."""
        self.advised = Counter[str]()
        """The same of findings that do not count."""
        self.excused = Counter[tuple[str, str, str]]()
        """In how many sessions each invariant was excused, by policy and reason."""
        self.failed = 0
        self.exposed_s = 0.0
        self.over_budget = 0
        self.bites = Counter[str]()
        self._not_judged = Counter[tuple[str, str]]()
        """In how many sessions each invariant could not be judged of this client, by reason."""
        self._converged = Counter[float]()
        """Hundredths of a second: they are bounded, and sessions are not."""
        self._candidates: dict[Invariant, Judged] = {}

    def add(self, judged: Judged) -> None:
        """Count one session."""
        self.sessions += 1
        self.virtual_s += judged.elapsed_s
        self.exposed_s = max(self.exposed_s, judged.exposed_s)
        self.over_budget += judged.exposed_s > self.budget_s
        self.bites.update(judged.bites)
        self._not_judged.update((each.value, why) for each, why in judged.not_judged.items())
        self._converged.update(round(each, 2) for each in judged.converged_s)
        counting = {each.invariant for each in judged.findings if self._counts(each)}
        other = {each.invariant for each in judged.findings} - counting
        self.failed += bool(counting)
        self.broken.update(each.value for each in counting)
        self.advised.update(each.value for each in other)
        self.excused.update(
            {(each.finding.invariant.value, each.policy, each.reason) for each in judged.excused}
        )
        for invariant in counting:
            best = self._candidates.get(invariant)
            if best is None or _length(judged) < _length(best):
                self._candidates[invariant] = judged

    @property
    def candidates(self) -> dict[Invariant, Judged]:
        """What to shrink, for each invariant that broke, in the order of their names."""
        return {each: self._candidates[each] for each in Invariant if each in self._candidates}

    @property
    def not_judged(self) -> dict[str, Unjudged]:
        """What could not be judged of this client in some session, by invariant."""
        # The commonest reason at last, which stays.
        by_count = sorted(self._not_judged.items(), key=lambda each: (each[1], each[0]))
        found: dict[str, Unjudged] = {}
        for (invariant, why), count in by_count:
            before = found[invariant].sessions if invariant in found else 0
            found[invariant] = Unjudged(why=why, sessions=before + count)
        return found

    @property
    def never_bit(self) -> list[str]:
        """Kinds of trouble that never bit, those that no session had too."""
        return sorted(name for name in KINDS if not self.bites[name])

    def converged(self) -> Spread | None:
        """How long screens took to be right once all was quiet."""
        if not self._converged:
            return None
        return Spread(p50=self._quantile(0.5), p99=self._quantile(0.99), max=max(self._converged))

    def _quantile(self, share: float) -> float:
        left = min(self._converged.total() - 1, int(self._converged.total() * share))
        for value in sorted(self._converged):
            left -= self._converged[value]
            if left < 0:
                return value
        raise AssertionError("a share of more than all")


def _length(judged: Judged) -> tuple[int, int]:
    return len(judged.plan.steps), judged.plan.seed
