"""A session by hand: judged at each step, and a plan again in the end."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from offhook_scenarios.adapters.adapter import Adapter, Belief, Config, Ending
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.adapters.reference import ReferenceDesk
from offhook_scenarios.check.setup import quiet
from offhook_scenarios.drivers.live import LiveSession
from offhook_scenarios.mutants.registry import MUTANTS
from offhook_scenarios.plan.judgement import Invariant, run_plan
from offhook_scenarios.plan.plan import Cut, Force, Partition, Plan, PlanError, Press, Wire
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.plan.wire import Drop, When
from offhook_scenarios.run import DESKS
from offhook_scenarios.sim.ready import Order

REFERENCE, NAIVE = DESKS["reference"], DESKS["naive"]


@pytest.mark.parametrize("seed", range(20, 30))
def test_what_was_done_is_a_plan_that_does_the_same(seed: int) -> None:
    plan = msgspec.structs.replace(generate(seed), order=Order.FIFO)
    with LiveSession(REFERENCE, msgspec.structs.replace(plan, steps=())) as session:
        at_s = 0.0
        for step in sorted(plan.steps, key=lambda step: step.at_s):
            session.advance(step.at_s - at_s)
            at_s = step.at_s
            assert session.findings() == ()
            session.do(step)
        judged = session.end()
    with quiet():
        assert judged == run_plan(session.plan, REFERENCE)


def test_bytes_of_an_event_socket_are_told_from_others_in_a_session_by_hand() -> None:
    with LiveSession(REFERENCE) as session:
        session.do(Wire(at_s=0, when=When(link="events"), action=Drop(), lasts_s=20))
        session.advance(20)
        assert session.played.bites == {"wire drop": 1}


def test_a_lie_is_found_while_it_lasts() -> None:
    with LiveSession(NAIVE) as session:
        session.advance(1)
        session.do(Press(at_s=0, muted=True))
        session.advance(1)
        session.do(Cut(at_s=0))
        session.do(Force(at_s=0, muted=False))
        session.advance(5)
        assert Invariant.I2 not in {each.invariant for each in session.findings()}
        session.advance(60)
        assert Invariant.I2 in {each.invariant for each in session.findings()}
        assert session.played.histories[0].sightings


def test_what_only_the_end_can_tell_waits_for_it() -> None:
    with LiveSession(NAIVE) as session:
        session.advance(1)
        assert session.findings() == ()
        assert Invariant.I1 in {each.invariant for each in session.end().findings}


def test_a_trouble_may_last_beyond_the_last_step() -> None:
    with LiveSession(REFERENCE) as session:
        session.do(Partition(at_s=0, lasts_s=30))
        assert session.end().findings == ()


def test_a_desk_that_there_is_not_is_refused() -> None:
    with LiveSession(REFERENCE) as session, pytest.raises(PlanError, match="about desk 2"):
        session.do(Cut(at_s=0, desk=2))


class Stuck(ReferenceDesk):
    """Runs in a circle once it is pressed."""

    async def set_mute(self, muted: bool) -> Ending:  # noqa: FBT001 - the Protocol's signature.
        while muted:  # noqa: ASYNC110 - a circle is what is wanted.
            await asyncio.sleep(0)
        return Ending.FAILED


def test_one_that_runs_in_a_circle_is_found_and_left() -> None:
    with LiveSession(lambda _: Stuck()) as session:
        session.do(Press(at_s=0, muted=True))
        session.advance(1)
        assert [each.invariant for each in session.findings()] == [Invariant.I0]
        session.advance(1)
        assert Invariant.I0 in {each.invariant for each in session.end().findings}


class Endless(ReferenceDesk):
    """Never comes to the end of its stop."""

    async def stop(self) -> None:
        await super().stop()
        await asyncio.get_running_loop().create_future()


def test_one_whose_stop_has_no_end_is_found_as_in_a_plan() -> None:
    with LiveSession(lambda _: Endless()) as session:
        judged = session.end()
    assert [each.invariant for each in judged.findings] == [Invariant.I10]
    with quiet():
        played = run_plan(Plan(), lambda _: Endless())
    assert [each.invariant for each in played.findings] == [Invariant.I10]
    assert "stop() had not ended 30 s after the stop, in Endless.stop" in played.findings[0].words
    assert judged.digest == played.digest


def test_a_task_that_outlives_the_stop_is_found_as_in_a_plan() -> None:
    with LiveSession(MUTANTS["task_per_dial"].make) as session:
        judged = session.end()
    assert {each.invariant for each in judged.findings} == {Invariant.I10}
    assert "a task was left over, in " in judged.findings[0].words


class Unwilling(NaiveDesk):
    """Does not start."""

    async def start(self, _config: Config, _tell: Callable[[Belief], None]) -> None:
        raise OSError("no")


def test_a_client_that_does_not_start_leaves_nothing_behind() -> None:
    made: list[Adapter] = []

    def make(_seed: int) -> Adapter:
        made.append(Unwilling())
        return made[-1]

    with pytest.raises(OSError, match="no"):
        LiveSession(make, Plan())
    assert len(made) == 1
