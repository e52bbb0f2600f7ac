"""Waits that were drawn are told from those that were not."""

import random
from itertools import accumulate

import pytest
from tests.offhook_scenarios.oracles.stories import STILL, Story

from offhook.faults.kinds import DelayFault
from offhook.faults.rule import RuleSpec
from offhook_client.retry import backoff
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.lockstep import lockstep
from offhook_scenarios.plan.plan import Fault, HalfOpen, Partition, Plan, Refuse, Step

DOUBLING = (1, 2, 4, 8, 16, 30, 30, 30, 30)


def dialling(*waits_s: float, desk: str = "desk 1", noise: random.Random | None = None) -> Story:
    """Dials with these waits between them, and what the network adds."""
    waits = [wait_s + (noise.uniform(0, 0.05) if noise else 0.0) for wait_s in waits_s]
    return Story(desk=desk).dials(accumulate(waits, initial=1.0))


def drawn(seed: int) -> list[float]:
    rng = random.Random(seed)
    return [backoff(attempt, rng, base_s=1, cap_s=30) for attempt in range(1, 16)]


@pytest.mark.parametrize(
    "waits_s", [DOUBLING, (5.0,) * 12, (2.0,) * 40, (1, 2, 4, 8, 16, 32, 64, 128, 256)]
)
def test_waits_by_the_clock_are_found_whatever_the_network_adds(
    waits_s: tuple[float, ...],
) -> None:
    (found,) = lockstep(dialling(*waits_s, noise=random.Random(1)).case())
    assert found.words.startswith("no jitter: it waits the same from dial to dial")
    assert (found.desk, found.since) == (0, 1.0)


def test_a_few_waits_prove_nothing() -> None:
    assert list(lockstep(dialling(*DOUBLING[:6]).case())) == []
    assert list(lockstep(dialling().case())) == []
    assert list(lockstep(Story().dials([]).case())) == []
    assert list(lockstep(Story().case())) == []


def test_an_open_socket_begins_a_new_outage() -> None:
    story = dialling(*(30.0,) * 8)
    for number in range(8):
        story = story.streams(2 + 30 * number, ended_at=5 + 30 * number)
    assert list(lockstep(story.case())) == []


def test_drawn_waits_are_never_blamed() -> None:
    for seed in range(300):
        mine, other = dialling(*drawn(seed)), dialling(*drawn(1000 + seed), desk="desk 2")
        case = Case(plan=STILL, histories=(mine.history, other.history))
        assert list(lockstep(case)) == [], seed


def test_a_long_outage_is_not_suspect_by_its_length() -> None:
    rng = random.Random(3)
    waits_s = [rng.uniform(0.5, 30.0) for _ in range(600)]
    assert list(lockstep(dialling(*waits_s).case())) == []
    # As many that are the same, and no others between them, are.
    assert list(lockstep(dialling(*[12.0] * 20).case())) != []


@pytest.mark.parametrize(
    "step",
    [
        Refuse(at_s=0, silent=True, lasts_s=900),
        Partition(at_s=0, lasts_s=900),
        Fault(at_s=0, rule=RuleSpec(fault=DelayFault(delay_s=9)), lasts_s=900),
        HalfOpen(at_s=0),
    ],
)
def test_how_long_an_unanswered_dial_is_waited_for_is_no_wait(step: Step) -> None:
    story = dialling(*(4.0,) * 20)
    assert list(lockstep(story.case(plan=Plan(steps=(step,))))) == []
    refusing = Refuse(at_s=0, silent=False, lasts_s=900)
    assert list(lockstep(story.case(plan=Plan(steps=(refusing,))))) != []


def test_what_comes_after_the_silence_is_judged_again() -> None:
    story = dialling(*(4.0,) * 40)
    plan = Plan(steps=(Refuse(at_s=0, silent=True, lasts_s=60),))
    (found,) = lockstep(story.case(plan=plan))
    assert found.since >= 60


def test_two_desks_that_draw_the_same_are_found() -> None:
    mine, other = dialling(*drawn(1)), dialling(*drawn(1), desk="desk 2")
    (found,) = lockstep(Case(plan=STILL, histories=(mine.history, other.history)))
    assert found.words.startswith("no jitter: it waits as another desk does, dial by dial")
    assert found.desk == 1


def test_of_many_waits_the_first_are_told_and_how_many_there_were() -> None:
    (found,) = lockstep(dialling(*(5.0,) * 40).case())
    assert found.words.endswith("5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, … s, 40 waits in all")
