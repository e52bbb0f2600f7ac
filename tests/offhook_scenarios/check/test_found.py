"""From what broke to the shortest sessions."""

import pytest

from offhook_scenarios.check.found import as_they_are, find_shortest
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.check.tally import Tally
from offhook_scenarios.plan.judgement import Invariant, Judged
from offhook_scenarios.run import DESKS

NAIVE = Setup(client="naive")


@pytest.fixture(scope="module")
def candidates() -> dict[Invariant, Judged]:
    """What breaks in the naive desk, in three sessions."""
    tally = Tally(budget_s=2, counts=NAIVE.counts)
    for seed in (30, 31, 40):
        tally.add(NAIVE.play(NAIVE.plan(seed)))
    return {key: tally.candidates[key] for key in (Invariant.I1, Invariant.I2)}


def test_each_invariant_has_its_shortest_session_and_the_shortest_of_all_is_first(
    candidates: dict[Invariant, Judged],
) -> None:
    heard: list[Invariant] = []
    found = find_shortest(candidates, NAIVE, told=lambda each, *_: heard.append(each))
    assert {each.invariant: len(each.plan.steps) for each in found} == {
        Invariant.I1: 0,
        Invariant.I2: 1,
    }
    assert found[0].invariant is Invariant.I1
    assert [each.reference_breaks for each in found] == [False, False]
    assert all(each.repeats for each in found)
    assert {finding.invariant for finding in found[1].broken} == {Invariant.I2}
    assert set(heard) == set(candidates)


def test_who_has_no_time_gets_them_as_they_are(candidates: dict[Invariant, Judged]) -> None:
    found = as_they_are(candidates)
    assert {each.invariant for each in found} == set(candidates)
    assert {each.judged.plan.seed for each in found} <= {30, 31, 40}
    assert all(each.shrunk.runs == 0 and each.reference_breaks is None for each in found)


def test_a_session_that_does_not_repeat_is_told_as_such(
    candidates: dict[Invariant, Judged],
) -> None:
    (one,) = find_shortest({Invariant.I2: candidates[Invariant.I2]}, Setup(client="reference"))
    assert not one.repeats
    assert one.judged == candidates[Invariant.I2]
    assert one.divergence is None


def test_a_rule_that_the_reference_breaks_too_is_doubted(
    candidates: dict[Invariant, Judged], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DESKS, "reference", DESKS["naive"])
    (one,) = find_shortest({Invariant.I1: candidates[Invariant.I1]}, NAIVE)
    assert one.reference_breaks
