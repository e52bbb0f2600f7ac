"""Plans from Hypothesis: valid, varied, and shrinking to what matters."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from offhook_scenarios.check.setup import Setup
from offhook_scenarios.check.step_words import tag
from offhook_scenarios.drivers.strategies import plans
from offhook_scenarios.plan.judgement import Invariant
from offhook_scenarios.plan.kinds import KINDS, ONCE
from offhook_scenarios.plan.plan import Plan, Press, read_plan, written

FEW = ("headset", "cut", "partition", "refuse")
"""Kinds whose names are those of their steps."""
QUIET = settings(
    max_examples=200,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@given(plans())
@settings(QUIET, max_examples=100)
def test_every_plan_is_one_that_could_be_written_by_hand(plan: Plan) -> None:
    assert read_plan(written(plan)) == plan
    times = [step.at_s for step in plan.steps]
    assert times == sorted(times)


def test_presses_are_half_of_it_and_every_trouble_comes() -> None:
    counted = Counter[str]()

    @given(plans(kinds=FEW))
    @settings(QUIET, phases=[Phase.generate], max_examples=100)
    def count(plan: Plan) -> None:
        counted.update(map(tag, plan.steps))

    count()
    assert counted["press"] > counted.total() / 3
    assert set(counted) == {"press", *FEW}


@given(plans(kinds=ONCE, desks_max=1, steps_max=5))
@settings(QUIET, max_examples=50)
def test_what_a_plan_has_once_it_has_once(plan: Plan) -> None:
    assert sum(tag(step) == "fault" for step in plan.steps) <= 1
    assert len(plan.steps) <= 5
    assert plan.desks == 1


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=f"no kind 'rain': {next(iter(KINDS))}, "):
        plans(kinds=["rain"])


def test_a_plan_shrinks_to_what_matters() -> None:
    found = find(
        plans(steps_max=4, kinds=FEW),
        lambda plan: any(tag(step) == "partition" for step in plan.steps),
        settings=QUIET,
    )
    assert [tag(step) for step in found.steps] == ["partition"]
    assert (found.seed, found.desks, found.weather) == (0, 1, Plan().weather)


def breaks(client: str, invariant: Invariant) -> Plan:
    """The simplest plan that Hypothesis finds."""
    setup = Setup(client=client)
    return find(
        plans(),
        lambda plan: invariant in {each.invariant for each in setup.broken(setup.play(plan))},
        settings=QUIET,
    )


def test_the_naive_desk_is_found_out() -> None:
    found = breaks("naive", Invariant.I2)
    assert found.steps == (Press(at_s=1.0, muted=True),)


@pytest.mark.nightly
def test_a_mutant_is_found_out() -> None:
    assert breaks("mutant:no_resync", Invariant.I1).steps == ()


@given(plans())
@settings(QUIET, max_examples=20)
def test_the_reference_desk_holds(plan: Plan) -> None:
    setup = Setup(client="reference")
    assert setup.broken(setup.play(plan)) == ()
