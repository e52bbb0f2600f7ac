"""What `offhook herd` prints."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from offhook_scenarios.backoff.figures import Figures
from offhook_scenarios.backoff.lab import Experiment, Limit, Result

if TYPE_CHECKING:
    from rich.console import Console

_HEAD = "calls per   gave    t50    t99   t100     peak  early  fair"
_UNDER = "  success     up"
_WORDS = {
    Limit.TOKEN_BUCKET: "a token bucket",
    Limit.FIXED_WINDOW: "a fixed window of 10 s",
    Limit.BACKLOG_AWARE: "a token bucket whose Retry-After knows the backlog",
}
EXPLAINED = (
    "t50, t99, t100: when so many of all clients were served, in multiples of the ideal.",
    "peak: busiest tenth of a second after all have begun, in multiples of the capacity.",
    "early: retries sooner than Retry-After asked. fair: Jain's index of the waits, 1 is equal.",
)


def describe(experiment: Experiment) -> str:
    """The experiment in a sentence."""
    herd, capacity = experiment.herd, experiment.capacity_per_s
    text = f"{herd.clients:,} clients begin within {herd.start_within_s:g} s. "
    text += f"The server is {_WORDS[experiment.limit]}, {capacity:g}/s"
    if experiment.outage_s:
        text += f", and answers 503 for the first {experiment.outage_s:g} s"
    return f"{text}. Ideal: {herd.clients / capacity:g} s. Seed {herd.seed}."


def print_table(results: Sequence[Result], experiment: Experiment, console: "Console") -> None:
    """Print the whole report. Colours, and none with NO_COLOR or without a terminal, are rich's."""
    for text, style in _lines(results, experiment):
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _lines(results: Sequence[Result], experiment: Experiment) -> Iterator[tuple[str, str]]:
    width = max([*(len(result.name) for result in results), 6]) + 1
    yield describe(experiment), "bold"
    yield "", ""
    yield f"{'policy':<{width}}{_HEAD}", "bold"
    yield f"{'':<{width}}{_UNDER}", "bold"
    for result in results:
        if result.figures is not None:
            yield f"{result.name:<{width}}{_row(result.figures)}", _style(result.figures)
        if result.finding is not None:
            yield f"{result.name:<{width}}{result.finding}", "red"
    yield "", ""
    for result in results:
        if result.collapse is not None:
            share = result.collapse.recovers_up_to
            yield f"{result.name:<{width}}recovers from a slow spell up to {share:.0%} load", ""
    for text in EXPLAINED:
        yield text, "dim"


def _row(found: Figures) -> str:
    return (
        f"{_number(found.calls_per_success, 9)}{found.gave_up:>7.0%}"
        f"{_number(found.t50, 7)}{_number(found.t99, 7)}{_number(found.t100, 7)}"
        f"{_number(found.peak, 9, 1)}"
        f"{'-' if found.early is None else f'{found.early:.0%}':>7}{_number(found.fairness, 6)}"
    )


def _number(value: float | None, width: int, places: int = 2) -> str:
    return f"{'-' if value is None else f'{value:,.{places}f}':>{width}}"


def _style(found: Figures) -> str:
    lost = 0.01
    return "red" if found.gave_up > lost else "yellow" if found.early else ""
