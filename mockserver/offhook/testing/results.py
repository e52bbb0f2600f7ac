"""What is kept of a test with a mock, for the reports at the end of a run.

It travels from a worker of pytest-xdist as the properties of its report, so it is made of texts.
"""

from collections.abc import Iterable, Mapping

import msgspec

from offhook.testing.findings import Finding

PREFIX = "offhook_"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One test that used a mock, or failed by a finding."""

    test: str
    """Its node id."""
    path: str
    """Its file, from the root of the project, with `/`."""
    line: int
    """From 1."""
    outcome: str
    """`passed`, `failed`, or `expected`: failed as the file of expected failures says."""
    seed: str = ""
    findings: tuple[Finding, ...] = ()
    trace: str = ""
    """Where the trace was written; empty when none was."""
    timeline: str = ""
    message: str = ""
    """The first line of what failed it."""


def properties_of(
    findings: Iterable[Finding], *, trace: str = "", timeline: str = ""
) -> list[tuple[str, object]]:
    """What is added to a test's properties, which `--junitxml` shows too."""
    found = tuple(findings)
    pairs = [(f"{PREFIX}invariant", finding.invariant) for finding in found]
    pairs += [(f"{PREFIX}finding", finding.words) for finding in found]
    pairs += [(f"{PREFIX}trace", trace)] if trace else []
    pairs += [(f"{PREFIX}timeline", timeline)] if timeline else []
    return [*pairs]


def result_of(
    properties: Iterable[tuple[str, object]],
    *,
    test: str,
    location: tuple[str, int | None, str],
    outcome: str,
    message: str = "",
) -> Result | None:
    """What a report tells; None of a test that had nothing to do with a mock."""
    ours: dict[str, list[str]] = {}
    for name, value in properties:
        if name.startswith(PREFIX):
            ours.setdefault(name.removeprefix(PREFIX), []).append(str(value))
    if not ours:
        return None
    path, line, _ = location
    return Result(
        test=test,
        path=path.replace("\\", "/"),
        line=(line or 0) + 1,
        outcome=outcome,
        seed=_first(ours, "seed"),
        findings=tuple(
            Finding(invariant=invariant, words=words)
            for invariant, words in zip(
                ours.get("invariant", ()), ours.get("finding", ()), strict=True
            )
        ),
        trace=_first(ours, "trace"),
        timeline=_first(ours, "timeline"),
        message=message,
    )


def _first(ours: Mapping[str, list[str]], name: str) -> str:
    return ours.get(name, [""])[0]
