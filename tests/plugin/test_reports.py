"""What a run with reports leaves behind, and findings that are known, in projects of users."""

import errno
import json
import signal
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from offhook.adapters.line_file import read_lines
from offhook.testing import reporting

pytest_plugins = "pytester"

CLIENT = """
import pytest
from offhook.domain.inputs import OpenDevice

def opened(offhook):
    user = offhook.ask(lambda server: server.org.users()[0])
    offhook.receive(OpenDevice(user_id=user.id, name="default"))
    offhook.clock.advance("1s")

def test_lies(offhook):
    opened(offhook)
    offhook.assert_truthful(lambda: "muted", within=0)

def test_holds(offhook):
    opened(offhook)
    offhook.assert_truthful(lambda: "live", within=0)

def test_breaks(offhook):
    assert offhook.url == ""

def test_has_no_mock():
    pass
"""
LIGHT = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:benchmark")
"""Plugins of our own environment that each worker would load anew."""
LOOP = """
import pytest

@pytest.mark.asyncio
async def test_lies(offhook_async):
    async with offhook_async as offhook:
        await offhook.assert_truthful(lambda: "live", within=0)
"""


@pytest.fixture(autouse=True)
def asyncio_is_told_its_scope(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


def report(pytester: pytest.Pytester) -> dict[str, Any]:
    """The results, by the name of the test's function."""
    text = (pytester.path / "out" / "results.json").read_text(encoding="utf-8")
    return {row["test"].partition("::")[2]: row for row in json.loads(text)}


@pytest.mark.parametrize("arguments", [(), (*LIGHT, "-n", "2")], ids=["alone", "xdist"])
def test_a_folder_holds_traces_timelines_a_summary_and_sarif(
    pytester: pytest.Pytester, arguments: tuple[str, ...]
) -> None:
    pytester.makepyfile(test_user=CLIENT)
    result = pytester.runpytest("--offhook-report=out", *arguments)
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["*summary.md, and beside it offhook.sarif and the traces"])
    rows = report(pytester)
    assert {name: row["outcome"] for name, row in rows.items()} == {
        "test_lies": "failed",
        "test_holds": "passed",
        "test_breaks": "failed",
    }
    lies = rows["test_lies"]
    assert [finding["invariant"] for finding in lies["findings"]] == ["I2"]
    assert (lies["path"], lies["line"]) == ("test_user.py", 9)
    first, *entries = Path(lies["trace"]).read_text(encoding="utf-8").splitlines()
    assert json.loads(first)["test"] == "test_user.py::test_lies"
    assert json.loads(first)["seed"] == int(lies["seed"])
    assert entries
    assert "<svg" in Path(lies["timeline"]).read_text(encoding="utf-8")
    assert rows["test_breaks"]["timeline"] == ""
    assert "assert 'http://127.0.0.1:" in rows["test_breaks"]["message"]
    sarif = json.loads((pytester.path / "out" / "offhook.sarif").read_bytes())
    assert [row["ruleId"] for row in sarif["runs"][0]["results"]] == ["I2"]
    summary = (pytester.path / "out" / "summary.md").read_text(encoding="utf-8")
    assert "3 tests with a mock: 1 passed, 2 failed" in summary


KILLED = """
import os, signal
import pytest

async def session(offhook):
    offhook.token()
    die()

def die():
    if os.environ.get("DIE"):
        os.kill(os.getpid(), signal.SIGKILL)

def test_on_a_thread(offhook, make_offhook):
    make_offhook().token()
    offhook.token()
    die()

@pytest.mark.asyncio
async def test_on_the_loop(offhook_async):
    async with offhook_async as offhook:
        offhook.token()
        die()

def test_in_virtual_time(offhook_sim):
    offhook_sim.run(session)
    offhook_sim.run(session)
"""


@pytest.mark.parametrize(
    ("test", "mocks"), [("on_a_thread", 2), ("on_the_loop", 1), ("in_virtual_time", 1)]
)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_run_that_is_killed_leaves_the_traces_of_the_test_that_ran(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, test: str, mocks: int
) -> None:
    pytester.makepyfile(test_user=KILLED)
    words = ("--offhook-report=out", "-k", test)
    monkeypatch.setenv("DIE", "1")
    assert pytester.runpytest_subprocess(*words).ret == -signal.SIGKILL
    left = sorted((pytester.path / "out").glob("*.live.jsonl"))
    assert len(left) == mocks
    for path in left:
        first, *entries = read_lines(path).values
        assert first["trace"] == 1
        assert [entry["kind"] for entry in entries] == ["input"]
    monkeypatch.delenv("DIE")
    pytester.runpytest(*words).assert_outcomes(passed=1)
    assert list((pytester.path / "out").glob("*.live.jsonl")) == []


def test_a_mock_on_the_loop_leaves_them_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_user=LOOP)
    pytester.runpytest("--offhook-report=out").assert_outcomes(failed=1)
    row = report(pytester)["test_lies"]
    assert [finding["invariant"] for finding in row["findings"]] == ["I3"]
    assert Path(row["trace"]).exists()
    assert Path(row["timeline"]).exists()


def test_on_github_there_are_annotations_and_the_job_summary(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "summary"))
    (pytester.path / "summary").write_text("# before\n", encoding="utf-8")
    pytester.makepyfile(test_user=CLIENT)
    result = pytester.runpytest("--offhook-report=out")
    result.stdout.fnmatch_lines(["::error file=test_user.py,line=9,title=offhook I2::*"])
    text = (pytester.path / "summary").read_text(encoding="utf-8")
    assert text.startswith("# before\n## Offhook: did not hold")


def test_plain_junit_has_seed_invariant_and_trace(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_user=CLIENT)
    pytester.runpytest("--junitxml=junit.xml", "--offhook-report=out")
    cases = ET.parse(pytester.path / "junit.xml").getroot().iter("testcase")  # noqa: S314 - our own file.
    properties = {
        case.get("name"): {each.get("name"): each.get("value") for each in case.iter("property")}
        for case in cases
    }
    assert set(properties["test_lies"]) == {
        "offhook_seed",
        "offhook_url",
        "offhook_invariant",
        "offhook_finding",
        "offhook_trace",
        "offhook_timeline",
    }
    assert properties["test_lies"]["offhook_invariant"] == "I2"
    assert set(properties["test_holds"]) == {"offhook_seed", "offhook_url"}
    assert properties["test_has_no_mock"] == {}


def test_without_a_report_nothing_is_written(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_user=CLIENT)
    pytester.runpytest().assert_outcomes(passed=2, failed=2)
    assert not (pytester.path / "out").exists()


@pytest.mark.parametrize(
    ("lines", "outcomes", "told"),
    [
        (
            "test_user.py::test_lies I2 known, DESK-1",
            {"xfailed": 1, "passed": 2, "failed": 1},
            None,
        ),
        (
            "test_user.py::test_lies I3 known",
            {"passed": 2, "failed": 2},
            "I2 is new there: it is not in *expected.txt:1; I3 is expected by *:1 and did not *",
        ),
        (
            "test_user.py::test_holds I2 fixed since",
            {"passed": 1, "failed": 3},
            "offhook: I2 is expected by *expected.txt:1 and did not come: take it out of the file.",
        ),
        ("test_user.py::test_breaks I2 but it is a KeyError", {"passed": 2, "failed": 2}, None),
        ("test_gone.py::test I2 another part of the suite", {"passed": 2, "failed": 2}, None),
    ],
    ids=["known", "new", "stale", "no-finding", "elsewhere"],
)
def test_known_findings_pass_and_new_and_stale_ones_fail(
    pytester: pytest.Pytester, lines: str, outcomes: dict[str, int], told: str | None
) -> None:
    pytester.makepyfile(test_user=CLIENT)
    (pytester.path / "expected.txt").write_text(lines, encoding="utf-8")
    result = pytester.runpytest("--offhook-expected-failures=expected.txt", "-rx")
    result.assert_outcomes(**outcomes)
    if told is not None:
        result.stdout.fnmatch_lines([told])
    if "xfailed" in outcomes:
        result.stdout.fnmatch_lines(["*XFAIL*test_lies*offhook: as expected: known, DESK-1*"])


def test_a_file_that_cannot_be_read_is_a_usage_error(pytester: pytest.Pytester) -> None:
    (pytester.path / "expected.txt").write_text("test_user.py::test_lies\n", encoding="utf-8")
    result = pytester.runpytest("--offhook-expected-failures=expected.txt")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: offhook: *expected.txt:1: * names no invariants*"])


@pytest.mark.parametrize("test", ["test_holds", "test_lies"])
def test_a_report_that_cannot_be_written_is_told_and_fails_the_run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, test: str
) -> None:
    def full(_path: Path, _content: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    pytester.makepyfile(test_user=CLIENT)
    monkeypatch.setattr(reporting, "write_whole", full)
    result = pytester.runpytest("--offhook-report=out", f"test_user.py::{test}")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*offhook: report*", "Not written: *No space left on device."])
    assert "INTERNALERROR" not in result.stdout.str()
