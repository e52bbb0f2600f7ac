"""Reports of a whole run: a folder of files, and the findings that were expected.

It is made only when a run asks for one of them. Traces are written where a test ran, which may be
a worker of pytest-xdist; everything else by whoever prints the end.
"""

import os
import re
from collections.abc import Callable, Generator, Iterable, Sequence
from glob import escape
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec
import pytest

from offhook.adapters.whole_file import write_whole
from offhook.testing.expected import Expected
from offhook.testing.findings import Finding
from offhook.testing.results import Result, properties_of, result_of
from offhook.testing.sarif import sarif
from offhook.testing.summary import annotations, markdown

if TYPE_CHECKING:
    from offhook.testing.rig import Mock

EXPECTED = "offhook: as expected: "
"""How the reason of a test begins that failed as it should."""
SUMMARY, SARIF, RESULTS = "summary.md", "offhook.sarif", "results.json"
LIVE = ".live.jsonl"
"""How the name of a trace ends whose test is under way."""
_SLUG_LETTERS = 80


class Reporting:
    """Both, for one run: a plugin of pytest. `directory` None: no files.

    `mocks` is the key under which a test keeps its mocks, `findings` reads them of a call.
    """

    def __init__(
        self,
        directory: Path | None,
        expected: Expected,
        *,
        mocks: "pytest.StashKey[list[Mock]]",
        findings: Callable[[pytest.CallInfo[None]], tuple[Finding, ...]],
    ) -> None:
        self._directory = directory
        self._expected = expected
        self._mocks, self._findings = mocks, findings
        self._phases: dict[str, list[pytest.TestReport]] = {}
        self._results: list[Result] = []
        self._unwritten: str | None = None
        """Why the report of the run is not there."""

    # Where a test runs.

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep what a failed test leaves; let what was expected count as expected."""
        report = yield
        mocks, findings = item.stash.get(self._mocks, []), self._findings(call)
        if mocks and report.failed and report.when != "teardown" and self._directory is not None:
            try:
                pairs = properties_of((), **self._written(self._directory, item.nodeid, mocks))
            except OSError as error:
                report.sections.append(("offhook: report", f"Not written: {error}."))
            else:
                item.user_properties += pairs
                report.user_properties += pairs
        self._treat(report, frozenset(finding.invariant for finding in findings))
        if report.when == "teardown":
            self._over(item.nodeid)
        return report

    def place_of(self, test: str) -> Callable[[], Path] | None:
        """Finds places for the traces that are written while a test runs; None: none are.

        They go when the test is over. Of one that is killed they stay, whole to the last line.
        """
        if self._directory is None:
            return None
        directory = self._directory
        directory.mkdir(parents=True, exist_ok=True)
        self._over(test)  # A run that was killed has left its own.

        def place() -> Path:
            names = (f"{slug(test)}.{number}{LIVE}" for number in count(1))
            return next(path for name in names if not (path := directory / name).exists())

        return place

    def _over(self, test: str) -> None:
        if self._directory is None:
            return
        for path in self._directory.glob(f"{escape(slug(test))}.*{LIVE}"):
            path.unlink(missing_ok=True)

    def _written(self, directory: Path, test: str, mocks: "Sequence[Mock]") -> dict[str, str]:
        directory.mkdir(parents=True, exist_ok=True)
        paths = {}
        for name, ending in (("trace", ".trace.jsonl"), ("timeline", ".html")):
            try:
                parts = [getattr(mock, name)() for mock in mocks]
            except (RuntimeError, TimeoutError):
                continue  # The mock is broken, which the story of the test says.
            if content := b"".join(parts):
                path = directory / f"{slug(test)}{ending}"
                write_whole(path, content)
                paths[name] = str(path)
        return paths

    def _treat(self, report: pytest.TestReport, found: frozenset[str]) -> None:
        line = self._expected.of(report.nodeid)
        if line is None or report.when != "call" or report.skipped or (report.failed and not found):
            return
        verdict = self._expected.verdict(report.nodeid, found)
        if verdict.holds:
            report.outcome = "skipped"
            report.wasxfail = f"{EXPECTED}{line.reason}"
        else:
            report.outcome = "failed"
            report.longrepr = report.longrepr or f"offhook: {verdict.words}."
            report.sections.append(("offhook: expected failures", verdict.words))

    # Where the end is printed.

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A phase of a test is over, here or on a worker."""
        phases = self._phases.setdefault(report.nodeid, [])
        phases.append(report)
        if report.when != "teardown":
            return
        del self._phases[report.nodeid]
        result = result_of(
            report.user_properties,
            test=report.nodeid,
            location=report.location,
            outcome=_outcome(phases),
            message=_message(phases),
        )
        if result is not None:
            self._results.append(result)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write what is of the whole run, but not on a worker of pytest-xdist.

        A run whose report could not be written has failed: somebody waits for it.
        """
        if self._directory is None or hasattr(session.config, "workerinput"):
            return
        try:
            self._write(self._directory)
        except OSError as error:
            self._unwritten = f"Not written: {error}."
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def _write(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        page = markdown(self._results)
        write_whole(directory / SUMMARY, page)
        write_whole(directory / SARIF, _json(sarif(self._results, version=version("offhook"))))
        write_whole(directory / RESULTS, _json(self._results))
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(page)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Where the files are; on GitHub the annotations, which are lines that it reads."""
        if self._directory is None:
            return
        terminalreporter.section("offhook: report")
        if self._unwritten is not None:
            terminalreporter.line(self._unwritten, red=True)
            return
        terminalreporter.line(f"{self._directory / SUMMARY}, and beside it {SARIF} and the traces")
        if os.environ.get("GITHUB_ACTIONS") == "true":
            for line in annotations(self._results):
                terminalreporter.line(line)


def slug(test: str) -> str:
    """A file name for a test: readable, and its own."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", test).strip("-")[-_SLUG_LETTERS:]
    return f"{readable}-{crc32(test.encode()):08x}"


def _outcome(phases: Iterable[pytest.TestReport]) -> str:
    outcome = "passed"
    for phase in phases:
        if phase.failed:
            return "failed"
        if str(getattr(phase, "wasxfail", "")).startswith(EXPECTED):
            outcome = "expected"
    return outcome


def _message(phases: Iterable[pytest.TestReport]) -> str:
    texts = (phase.longreprtext for phase in phases if phase.failed)
    lines = [line for text in texts for line in text.splitlines()]
    told = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
    return next(iter([*told, *lines]), "")


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value)) + b"\n"
