"""A case: its bounds, and what a finding carries."""

import msgspec
from tests.offhook_scenarios.oracles.stories import STILL, Story

from offhook.faults.kinds import PushDropFault
from offhook.faults.rule import RuleSpec
from offhook_scenarios.adapters.adapter import Restart
from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.plan.bounds import bounds
from offhook_scenarios.plan.plan import Client, Fault, Plan


def test_its_bounds_are_those_of_its_plan_and_client() -> None:
    plan = Plan(steps=(Fault(at_s=1, rule=RuleSpec(fault=PushDropFault(), times=3), lasts_s=5),))
    case = Story().case(plan=plan)
    assert case.limits == bounds(plan)
    assert msgspec.structs.replace(case, plan=STILL).limits == bounds(STILL) != bounds(plan)


def test_a_machine_that_sleeps_is_awake_when_its_naps_are_over() -> None:
    def nap(at_s: float, lasts_s: float, *, desk: int = 1) -> Client:
        return Client(at_s=at_s, desk=desk, restart=Restart.SLEEP, lasts_s=lasts_s)

    plan = Plan(desks=2, steps=(nap(9, 3), nap(5, 5), nap(20, 9, desk=2)))
    story = Story()
    case = story.case(plan=plan)
    assert [case.awake(story.history, at) for at in (4, 5, 9, 12, 21)] == [4, 12, 12, 12, 21]
    # The same moment, summed otherwise.
    assert case.awake(story.history, 5 - 1e-6) == 12


def test_a_finding_shows_what_was_around_it() -> None:
    story = Story().hears(1, 1).hears(16, 2).hears(21, 3).hears(30, 4)
    case = story.case()
    found = case.found(Invariant.I4, story.history, 20.0, "went back", since=18.0)
    assert (found.desk, found.at_s, found.words) == ("desk 1", 20.0, "went back")
    assert found.witness is not None
    assert [frame.at for frame in found.witness.heard] == [16, 21]


def test_it_is_advisory_when_the_rule_or_what_came_before_is_assumed() -> None:
    story = Story().troubles("push-drop muteChanged", 25.0)
    case = story.case(plan=STILL)
    for at, by_version, advisory in ((20.0, False, False), (30.0, False, True), (20.0, True, True)):
        found = case.found(Invariant.I2, story.history, at, "", by_version=by_version)
        assert found.advisory is advisory
