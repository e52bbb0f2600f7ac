"""A check from its first session to its report, with a bar for who waits."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from offhook.server import SurroundingsError
from offhook_scenarios.check.drive import PATIENCE_S, Deadline, LostError, drive
from offhook_scenarios.check.found import Found, as_they_are, find_shortest
from offhook_scenarios.check.report import Report
from offhook_scenarios.check.setup import CHUNKS, PlayError, Setup, What
from offhook_scenarios.check.tally import Tally
from offhook_scenarios.check.trace import CheckTrace
from offhook_scenarios.drivers.executors import workers
from offhook_scenarios.plan.judgement import Invariant, Judged

if TYPE_CHECKING:
    from rich.progress import Progress


OUTSIDE_PATIENCE_S = 1_800.0
"""One session takes minutes of a client that lives outside and is never right again."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be checked, by whom, and for how long."""

    setup: Setup
    sessions: str
    """Which ones they are, in words."""
    whats: Iterable[What]
    count: int | None
    """How many they are; None: as many as there is time for."""
    jobs: int
    scheduler: str | None = None
    time_s: float | None = None
    budget_s: float
    only: Invariant | None = None
    """Look for this invariant alone."""
    trace: Path | None = None
    """Where each session is written down as it is judged."""


def run(task: Task) -> Report:
    """Play all, shrink what broke. Ctrl-C and lost workers end it early, and what was found stays.

    Raises `ExecutorError`, `NoClientError`, and `PlayError` when nothing at all could be played.
    """
    setup = task.setup
    tally = Tally(
        budget_s=task.budget_s,
        counts=lambda each: setup.counts(each) and task.only in {None, each.invariant},
    )
    began = time.monotonic()
    ended_early, interrupted, found = None, False, list[Found]()
    with _bar() as bar:
        try:
            _play(task, tally, bar)
        except KeyboardInterrupt:
            interrupted, ended_early = True, "Interrupted."
        except (LostError, PlayError, SurroundingsError) as error:
            if not tally.sessions:
                raise
            ended_early = str(error)
        wall_s = time.monotonic() - began
        if interrupted or setup.is_outside:
            # On the wire a play takes minutes, and no two are the same.
            found = as_they_are(tally.candidates)
        else:
            try:
                found = _shrink(setup, tally, bar)
            except KeyboardInterrupt:
                interrupted, ended_early = True, "Interrupted while sessions were shortened."
                found = as_they_are(tally.candidates)
    return Report(
        setup=setup,
        sessions=task.sessions,
        tally=tally,
        found=tuple(found),
        wall_s=wall_s,
        shortened_s=time.monotonic() - began - wall_s,
        ended_early=ended_early,
        interrupted=interrupted,
    )


@contextmanager
def _bar() -> "Iterator[Progress]":
    """On stderr while it takes; nothing where nobody watches."""
    from rich.console import Console  # noqa: PLC0415 - slow to import, and not needed by workers.
    from rich.progress import (  # noqa: PLC0415 - as above.
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=12),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[now]}"),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as it:
        yield it


def _play(task: Task, tally: Tally, bar: "Progress") -> None:
    began = time.monotonic()
    line = bar.add_task("checking", total=task.count, now="")
    chunks = sys.maxsize if task.count is None else task.count // CHUNKS[task.setup.played_on]
    jobs = max(1, min(task.jobs, chunks))
    with _trace(task) as told, workers(jobs, task.scheduler) as found:
        sessions = drive(
            task.setup,
            task.whats,
            found,
            go_on=Deadline(task.time_s),
            patience_s=OUTSIDE_PATIENCE_S if task.setup.is_outside else PATIENCE_S,
        )
        for judged in sessions:
            tally.add(judged)
            if told is not None:
                told.add(judged)
            rate = tally.sessions / max(time.monotonic() - began, 1e-9)
            now = f"{rate:.0f}/s, exposed {tally.exposed_s:.1f} s, {tally.failed} broke"
            bar.update(line, advance=1, now=now)


def _trace(task: Task) -> AbstractContextManager[CheckTrace | None]:
    if task.trace is None:
        return nullcontext()
    return CheckTrace(task.trace, task.setup, sessions=task.sessions)


def _shrink(setup: Setup, tally: Tally, bar: "Progress") -> list[Found]:
    line = bar.add_task("shortening", total=len(tally.candidates), now="", visible=tally.failed > 0)
    begun: list[Invariant] = []

    def told(invariant: Invariant, best: Judged, runs: int) -> None:
        if invariant not in begun:
            begun.append(invariant)
        now = f"{invariant.value}: {len(best.plan.steps)} steps after {runs} plays"
        bar.update(line, completed=len(begun) - 1, now=now)

    return find_shortest(tally.candidates, setup, told=told)
