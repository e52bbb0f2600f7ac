"""What the demo prints: one row a session and desk, then who told the truth how often."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from offhook_scenarios.complete_example import ExampleRun
from offhook_scenarios.demo import Demo
from offhook_scenarios.outcome import Outcome, Result, truth_told
from offhook_scenarios.verdict import Lie

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 78
"""Everything fits a terminal of 80 columns, long errors excepted."""

_STYLES = {
    Result.OK: "green",
    Result.NOT_EXERCISED: "yellow",
    Result.NOT_PLAYED: "dim",
    Result.ERROR: "bold yellow",
}
_LIES = {Lie.LIVE: "bold red", Lie.UNHEARD: "red"}


def print_table(demo: Demo, console: "Console", *, budget_s: float) -> None:
    """Print the whole report. Colours, and none with NO_COLOR or without a terminal, are rich's."""
    for text, style in _lines(demo, budget_s=budget_s):
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _lines(demo: Demo, *, budget_s: float) -> Iterator[tuple[str, str]]:
    if demo.example is not None:
        yield from _example(demo.example)
    yield "Did the screen tell the truth about the microphone?", "bold"
    yield "", ""
    for number, (session, rows) in enumerate(groupby(demo.outcomes, lambda row: row.session), 1):
        evidence = session.evidence.value
        title = f"{number:2} {session.title}"
        yield f"{title:<{WIDTH - len(evidence)}}{evidence}", "bold"
        for row in rows:
            yield f"   {row.desk:<10} {row.words}", _style(row)
    yield "", ""
    told = [f"{desk} {true} of {of}" for desk, (true, of) in truth_told(demo.outcomes).items()]
    yield f"Told the truth: {', '.join(told)}.", "bold"
    yield f"A screen that is wrong for up to {budget_s:g} s is news on its way, not a lie.", "dim"
    for remark in demo.remarks:
        yield remark, "dim"
    yield "Findings on `assumed` evidence rest on what nobody documents.", "dim"


def _example(example: ExampleRun) -> Iterator[tuple[str, str]]:
    yield "The tutorial's complete example, over real sockets", "bold"
    for line in example.lines:
        yield f"   {line}", "dim"
    if example.error is not None:
        yield f"   error: {example.error}", _STYLES[Result.ERROR]
    yield "", ""


def _style(row: Outcome) -> str:
    if row.verdict is not None and row.verdict.lies:
        return _LIES[row.verdict.lies[0].lie]
    if row.verdict is not None and row.verdict.wish_lost:
        return "yellow"
    return _STYLES[row.result]
