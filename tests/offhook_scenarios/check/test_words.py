"""Results in words and for programs."""

import json

from offhook_scenarios.check.drive import Tally
from offhook_scenarios.check.words import SURE_AFTER, document, told
from offhook_scenarios.plan.judgement import Finding, Invariant, Judged
from offhook_scenarios.plan.plan import Plan

HELD = Judged(
    plan=Plan(seed=1),
    findings=(),
    digest="d",
    elapsed_s=3600.0,
    converged_s=(0.5, 1.5),
    bites={"abort": 0},
)
BROKE = Judged(
    plan=Plan(seed=2),
    findings=(Finding(invariant=Invariant.I2, desk="desk 1", words="muted and heard"),),
    digest="d",
    elapsed_s=3600.0,
    exposed_s=12.0,
)


def tally(*judged: Judged) -> Tally:
    made = Tally(budget_s=2)
    for each in judged:
        made.add(each)
    return made


def test_a_check_without_findings_is_told_in_three_lines() -> None:
    assert told(tally(HELD), wall_s=2.0) == [
        "1 sessions, 1.0 virtual hours in 2.0 s (0 a second): 1 held, 0 broke.",
        "Right again after all was quiet: p50 1.5 s, p99 1.5 s, longest 1.5 s.",
        "Shown muted and heard: 0.0 s at most, over 2 s in 0 sessions.",
    ]


def test_the_first_broken_session_is_told() -> None:
    lines = told(tally(HELD, BROKE), wall_s=2.0)
    assert lines[-3:] == [
        "Broken: I2 in 1.",
        "Seed 2 broke, 0 steps:",
        "  I2 desk 1: muted and heard",
    ]
    assert "12.0 s at most, over 2 s in 1 sessions" in lines[2]


def test_what_never_bit_is_told_once_it_is_sure() -> None:
    few, many = tally(HELD), tally(*[HELD] * SURE_AFTER)
    assert not any("Never bit" in line for line in told(few, wall_s=1))
    assert "Never bit: abort." in told(many, wall_s=1)


def test_programs_are_told_the_same() -> None:
    report = document(tally(HELD, BROKE), client="naive", seeds=range(1, 3), wall_s=2.0)
    assert json.loads(json.dumps(report))["first"]["findings"][0]["invariant"] == "I2"
    assert report["seeds"] == {"first": 1, "count": 2}
    assert report["broken"] == {"I2": 1}
    assert report["first"]["plan"] == {"seed": 2}
    assert report["neverBit"] == ["abort"]
    assert document(tally(HELD), client="naive", seeds=range(1), wall_s=1.0)["first"] is None
