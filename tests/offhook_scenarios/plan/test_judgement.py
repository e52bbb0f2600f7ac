"""Judging plans: what is a finding and what is not, on hand-written histories and whole runs."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.adapters.adapter import Adapter, Belief, Config, Ending, Shown
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.adapters.reference import ReferenceDesk
from offhook_scenarios.plan.floor import Played
from offhook_scenarios.plan.judgement import Invariant, exposed_s, left_over, run_plan
from offhook_scenarios.plan.plan import Cut, Force, Headset, Partition, Plan, Press, read_plan
from offhook_scenarios.run import DESKS
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim.world import World


def test_exposure_is_the_longest_time_shown_muted_and_heard() -> None:
    story = Story().held(0, muted=False).shows(1, Shown.MUTED).shows(3, Shown.LIVE)
    story = story.shows(4, Shown.MUTED).held(5, muted=True)
    assert exposed_s(story.case()) == 2


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


class Forgetful(NaiveDesk):
    """Leaves a task and a connection behind."""

    async def stop(self) -> None:
        await super().stop()
        self._kept = asyncio.create_task(asyncio.sleep(3600))
        _, _, port = self._config.api.rpartition(":")
        loop = asyncio.get_running_loop()
        self._line, _ = await loop.create_connection(asyncio.Protocol, "server", int(port))


def test_what_outlives_the_stop_is_a_finding() -> None:
    plan = msgspec.structs.replace(PLAN, desks=1, steps=())
    words = " ".join(finding.words for finding in run_plan(plan, lambda _: Forgetful()).findings)
    assert "a task was left over, in " in words
    assert "of desk 1 was left open" in words


def test_nothing_is_left_over_in_an_empty_world() -> None:
    with World(1) as world:
        assert left_over(world) == []


def test_two_presses_of_one_instant_are_in_the_order_in_which_the_client_hears_of_them() -> None:
    # A random order of tasks may swap them: judged by the plan's order this looked like I8.
    both = (Press(at_s=2, muted=False), Press(at_s=2, muted=True))
    for seed in range(8):
        plan = Plan(seed=seed, order=Order.RANDOM, steps=both)
        assert run_plan(plan, DESKS["reference"]).findings == (), seed


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


FOUND = sorted((Path(__file__).parent / "found").glob("*.json"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_what_once_was_found_stays_mended(path: Path) -> None:
    assert run_plan(read_plan(path.read_bytes()), DESKS["reference"]).findings == ()


def test_nothing_that_was_found_is_forgotten() -> None:
    assert len(FOUND) == 16
