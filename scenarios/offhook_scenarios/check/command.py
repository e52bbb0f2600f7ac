"""The command line: `offhook check`. Heavy imports wait until it runs."""

from __future__ import annotations

import json
import os
from itertools import count as counting
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from offhook.commands.exits import FINDINGS, INTERRUPTED, SURROUNDINGS
from offhook.commands.files import FILE, write
from offhook.commands.ranges import NumberRange
from offhook_scenarios.check.guest_options import guest_options
from offhook_scenarios.check.outputs import (
    BUDGET_S,
    draw_and_test,
    files_and_json,
    judging,
    settled,
    tell_unwritten,
)

if TYPE_CHECKING:
    from offhook.testing.expected import Expected
    from offhook_scenarios.check.report import Report, Shown
    from offhook_scenarios.check.running import Task
    from offhook_scenarios.check.setup import Setup
    from offhook_scenarios.plan.judgement import Judged

SAVED = "offhook-finding.json"
SEEDS = 1_000
"""How many sessions, unless a number or a time is given."""
INVARIANTS = [f"I{number}" for number in range(15)]


class Duration(click.ParamType):  # type: ignore[type-arg]  # - generic from click 8.3 on.
    """`90`, `60s`, `5m`, `1h`."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """In seconds, more than none."""
        from offhook.testing.durations import seconds_of  # noqa: PLC0415 - see the top.

        try:
            length_s = seconds_of(float(value) if value.replace(".", "", 1).isdigit() else value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not length_s:
            self.fail("no time at all checks nothing.", param, ctx)
        return length_s


def _check_guest(**options: Any) -> None:
    from offhook_scenarios.check.guest_command import check_guest  # noqa: PLC0415 - see the top.

    check_guest(**options)


@click.command()
@click.option(
    "--seeds",
    type=click.IntRange(1, 100_000_000),
    help=f"How many sessions; each seed makes one.  [default: {SEEDS}, or as many as --time holds]",
)
@click.option(
    "--from",
    "first",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The first seed.",
)
@click.option(
    "--time", "time_s", type=Duration(), help="Begin no more sessions after so long: 60s, 5m, 8h."
)
@click.option(
    "--client",
    default="reference",
    show_default=True,
    help="reference, naive, mutant:NAME, module:factory (a callable from a seed to an adapter), "
    "or one outside this process: stdio:COMMAND, ws, browser:URL.",
)
@click.option(
    "--order",
    type=click.Choice(["fifo", "random", "pct"]),
    help="In which order tasks run that are ready at once, instead of each plan's own.",
)
@click.option(
    "--invariant",
    type=click.Choice(INVARIANTS, case_sensitive=False),
    help="Look for this one alone.",
)
@click.option(
    "--on",
    type=click.Choice(["sim", "wire"]),
    default="sim",
    show_default=True,
    help="In virtual time, or over real sockets, in a twentieth of real time.",
)
@click.option("--strict", is_flag=True, help="Count findings that rest on what is only assumed.")
@click.option(
    "--budget",
    "budget_s",
    type=NumberRange(0, 86_400),
    default=BUDGET_S,
    show_default=True,
    help="Seconds shown muted and heard that are told, though they may be excused.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=lambda: os.cpu_count() or 1,
    show_default="one for each processor",
    help="How many processes play.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="A Dask scheduler whose workers play instead, tcp://host:8786; needs offhook[cluster].",
)
@click.option(
    "--save",
    type=FILE,
    default=SAVED,
    show_default=True,
    help="Where the shortest session that broke is written, for `offhook replay`.",
)
@click.option(
    "--trace",
    type=FILE,
    metavar="FILE",
    help="Append each session as it is judged: what a run that is killed leaves to replay.",
)
@click.option(
    "--expected-failures",
    "known",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file of findings that are known: new ones fail, and so do those that are gone.",
)
@files_and_json
@guest_options(_check_guest)
def check(
    *,
    seeds: int | None,
    first: int,
    time_s: float | None,
    invariant: str | None,
    budget_s: float,
    jobs: int,
    scheduler: str | None,
    save: Path,
    trace: Path | None,
    known: Path | None,
    timeline: Path | None,
    as_pytest: Path | None,
    as_json: bool,
    **setup: Any,
) -> None:
    """A client through generated trouble, in virtual time.

    Each seed makes a plan: presses, other hands, broken links, wrong answers, lost events. It is
    played to its end, healed, and judged by the invariants I0 to I14. When one of them breaks,
    the shortest session that breaks it is looked for, told and written down; it exits 1.

    \b
    Examples:
      offhook check --time 60s
      offhook check --client naive --seeds 100 --timeline session.html
      offhook check --client my_tests.desk:make --as-pytest tests/test_found.py
      offhook check --client stdio:"node my_desk.js"
      offhook check --client my_tests.desk:make --seeds 100000 --scheduler tcp://10.0.0.7:8786

    \b
    Exit codes: 0 held, 1 broke, 2 usage, 3 the surroundings do not allow it, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    from offhook_scenarios.check.running import Task  # noqa: PLC0415 - see the top.
    from offhook_scenarios.plan.judgement import Invariant  # noqa: PLC0415 - as above.

    expected = _expected(known)
    if seeds is None and time_s is None:
        seeds = SEEDS
    task = Task(
        setup=_setup(**setup),
        sessions=_named(first, seeds),
        whats=counting(first) if seeds is None else range(first, first + seeds),
        count=seeds,
        jobs=jobs,
        scheduler=scheduler,
        time_s=time_s,
        budget_s=budget_s,
        only=None if invariant is None else Invariant(invariant),
        trace=trace,
    )
    report, shown = _checked(task)
    _tell(report, shown, as_json=as_json)
    if report.found:
        _save(report.found[0].judged, task.setup, save)
    _draw(report, shown, timeline, as_pytest)
    if code := _code(report, expected):
        raise click.exceptions.Exit(code)


def _draw(
    report: Report, shown: Shown | None, timeline: Path | None, as_pytest: Path | None
) -> None:
    if report.found:
        broken, budget_s = report.found[0].broken, report.tally.budget_s
        draw_and_test(shown, report.setup, broken, timeline, as_pytest, budget_s=budget_s)
    else:
        tell_unwritten("Nothing broke", timeline, as_pytest)


def _named(first: int, seeds: int | None) -> str:
    return f"seeds from {first}" if seeds is None else f"seeds {first} to {first + seeds - 1}"


def _setup(*, client: str, order: str | None, on: str, strict: bool) -> Setup:
    from offhook_scenarios.check.clients import find_client  # noqa: PLC0415 - see the top.
    from offhook_scenarios.check.setup import Network, Setup  # noqa: PLC0415 - as above.
    from offhook_scenarios.sim.ready import Order  # noqa: PLC0415 - as above.

    with judging():
        find_client(client)
    if order is not None and on != Network.SIM:
        raise click.UsageError("--order: only the simulation can choose it, with --on sim.")
    return Setup(
        client=client,
        order=None if order is None else Order(order),
        network=Network(on),
        strict=strict,
    )


def _checked(task: Task) -> tuple[Report, Shown | None]:
    from offhook_scenarios.check.report import show  # noqa: PLC0415 - see the top.
    from offhook_scenarios.check.running import run  # noqa: PLC0415 - as above.
    from offhook_scenarios.check.setup import Network  # noqa: PLC0415 - as above.

    with judging():
        report = run(task)
        setup = task.setup
        # On the wire once more takes long, and whoever pressed Ctrl-C does not wait for it.
        hurried = report.interrupted and setup.network != Network.SIM
        again = report.found and not setup.is_outside and not hurried
        shown = show(report.found[0].plan, task.setup) if again else None
    return report, shown


def _tell(report: Report, shown: Shown | None, *, as_json: bool) -> None:
    from offhook_scenarios.check.document import document  # noqa: PLC0415 - see the top.
    from offhook_scenarios.check.words import told  # noqa: PLC0415 - as above.

    if report.ended_early is not None:
        click.echo(report.ended_early, err=True)
    if as_json:
        click.echo(json.dumps(document(report, shown), indent=2))
    else:
        click.echo("\n".join(told(report, shown)))


def _expected(known: Path | None) -> Expected | None:
    from offhook_scenarios.check.known import load  # noqa: PLC0415 - see the top.

    return load(known)


def _code(report: Report, expected: Expected | None) -> int:
    from offhook_scenarios.check.known import GENERATED  # noqa: PLC0415 - see the top.

    if report.interrupted:
        return INTERRUPTED
    if report.ended_early is not None:
        return SURROUNDINGS
    if expected is not None:
        return settled(expected, {GENERATED: frozenset(report.tally.broken)})
    return FINDINGS if report.tally.failed else 0


def _save(judged: Judged, setup: Setup, path: Path) -> None:
    from offhook_scenarios.check.finding import saved, text  # noqa: PLC0415 - see the top.

    write(path, text(saved(judged, setup)))
    click.echo(f"Written to {path}; again: offhook replay {path}", err=True)
