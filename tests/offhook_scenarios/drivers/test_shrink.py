"""Shrinking: to what cannot be spared, of the same invariant, in few plays."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.faults.kinds import DelayFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.drivers.shrink import NotBrokenError, shrink
from offhook_scenarios.plan.judgement import Finding, Invariant, Judged, run_plan
from offhook_scenarios.plan.plan import (
    Cut,
    Fault,
    Force,
    Partition,
    Plan,
    Press,
    Refuse,
    Step,
    Weather,
    written,
)
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.run import DESKS
from offhook_scenarios.sim.ready import Order

Rule = Callable[[Plan], Invariant | None]


def playing(rule: Rule) -> Callable[[Plan], Judged]:
    """Plays nothing: `rule` says what a plan breaks."""

    def play(plan: Plan) -> Judged:
        broken = rule(plan)
        findings = () if broken is None else (finding(broken),)
        return Judged(plan=plan, findings=findings, digest="", elapsed_s=0.0)

    return play


def finding(invariant: Invariant) -> Finding:
    return Finding(invariant=invariant, desk="desk 1", words="")


def kinds(plan: Plan) -> list[str]:
    return [type(step).__name__ for step in plan.steps]


def needs(*names: str) -> Rule:
    """I2 breaks when these kinds of steps come in this order, whatever is between."""

    def rule(plan: Plan) -> Invariant | None:
        left = iter(kinds(plan))
        return Invariant.I2 if all(name in left for name in names) else None

    return rule


ALL: list[Step] = [
    Press(at_s=0, muted=True),
    Cut(at_s=0),
    Force(at_s=0, muted=False),
    Refuse(at_s=0, lasts_s=3.5),
    Partition(at_s=0, desk=2, way="up", lasts_s=17.3),
]


@st.composite
def long_plans(draw: st.DrawFn) -> Plan:
    gaps = draw(st.lists(st.floats(0, 6), min_size=2, max_size=14))
    steps, at_s = list[Step](), 0.0
    for gap in gaps:
        at_s = round(at_s + gap, 3)
        steps.append(msgspec.structs.replace(draw(st.sampled_from(ALL)), at_s=at_s))
    return Plan(seed=draw(st.integers(0, 99)), desks=2, steps=tuple(steps))


@given(long_plans(), st.lists(st.sampled_from(["Press", "Cut", "Force"]), max_size=3))
def test_no_step_is_left_that_can_be_spared(plan: Plan, names: list[str]) -> None:
    rule = needs(*names)
    if rule(plan) is None:
        with pytest.raises(NotBrokenError, match="does not break I2"):
            shrink(plan, Invariant.I2, playing(rule))
        return
    shrunk = shrink(plan, Invariant.I2, playing(rule))
    assert kinds(shrunk.judged.plan) == names
    assert [step.at_s for step in shrunk.judged.plan.steps] == sorted(
        step.at_s for step in shrunk.judged.plan.steps
    )
    assert shrunk.runs <= 60


STEPS = (
    Press(at_s=1.234, desk=2, muted=True),
    Partition(at_s=3.5, desk=2, way="up", lasts_s=21.7),
    Fault(
        at_s=8.1,
        desk=2,
        rule=RuleSpec(
            match=Match(operation="postWebrtcClientMute"),
            fault=ReplyFault(status=429, retry_after_s=30),
            times=3,
        ),
        lasts_s=11.1,
    ),
)
LONG = Plan(
    seed=5,
    desks=2,
    order=Order.PCT,
    weather=Weather(latency_s=0.033, jitter_s=0.07),
    policies={"heartbeat_s": 4},
    steps=STEPS,
)


def test_everything_that_does_not_matter_becomes_plain() -> None:
    rule = needs("Press", "Partition", "Fault")
    plan = shrink(LONG, Invariant.I2, playing(rule)).judged.plan
    fault = ReplyFault(status=429)
    match = Match(operation="postWebrtcClientMute")
    assert plan == Plan(
        seed=5,
        steps=(
            Press(at_s=1, muted=True),
            Partition(at_s=2, lasts_s=1),
            Fault(at_s=3, desk=1, rule=RuleSpec(match=match, fault=fault, times=1), lasts_s=1),
        ),
    )


@pytest.mark.parametrize(
    "matters",
    [
        lambda plan: plan.desks == 2,
        lambda plan: plan.order is Order.PCT,
        lambda plan: plan.weather.jitter_s > 0.05,
        lambda plan: plan.policies == {"heartbeat_s": 4},
        lambda plan: plan.steps[0].desk == 2,
        lambda plan: plan.steps[1].lasts_s > 9,
        lambda plan: plan.steps[1].way == "up",
        lambda plan: plan.steps[2].rule.fault.retry_after_s == 30,
        lambda plan: plan.steps[2].rule.times > 1,
        lambda plan: plan.steps[1].at_s - plan.steps[0].at_s > 1.5,
    ],
)
def test_what_matters_stays(matters: Callable[[Plan], bool]) -> None:
    def rule(plan: Plan) -> Invariant | None:
        return Invariant.I2 if len(plan.steps) == len(STEPS) and matters(plan) else None

    shrunk = shrink(LONG, Invariant.I2, playing(rule)).judged.plan
    assert matters(shrunk)
    assert len(written(shrunk)) < len(written(LONG))


def test_another_invariant_is_no_reason_to_go_on() -> None:
    def rule(plan: Plan) -> Invariant:
        return Invariant.I2 if "Cut" in kinds(plan) else Invariant.I1

    plan = Plan(steps=(Press(at_s=1, muted=True), Cut(at_s=2), Press(at_s=3, muted=True)))
    shrunk = shrink(plan, Invariant.I2, playing(rule))
    assert kinds(shrunk.judged.plan) == ["Cut"]


def test_a_step_that_one_network_of_three_can_spare_is_spared() -> None:
    def rule(plan: Plan) -> Invariant | None:
        lucky = plan.seed % 3 == 2
        return Invariant.I2 if len(plan.steps) == 1 and ("Cut" in kinds(plan) or lucky) else None

    slow = Fault(at_s=1, rule=RuleSpec(fault=DelayFault(delay_s=1)), lasts_s=1)

    def broken(plan: Plan) -> Invariant | None:
        return Invariant.I2 if len(plan.steps) == 2 else rule(plan)

    plan = Plan(seed=3, steps=(slow, Force(at_s=2, muted=True)))
    shrunk = shrink(plan, Invariant.I2, playing(broken)).judged.plan
    assert (len(shrunk.steps), shrunk.seed % 3) == (1, 2)


def test_it_stops_where_it_was_told_to_and_keeps_what_it_has() -> None:
    heard: list[int] = []
    shrunk = shrink(
        LONG,
        Invariant.I2,
        playing(needs("Press")),
        runs_max=4,
        told=lambda _best, runs: heard.append(runs),
    )
    assert shrunk.runs == 4
    assert heard == [1, 2, 3, 4]
    assert "Press" in kinds(shrunk.judged.plan)


@pytest.mark.parametrize("seed", [3, 4, 6, 7, 8, 12])
def test_what_the_naive_desk_gets_wrong_takes_two_steps_or_a_race(seed: int) -> None:
    def play(plan: Plan) -> Judged:
        return run_plan(plan, DESKS["naive"])

    plan = generate(seed)
    broken = {each.invariant for each in play(plan).findings if not each.advisory}
    assert broken, "choose a seed that the naive desk breaks in"
    for invariant in broken:
        shrunk = shrink(plan, invariant, play)
        # A wish is lost between presses, and they are needed for that.
        assert len(shrunk.judged.plan.steps) <= (4 if invariant is Invariant.I14 else 2)
        assert shrunk.runs <= 60
        assert shrunk.judged == play(shrunk.judged.plan)
