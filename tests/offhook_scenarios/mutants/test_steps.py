"""Short names for steps: each makes the step that it reads like."""

import pytest

from offhook.faults.rule import Match
from offhook_scenarios.mutants import steps
from offhook_scenarios.plan.plan import Fault, Plan, Step, check_plan, read_plan, written

STEPS: dict[str, Step] = {
    "mute": steps.mute(1),
    "unmute": steps.unmute(1),
    "force": steps.force(1, muted=True),
    "headset": steps.headset(1, muted=True),
    "cut": steps.cut(1),
    "answered": steps.answered(1, steps.MUTE, 429, retry_after_s=3),
    "slow": steps.slow(1, steps.READ, 2.0),
    "answer_lost": steps.answer_lost(1, steps.MUTE),
    "news_late": steps.news_late(1, 2.0),
    "news_overtaken": steps.news_overtaken(1, 2.0),
    "news_lost": steps.news_lost(1),
    "news_twice": steps.news_twice(1),
    "news_garbled": steps.news_garbled(1),
    "refused": steps.refused(1, 2),
    "half_open": steps.half_open(1, 2),
    "expire": steps.expire(1),
    "restart": steps.restart(1, 2),
    "held_up": steps.held_up(1, 2.0, "POST"),
    "lost": steps.lost(1, "POST"),
    "asleep": steps.asleep(1, 20),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_each_makes_a_step_that_a_plan_takes(step: Step) -> None:
    plan = steps.plan(step, desks=2, versions=True)
    check_plan(plan)
    assert plan == Plan(desks=2, policies={"versions": True}, steps=(step,))
    assert read_plan(written(plan)) == plan


@pytest.mark.parametrize(("operation", "desk"), [(steps.MUTE, 1), (steps.TOKEN, None)])
def test_a_fault_is_of_the_desk_where_there_is_a_device_to_match(
    operation: str, desk: int | None
) -> None:
    step = steps.answered(1, operation, 503)
    assert isinstance(step, Fault)
    assert (step.desk, step.rule.match) == (desk, Match(operation=operation))
