"""Plans from seeds: the same ever again, valid, varied, and of every kind."""

from collections.abc import Iterator
from itertools import pairwise

from offhook.faults.kinds import ReplyFault
from offhook.faults.verdicts import RetryAfterForm
from offhook_scenarios.faults.catalogue import KINDS as FAULTS
from offhook_scenarios.faults.catalogue import kind_of
from offhook_scenarios.plan.kinds import GREETING, MUTE, TOKEN
from offhook_scenarios.plan.plan import Fault, Force, Headset, Press, Refuse, check_plan
from offhook_scenarios.plan.swarm import POLICIES, STEPS_MAX, generate
from offhook_scenarios.sim.ready import Order

Hand = Press | Force | Headset

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


NEVER = {"reload"}
"""None of our desks is a page."""


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


def test_a_token_is_refused_once_or_for_as_long_as_it_lasts() -> None:
    """Once, a client must go on; again and again, it may give up: `oracles.excuses`."""
    refusals = [sum(map(is_about_the_token, plan.steps)) for plan in PLANS]
    assert set(refusals) == {0, 1}
    steps = [step for plan in PLANS for step in plan.steps if is_about_the_token(step)]
    assert {step.rule.times for step in steps if isinstance(step, Fault)} == {1, None}


def test_some_steps_come_in_the_same_instant() -> None:
    assert any(len({step.at_s for step in plan.steps}) < len(plan.steps) for plan in PLANS)


def sent(form: RetryAfterForm) -> bool:
    return any(
        isinstance(step, Fault)
        and isinstance(step.rule.fault, ReplyFault)
        and step.rule.fault.retry_after_s is not None
        and step.rule.fault.retry_after_form is form
        for plan in PLANS
        for step in plan.steps
    )


def test_what_a_client_must_read_comes_in_every_form() -> None:
    assert all(map(sent, RetryAfterForm))


def test_too_many_requests_come_with_a_time_to_wait_and_without_also_at_the_login() -> None:
    refusals = {
        (step.rule.match.operation == TOKEN, step.rule.fault.retry_after_s is None)
        for plan in PLANS
        for step in plan.steps
        if isinstance(step, Fault)
        and isinstance(step.rule.fault, ReplyFault)
        and step.rule.fault.status == 429
    }
    assert len(refusals) == 4


def test_some_sockets_are_closed_as_soon_as_they_are_open() -> None:
    greetings = [
        step.rule
        for plan in PLANS
        for step in plan.steps
        if isinstance(step, Fault) and step.rule.match.operation == GREETING
    ]
    assert None in {rule.times for rule in greetings}


def test_some_trouble_lasts_for_minutes() -> None:
    lasts = [step.lasts_s for plan in PLANS for step in plan.steps if isinstance(step, Refuse)]
    assert max(lasts) > 200
    assert min(lasts) < 5


def test_a_fault_that_waits_for_something_is_mostly_given_it() -> None:
    given = [
        any(isinstance(other, Press) and step.at_s <= other.at_s < step.at_s + 2 for other in rest)
        for plan in PLANS
        for number, step in enumerate(plan.steps[:-1])
        if isinstance(step, Fault) and step.rule.match.operation == MUTE
        for rest in [plan.steps[number + 1 :]]
    ]
    assert 0.6 < sum(given) / len(given) < 1


def pairs() -> Iterator[tuple[Hand, Hand, float]]:
    """Hands of one desk that follow each other, and how many round trips lie between them."""
    for plan in PLANS:
        round_trip_s = 2 * (plan.weather.latency_s + plan.weather.jitter_s)
        for desk in range(1, plan.desks + 1):
            hands = [s for s in plan.steps if isinstance(s, Hand) and s.desk == desk]
            for one, other in pairwise(hands):
                yield one, other, (other.at_s - one.at_s) / round_trip_s


def test_hands_act_within_a_round_trip_of_each_other() -> None:
    close = [(one, other) for one, other, trips in pairs() if trips < 1]
    assert len(close) > len(PLANS) / 2
    assert any(isinstance(one, Press) and isinstance(other, Press) for one, other in close)
    assert any(isinstance(one, Force) and isinstance(other, Press) for one, other in close)
    assert any(isinstance(one, Press) and isinstance(other, Force) for one, other in close)


def test_most_hands_turn_round_what_the_one_before_has_set() -> None:
    turned = [one.muted != other.muted for one, other, _ in pairs()]
    assert 0.6 < sum(turned) / len(turned) < 0.9
