"""Findings as files."""

import json
from pathlib import Path

import pytest

from offhook_scenarios.check.finding import Saved, load, saved, text
from offhook_scenarios.check.key import surroundings
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.plan.judgement import Finding, Invariant, Judged
from offhook_scenarios.plan.plan import Plan, PlanError, Press

JUDGED = Judged(
    plan=Plan(seed=7, steps=(Press(at_s=1, muted=True),)),
    findings=(Finding(invariant=Invariant.I2, desk="desk 1", words="muted and heard"),),
    digest="d1",
    elapsed_s=9.0,
)


def test_a_finding_goes_to_its_file_and_back(tmp_path: Path) -> None:
    path = tmp_path / "finding.json"
    path.write_bytes(text(saved(JUDGED, Setup(client="naive"))))
    assert load(path) == Saved(
        plan=JUDGED.plan,
        client="naive",
        digest="d1",
        surroundings=surroundings(),
        findings=("I2 desk 1: muted and heard",),
    )
    assert json.loads(path.read_text())["plan"]["steps"][0]["do"] == "press"


def test_a_plan_written_by_hand_needs_no_more_than_a_client(tmp_path: Path) -> None:
    path = tmp_path / "finding.json"
    path.write_text('{"plan": {}, "client": "naive"}')
    assert load(path) == Saved(plan=Plan(), client="naive")


@pytest.mark.parametrize(
    "given",
    [
        '{"steps": []}',
        '{"plan": {}}',
        '{"title": "a", "incident": "b", "story": "c", "must": "d", "evidence": "e", "plan": {}}',
    ],
)
def test_who_names_no_client_gets_the_reference(tmp_path: Path, given: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(given)
    assert load(path) == Saved(plan=Plan(), client="reference")


def test_it_is_played_with_its_client_or_with_another() -> None:
    saved = Saved(plan=Plan(), client="naive", strict=True)
    assert saved.setup_with() == Setup(client="naive", strict=True)
    assert saved.setup_with("reference") == Setup(client="reference", strict=True)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("{", "finding.json cannot be read: it is no JSON: Expecting property name"),
        (
            '{"plan": {"policies": {"a": ' + "[" * 100_000,
            "cannot be read: maximum recursion",
        ),
        ('{"client": "naive"}', "missing required field `plan`"),
        ('{"sed": 1}', "unknown field `sed`"),
        ("[]", "Expected `object`, got `array`"),
        ('{"plan": {"steps": [{"do": "pres"}]}}', r"step 1 does 'pres' \(did you mean press"),
        ('{"steps": [{"do": "pres"}]}', "step 1 does 'pres'"),
        ('{"version": 9}', "a plan of version 9, and version 1 is read here"),
        (
            '{"client": "naive", "plan": {"steps": [{"do": "cut", "atS": 1, "desk": 2}]}}',
            "Step 1 is about desk 2",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(
    tmp_path: Path, given: str, error: str
) -> None:
    path = tmp_path / "finding.json"
    path.write_text(given)
    with pytest.raises(PlanError, match=error):
        load(path)
