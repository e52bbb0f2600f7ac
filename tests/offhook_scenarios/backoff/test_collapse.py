"""Metastable collapse, on fleets that are small enough to be quick."""

import msgspec
import pytest

from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.collapse import (
    SMALL,
    Course,
    Fleet,
    collapse_load,
    constant,
    play,
    ramp,
    recovery_s,
)
from offhook_scenarios.backoff.policy import BrokenPolicyError
from offhook_scenarios.backoff.waits import Waits

NONE = CATALOGUE["none"].policy
THREE = Waits(steps=((0.0, 1.0), (0.0, 2.0), (0.0, 4.0)), attempts=4)


def test_without_trouble_every_request_is_answered_once() -> None:
    calm = msgspec.structs.replace(SMALL, slowness=1.0, length_s=50.0)
    course = play(calm, THREE, constant(100.0))
    assert course.calls == course.offered == course.good
    assert sum(course.offered) == pytest.approx(5000, rel=0.05)


def test_retries_keep_a_server_down_that_recovers_without_them() -> None:
    assert recovery_s(play(SMALL, NONE, constant(160.0)), after_s=30.0) is not None
    course = play(SMALL, THREE, constant(160.0))
    assert recovery_s(course, after_s=30.0) is None
    assert sum(course.good[100:]) == 0
    assert sum(course.calls[100:]) == pytest.approx(4 * sum(course.offered[100:]), rel=0.02)


def test_a_budget_lets_it_recover() -> None:
    thrifty = msgspec.structs.replace(SMALL, budget=0.1, budget_most=20.0)
    course = play(thrifty, THREE, constant(150.0))
    assert recovery_s(course, after_s=30.0) is not None
    down = slice(31, 36)
    assert sum(course.calls[down]) <= 1.12 * sum(course.offered[down])


def test_a_policy_that_floods_ends_the_course() -> None:
    at_once = Waits(steps=((0.0, 0.0),))
    impatient = msgspec.structs.replace(SMALL, timeout_s=0.01)
    course = play(impatient, at_once, constant(160.0))
    assert max(course.calls) > 20 * 200
    assert recovery_s(course, after_s=30.0) is None


def test_a_broken_policy_is_a_finding() -> None:
    with pytest.raises(BrokenPolicyError, match=r"delay\(1, 0, \{\}, 1\.000, rng\) returned -1 s"):
        play(SMALL, lambda *_: -1.0, constant(190.0))


def test_recovery_must_last_five_seconds_and_needs_a_load() -> None:
    good = [0, 10, 0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 0]
    course = Course(offered=[10] * 14, calls=[10] * 14, good=good)
    assert recovery_s(course, after_s=1.0) == 6.0
    assert recovery_s(Course(offered=[0] * 14, calls=[0] * 14, good=[0] * 14), after_s=1) is None


def test_the_load_of_collapse_is_lower_with_retries() -> None:
    assert collapse_load(NONE, step=0.1) > 0.8
    assert 0.4 < collapse_load(THREE, step=0.1) < 0.7


def test_a_ramp_shows_that_the_way_down_is_another() -> None:
    steps = ramp(THREE)
    assert [step.load for step in steps] == [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2]
    before = steps[2]
    assert before.up == pytest.approx(0.6, abs=0.08)
    assert before.down == 0.0


def test_the_same_seed_gives_the_same_course() -> None:
    courses = [
        play(Fleet(seed=seed, length_s=20.0, slow_from_s=5, slow_until_s=8), THREE, constant(900))
        for seed in (1, 1, 2)
    ]
    assert courses[0] == courses[1]
    assert courses[0] != courses[2]
