"""The end of a run for people in CI: a Markdown page, and GitHub's annotations."""

from collections.abc import Iterable, Iterator, Sequence

from offhook.testing.results import Result

ANNOTATED_MAX = 10
"""GitHub shows ten of a step and drops the rest."""


def markdown(results: Sequence[Result]) -> str:
    """The job summary: how it went, and a row for each test that did not tell the truth."""
    failed = [result for result in results if result.outcome == "failed"]
    expected = [result for result in results if result.outcome == "expected"]
    title = "told the truth" if not failed else "did not hold"
    counts = (
        f"{len(results)} tests with a mock: {len(results) - len(failed) - len(expected)} passed, "
        f"{len(failed)} failed, {len(expected)} failed as expected."
    )
    lines = [f"## Offhook: {title}", "", counts]
    told = [*failed, *expected]
    if told:
        lines += ["", "| test | invariants | what | seed | files |", "|---|---|---|---|---|"]
        lines += [_row(result) for result in told]
    return "\n".join([*lines, ""])


def annotations(results: Iterable[Result]) -> Iterator[str]:
    """Workflow commands, one for each test that failed; the first ones, as GitHub shows no more."""
    failed = [result for result in results if result.outcome == "failed"]
    for result in failed[:ANNOTATED_MAX]:
        invariants = ", ".join(finding.invariant for finding in result.findings)
        title = _property(f"offhook {invariants}".strip())
        words = result.findings[0].words if result.findings else result.message
        yield (
            f"::error file={_property(result.path)},line={result.line},title={title}"
            f"::{_data(f'{result.test}: {words}')}"
        )


def _row(result: Result) -> str:
    invariants = ", ".join(dict.fromkeys(finding.invariant for finding in result.findings))
    words = result.findings[0].words if result.findings else result.message
    files = ", ".join(f"`{name}`" for name in (result.trace, result.timeline) if name)
    what = words if result.outcome == "failed" else f"{words} (expected)"
    cells = (f"`{result.test}`", invariants, what, result.seed, files)
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
