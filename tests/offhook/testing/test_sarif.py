"""SARIF: what its specification requires of a log, and that the rules are the invariants."""

import json

import pytest

from offhook.testing.findings import Finding
from offhook.testing.results import Result
from offhook.testing.sarif import TITLES, sarif

FAILED = Result(
    test="tests/test_a.py::test_it",
    path="tests/test_a.py",
    line=3,
    outcome="failed",
    seed="7",
    findings=(
        Finding(invariant="I10", words="a task was left"),
        Finding(invariant="I2", words="shown muted, and heard"),
    ),
    trace="out/t.jsonl",
)
KNOWN = Result(
    test="t",
    path="t.py",
    line=1,
    outcome="expected",
    findings=(Finding(invariant="I2", words="k"),),
)
PASSED = Result(test="p", path="p.py", line=1, outcome="passed")


def test_findings_stand_at_their_tests_under_their_invariants() -> None:
    (run,) = sarif([FAILED, KNOWN, PASSED], version="1.2")["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["I2", "I10"]
    rows = [(row["ruleId"], row["level"]) for row in run["results"]]
    assert rows == [("I10", "error"), ("I2", "error"), ("I2", "note")]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "tests/test_a.py"},
        "region": {"startLine": 3},
    }
    assert run["results"][0]["properties"] == {"seed": "7", "trace": "out/t.jsonl"}


def test_what_the_specification_requires_is_there() -> None:
    """SARIF 2.1.0 §3.13 (log), §3.14 (run), §3.19 (component), §3.27 (result), §3.49 (rule)."""
    log = json.loads(json.dumps(sarif([FAILED], version="1.2")))
    assert log["version"] == "2.1.0"
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        assert driver["name"]
        ids = [rule["id"] for rule in driver["rules"]]
        assert len(set(ids)) == len(ids)
        for row in run["results"]:
            assert row["message"]["text"]
            assert row["ruleId"] in ids
            assert row["level"] in {"none", "note", "warning", "error"}
            for location in row["locations"]:
                place = location["physicalLocation"]
                assert place["region"]["startLine"] >= 1
                assert not place["artifactLocation"]["uri"].startswith("/")


def test_without_findings_it_is_an_empty_run() -> None:
    (run,) = sarif([PASSED], version="1")["runs"]
    assert run["results"] == run["tool"]["driver"]["rules"] == []


@pytest.mark.parametrize("number", range(15))
def test_every_invariant_has_a_title(number: int) -> None:
    assert TITLES[f"I{number}"]


def test_one_finding_of_one_test_is_one_alert_whatever_its_words() -> None:
    def prints(words: str) -> list[dict[str, str]]:
        result = Result(
            test="t",
            path="t.py",
            line=1,
            outcome="failed",
            findings=(Finding(invariant="I2", words=words),),
        )
        rows = sarif([result], version="1")["runs"][0]["results"]
        return [row["partialFingerprints"] for row in rows]

    assert prints("for 2.1 s") == prints("for 2.2 s")
