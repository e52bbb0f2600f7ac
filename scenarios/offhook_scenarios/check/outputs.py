"""What `offhook check`, `replay` and `play` have in common: files, and how a session is shown."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from offhook.commands.exits import FINDINGS, Surroundings, interruptible
from offhook.commands.files import FILE, write

if TYPE_CHECKING:
    from offhook.testing.expected import Expected
    from offhook_scenarios.check.report import Shown
    from offhook_scenarios.check.setup import Setup
    from offhook_scenarios.plan.judgement import Finding

BUDGET_S = 2.0
_LEAD = ("Compare two lanes of each desk: what the screen says, and what the caller hears.",)


def files_and_json(command: Callable[..., None]) -> Callable[..., None]:
    """The options of these verbs."""
    options = (
        click.option(
            "--timeline",
            type=FILE,
            metavar="FILE",
            help="Draw the session that is shown: one HTML file that loads nothing.",
        ),
        click.option(
            "--as-pytest",
            type=FILE,
            metavar="FILE",
            help="Write the session that is shown as a test: red until the client is mended.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextlib.contextmanager
def judging() -> Iterator[None]:
    """What ends a verb before anything is judged, told with its exit code."""
    from offhook.domain.errors import OffhookError  # noqa: PLC0415 - only when something is played.
    from offhook_scenarios.check.client_name import NoClientError  # noqa: PLC0415 - as above.

    with interruptible():
        try:
            yield
        except NoClientError as error:
            raise click.UsageError(f"--client: {error}") from error
        except OffhookError as error:
            raise Surroundings(str(error)) from error


def settled(expected: Expected, found: Mapping[str, frozenset[str]]) -> int:
    """Say what of it was known, and what was not; returns the exit code."""
    from offhook_scenarios.check.known import settle  # noqa: PLC0415 - msgspec only when asked for.

    outcome = settle(expected, found)
    for line in outcome.lines:
        click.echo(line, err=True)
    return 0 if outcome.holds else FINDINGS


def draw_and_test(
    shown: Shown | None,
    setup: Setup,
    broken: Sequence[Finding],
    timeline: Path | None,
    as_pytest: Path | None,
    *,
    budget_s: float,
) -> None:
    """The files that were asked for, of the session that is shown. `broken`: what counts in it."""
    from offhook_scenarios.check.pytest_file import pytest_file  # noqa: PLC0415 - see the top.
    from offhook_scenarios.check.words import headline, replayed  # noqa: PLC0415 - as above.
    from offhook_scenarios.report.picture import page  # noqa: PLC0415 - as above.

    if shown is None:
        tell_unwritten("The session was not played once more", timeline, as_pytest)
        return
    lines = replayed(shown, broken)
    if timeline is not None:
        histories = () if shown.played is None else shown.played.histories
        drawn = page(headline(broken), _LEAD, histories, budget_s=budget_s, words=lines)
        write(timeline, drawn)
        click.echo(f"Timeline: {timeline}", err=True)
    if as_pytest is not None and broken:
        text = pytest_file(broken[0].invariant, shown.judged.plan, setup.client, lines)
        write(as_pytest, text)
        click.echo(f"Test: {as_pytest}; run it: pytest {as_pytest}", err=True)
    elif as_pytest is not None:
        click.echo("Nothing broke, so there is no test to write.", err=True)


def tell_unwritten(why: str, *asked_for: Path | None) -> None:
    """Say that the files that were asked for are not there, if any were."""
    paths = [str(path) for path in asked_for if path is not None]
    if paths:
        click.echo(f"{why}: nothing was written to {' and '.join(paths)}.", err=True)
