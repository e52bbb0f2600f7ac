"""Makes a plan that breaks an invariant shorter and simpler, as long as it breaks the *same* one.

Steps go first, in halves, quarters and one by one (delta debugging), until none can be spared;
then desks, policies, weather and order; then times and arguments. A plan is the simpler the less
JSON it takes. Whether a step can be spared is asked of three networks, because luck must not
keep it; everything else of the one that broke last.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from offhook_scenarios.plan.judgement import Finding, Invariant, Judged
from offhook_scenarios.plan.plan import Plan, PlanError, Step, check_plan, written

SEEDS = 3
"""Networks that are asked before a step is held to be needed."""
RUNS_MAX = 150
GAP_S = 1.0
"""Between steps, where nothing depends on it."""

Play = Callable[[Plan], Judged]
Json = dict[str, Any]

PLAIN = Plan()
KEPT = frozenset({"do", "kind", "match", "when", "muted", "desk", "atS"})
"""What says which step it is, what it hits and when: another value would be another step."""
NEVER_LEFT_OUT = KEPT | {"times", "lastsS"}
"""Without them a step would last longer, or hit more often."""


class NotBrokenError(ValueError):
    """The plan does not break the invariant: there is nothing to shrink."""


class Shrunk(msgspec.Struct, frozen=True, kw_only=True):
    """The simplest plan that was found, played and judged."""

    judged: Judged
    runs: int
    """How many plays it took."""


def shrink(
    plan: Plan,
    invariant: Invariant,
    play: Play,
    *,
    runs_max: int = RUNS_MAX,
    counts: Callable[[Finding], bool] = lambda finding: not finding.advisory,
    told: Callable[[Judged, int], None] = lambda _best, _runs: None,
) -> Shrunk:
    """The simplest plan that still breaks `invariant`, in at most `runs_max` plays.

    `counts` says which findings count at all. `told` hears of the best one after each play.
    Raises `NotBrokenError` when the plan itself does not break the invariant.
    """
    search = _Search(invariant, play, runs_max=runs_max, counts=counts, told=told)
    if not search.breaks(plan):
        raise NotBrokenError(f"The plan of seed {plan.seed} does not break {invariant}.")
    search.drop_steps()
    search.calm_down()
    search.close_gaps()
    search.simplify_steps()
    return Shrunk(judged=search.best, runs=search.runs)


class _Search:
    best: Judged

    def __init__(
        self,
        invariant: Invariant,
        play: Play,
        *,
        runs_max: int,
        counts: Callable[[Finding], bool],
        told: Callable[[Judged, int], None],
    ) -> None:
        self._invariant = invariant
        self._play = play
        self._runs_max = runs_max
        self._counts = counts
        self._told = told
        self._tried: set[bytes] = set()
        self.runs = 0

    @property
    def plan(self) -> Plan:
        """The simplest up to now."""
        return self.best.plan

    def breaks(self, plan: Plan, *, seeds: int = 1) -> bool:
        """Whether it breaks the invariant on one of so many networks; then it is the best."""
        for seed in range(plan.seed, plan.seed + seeds):
            candidate = msgspec.structs.replace(plan, seed=seed)
            key = written(candidate)
            if key in self._tried or self.runs >= self._runs_max:
                continue
            self._tried.add(key)
            self.runs += 1
            judged = self._play(candidate)
            broken = any(
                each.invariant is self._invariant and self._counts(each) for each in judged.findings
            )
            if broken:
                self.best = judged
            if self.runs > 1 or broken:
                self._told(self.best, self.runs)
            if broken:
                return True
        return False

    def _with(self, *, seeds: int = 1, **changes: Any) -> bool:
        """Whether the best plan with these changes is valid, another, and still breaks it."""
        plan = msgspec.structs.replace(self.plan, **changes)
        try:
            check_plan(plan)
        except PlanError:
            return False
        return plan != self.plan and self.breaks(plan, seeds=seeds)

    # Fewer steps.

    def drop_steps(self) -> None:
        """Until none can be spared on any of the networks."""
        if self._with(steps=(), seeds=SEEDS):
            return
        size = len(self.plan.steps) // 2
        while size > 1:
            self._drop(size, seeds=1)
            size //= 2
        while self._drop(1, seeds=1) or self._drop(1, seeds=SEEDS):
            pass

    def _drop(self, size: int, *, seeds: int) -> bool:
        """Spare each so many steps in turn, the last ones first."""
        dropped = False
        for start in range((len(self.plan.steps) - 1) // size * size, -1, -size):
            steps = self.plan.steps
            dropped |= self._with(steps=steps[:start] + steps[start + size :], seeds=seeds)
        return dropped

    # A calmer world.

    def calm_down(self) -> None:
        """Plain weather, tasks in their order, no policies, no more desks than are needed."""
        plain: Json = {"weather": PLAIN.weather, "order": PLAIN.order, "policies": PLAIN.policies}
        if not self._with(**plain):
            for field, value in plain.items():
                self._with(**{field: value})
            for name in self.plan.policies:
                others = {key: self.plan.policies[key] for key in self.plan.policies if key != name}
                self._with(policies=others)
        used = sorted({desk for step in self.plan.steps if (desk := _desk(step)) is not None})
        in_turn = {desk: number for number, desk in enumerate(used, 1)}
        for numbers in (dict.fromkeys(used, 1), in_turn):
            desks = max(numbers.values(), default=1)
            if self._with(desks=desks, steps=_renumbered(self.plan.steps, numbers)):
                return

    # Times and arguments.

    def close_gaps(self) -> None:
        """Steps a second apart, or at full seconds, unless the invariant depends on it."""
        times = [step.at_s for step in self.plan.steps]
        even, at_s = list[float](), 0.0
        for before, now in zip([-1.0, *times], times, strict=False):
            at_s += GAP_S if now > before else 0.0
            even.append(at_s)
        if times == even or self._at(even):
            return
        self._at([float(round(time)) for time in times])
        for place in range(len(times)):
            times = [step.at_s for step in self.plan.steps]
            before = times[place - 1] if place else 0.0
            gap = times[place] - before
            for shorter in (GAP_S, float(round(gap)), max(GAP_S, gap / 2)):
                moved = [*times[:place], *(time - gap + shorter for time in times[place:])]
                if shorter < gap and self._at([round(time, 3) for time in moved]):
                    break

    def _at(self, times: list[float]) -> bool:
        steps = (
            msgspec.structs.replace(step, at_s=at_s)
            for step, at_s in zip(self.plan.steps, times, strict=True)
        )
        return self._with(steps=tuple(steps))

    def simplify_steps(self) -> None:
        """Arguments as they are by default, round, and small."""
        places = range(len(self.plan.steps))
        self._are([_rounded(self._document(place)) for place in places])
        for place in places:
            while any(self._is(place, each) for each in _simpler(self._document(place))):
                pass

    def _document(self, place: int) -> Json:
        document: Json = msgspec.to_builtins(self.plan.steps[place])
        return document

    def _is(self, place: int, document: Json) -> bool:
        documents = [self._document(each) for each in range(len(self.plan.steps))]
        documents[place] = document
        return self._are(documents)

    def _are(self, documents: list[Json]) -> bool:
        whole = {**msgspec.to_builtins(self.plan), "steps": documents}
        try:
            plan = msgspec.convert(whole, Plan)
        except msgspec.ValidationError:
            return False
        return self._with(steps=plan.steps)


def _desk(step: Step) -> int | None:
    desk: int | None = getattr(step, "desk", None)
    return desk


def _renumbered(steps: tuple[Step, ...], numbers: dict[int, int]) -> tuple[Step, ...]:
    return tuple(
        step if (desk := _desk(step)) is None else msgspec.structs.replace(step, desk=numbers[desk])
        for step in steps
    )


def _rounded(document: Json) -> Json:
    """With full seconds, none of them zero."""
    return {
        name: _rounded(value)
        if isinstance(value, dict) and name not in KEPT
        else max(1, round(value))
        if _is_seconds(name, value)
        else value
        for name, value in document.items()
    }


def _simpler(document: Json) -> Iterator[Json]:
    """The same with one thing less, or one number smaller."""
    for name, value in document.items():
        if name not in NEVER_LEFT_OUT:
            yield {key: each for key, each in document.items() if key != name}
        for smaller in _smaller(name, value):
            yield {**document, name: smaller}


def _smaller(name: str, value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and name not in KEPT:
        yield from _simpler(value)
    elif name == "times" and value != 1:
        yield 1
    elif _is_seconds(name, value) and value >= 2:  # noqa: PLR2004 - half of it is a second.
        yield value // 2


def _is_seconds(name: str, value: object) -> bool:
    """Units are the last letter of a name."""
    return name.endswith("S") and name not in KEPT and isinstance(value, int | float)
