"""Judging plans: what is a finding and what is not, on hand-written histories and whole runs."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from offhook.domain.views import Status
from offhook_scenarios.adapters.adapter import Adapter, Belief, Config, Ending, Shown
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.adapters.reference import ReferenceDesk
from offhook_scenarios.history import History, Sighting, Truth
from offhook_scenarios.plan.bounds import Bounds
from offhook_scenarios.plan.floor import Played
from offhook_scenarios.plan.judgement import (
    Invariant,
    exposed_s,
    lies,
    right_since,
    run_plan,
    unsettled,
)
from offhook_scenarios.plan.plan import Cut, Force, Headset, Partition, Plan, Press, read_plan
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.run import DESKS

LIMITS = Bounds(exposure_s=10, convergence_s=50)


def history(*news: tuple[float, Shown | bool]) -> History:
    """From (time, what the screen says | whether the server holds it muted)."""
    return History(
        session="s",
        desk="desk 1",
        began=0.0,
        ended=100.0,
        sightings=tuple(
            Sighting(at=at, belief=Belief(shown=what))
            for at, what in news
            if isinstance(what, Shown)
        ),
        truths=tuple(
            Truth(at=at, device_id="d", status=Status.CONNECTED, muted=what, cause=None)
            for at, what in news
            if isinstance(what, bool)
        ),
    )


@pytest.mark.parametrize(
    ("shown", "muted", "lasts_s", "found"),
    [
        (Shown.MUTED, False, 10.0, []),
        (Shown.MUTED, False, 10.1, [Invariant.I2]),
        (Shown.LIVE, True, 10.0, []),
        (Shown.LIVE, True, 10.1, [Invariant.I3]),
        (Shown.UNKNOWN, False, 90.0, []),
    ],
)
def test_a_lie_is_a_finding_beyond_the_bound_only(
    shown: Shown, *, muted: bool, lasts_s: float, found: list[Invariant]
) -> None:
    told = history((0, muted), (1, shown), (1 + lasts_s, Shown.UNKNOWN))
    assert [finding.invariant for finding in lies(told, LIMITS)] == found


def test_exposure_is_the_longest_time_shown_muted_and_heard() -> None:
    told = history((0, False), (1, Shown.MUTED), (3, Shown.LIVE), (4, Shown.MUTED), (5, True))
    assert exposed_s(told) == 2


@pytest.mark.parametrize(
    ("news", "since"),
    [
        (((0, True), (1, Shown.MUTED)), 1),
        (((0, True), (1, Shown.MUTED), (2, Shown.UNKNOWN), (3, Shown.MUTED)), 3),
        (((0, True), (1, Shown.UNKNOWN)), None),
        (((0, True), (1, Shown.LIVE)), None),
        (((0, True), (1, Shown.MUTED), (50, False)), 1),
        (((0, True), (1, Shown.MUTED), (49, False)), None),
    ],
)
def test_a_screen_is_right_since_it_says_what_is_so(
    news: tuple[tuple[float, Shown | bool], ...], since: float | None
) -> None:
    told = history(*news)
    assert right_since(told, 50) == since
    played = Played(histories=(told,), checkpoints=(0,), judged=(50,))
    found = [finding.invariant for finding in unsettled(told, played, LIMITS)]
    assert found == ([] if since is not None else [Invariant.I1])


PLAN = Plan(
    seed=3,
    desks=2,
    steps=(
        Press(at_s=2, muted=True),
        Partition(at_s=4, lasts_s=20),
        Force(at_s=6, muted=False),
        Cut(at_s=30, desk=2),
        Headset(at_s=30, desk=2, muted=True),
    ),
)


def test_the_reference_desk_passes_and_the_figures_are_told() -> None:
    judged = run_plan(PLAN, DESKS["reference"])
    assert judged.findings == ()
    assert len(judged.converged_s) == 4
    assert judged.elapsed_s > 60
    assert judged == run_plan(PLAN, DESKS["reference"])


def test_who_watches_sees_what_happened() -> None:
    seen: list[Played] = []
    run_plan(PLAN, DESKS["reference"], watch=seen.append)
    assert [history.desk for history in seen[0].histories] == ["desk 1", "desk 2"]


def test_the_naive_desk_is_found_out() -> None:
    found = {finding.invariant for finding in run_plan(PLAN, DESKS["naive"]).findings}
    assert {Invariant.I1, Invariant.I2} <= found


class Stuck(ReferenceDesk):
    """Waits for what never comes, in a circle."""

    async def set_mute(self, muted: bool) -> Ending:  # noqa: FBT001 - the Protocol's signature.
        while muted:  # noqa: ASYNC110 - a circle is what is wanted.
            await asyncio.sleep(0)
        return Ending.OK


class Careless(NaiveDesk):
    """Breaks where nobody looks."""

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        await super().start(config, tell)
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)


@pytest.mark.parametrize(
    ("make", "invariant", "words"),
    [
        (lambda _: Stuck(), Invariant.I0, "runs in a circle"),
        (lambda _: Careless(), Invariant.I10, "ZeroDivisionError"),
    ],
)
def test_a_client_that_hangs_or_breaks_is_a_finding(
    make: Callable[[int], Adapter], invariant: Invariant, words: str
) -> None:
    plan = msgspec.structs.replace(PLAN, desks=1, steps=PLAN.steps[:1])
    found = run_plan(plan, make).findings
    (finding,) = (each for each in found if each.invariant is invariant)
    assert words in finding.words


@pytest.mark.parametrize("seed", range(1, 61))
def test_generated_plans_find_nothing_in_the_reference_desk(seed: int) -> None:
    assert run_plan(generate(seed), DESKS["reference"]).findings == ()


FOUND = sorted((Path(__file__).parent / "found").glob("*.json"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_what_once_was_found_stays_mended(path: Path) -> None:
    assert run_plan(read_plan(path.read_bytes()), DESKS["reference"]).findings == ()


def test_nothing_that_was_found_is_forgotten() -> None:
    assert len(FOUND) == 3


@pytest.mark.nightly
def test_five_thousand_generated_plans_find_nothing_in_the_reference_desk() -> None:
    for seed in range(5_000):
        assert run_plan(generate(seed), DESKS["reference"]).findings == (), seed
