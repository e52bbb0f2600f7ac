"""Plans from seeds: the same ever again, valid, varied, and of every kind."""

import pytest

from offhook_scenarios.faults.catalogue import KINDS as FAULTS
from offhook_scenarios.faults.catalogue import kind_of
from offhook_scenarios.plan.plan import Fault, Plan, check_plan
from offhook_scenarios.plan.swarm import KINDS, POLICIES, STEPS_MAX, generate
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim.seeds import Seeds

PLANS = [generate(seed) for seed in range(600)]


def test_a_seed_is_always_the_same_plan() -> None:
    assert [generate(seed) for seed in range(20)] == PLANS[:20]
    assert len(set(map(repr, PLANS))) == len(PLANS)


def test_every_plan_can_be_played_and_is_in_order() -> None:
    for plan in PLANS:
        check_plan(plan)
        times = [step.at_s for step in plan.steps]
        assert times == sorted(times)
        assert 2 <= len(times) <= STEPS_MAX


NEVER = {"reload", "other answer"}
"""None of our desks is a page, and what any answer may be is for plans by hand."""


def test_every_kind_of_trouble_is_drawn() -> None:
    drawn = {kind_of(step) for plan in PLANS for step in plan.steps}
    assert drawn == {"press", "headset", "force", *FAULTS} - NEVER


def test_every_policy_is_drawn_and_most_plans_have_none() -> None:
    drawn = [plan.policies for plan in PLANS]
    assert all(each in drawn for each in POLICIES.values())
    assert drawn.count({}) > len(drawn) / 2


def test_every_task_order_and_number_of_desks_is_drawn() -> None:
    assert {plan.order for plan in PLANS} == set(Order)
    assert {plan.desks for plan in PLANS} == {1, 2}


def is_about_the_token(step: object) -> bool:
    told = repr(step)
    return "status=401" in told or "code=4401" in told


def test_a_token_is_refused_once_at_most() -> None:
    refusals = [sum(map(is_about_the_token, plan.steps)) for plan in PLANS]
    assert set(refusals) == {0, 1}
    steps = [step for plan in PLANS for step in plan.steps if is_about_the_token(step)]
    assert {step.rule.times for step in steps if isinstance(step, Fault)} == {1}


def test_some_steps_come_in_the_same_instant() -> None:
    assert any(len({step.at_s for step in plan.steps}) < len(plan.steps) for plan in PLANS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_alone_makes_a_valid_step(kind: str) -> None:
    rng = Seeds(1).stream(kind)
    for _ in range(20):
        check_plan(Plan(desks=2, steps=(KINDS[kind](rng, 1.0, 2),)))
