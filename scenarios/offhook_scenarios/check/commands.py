"""The command line: `offhook check` and `offhook replay`. Heavy imports wait until they run."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from offhook_scenarios.check.drive import Tally
    from offhook_scenarios.check.finding import Saved

FINDINGS = 1
SURROUNDINGS = 3
"""Exit code when the machine, and not a client, is to blame."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells give it."""
SAVED = "offhook-finding.json"


@click.command()
@click.option(
    "--seeds",
    "count",
    type=click.IntRange(1, 100_000_000),
    default=1_000,
    show_default=True,
    help="How many sessions; each seed makes one.",
)
@click.option("--from", "first", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--client",
    default="reference",
    show_default=True,
    help="reference, naive, mutant:NAME, or module:factory: a callable from a seed to an adapter.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=lambda: os.cpu_count() or 1,
    show_default="one for each processor",
    help="How many processes play.",
)
@click.option(
    "--budget",
    "budget_s",
    type=click.FloatRange(min=0),
    default=2.0,
    show_default=True,
    help="Seconds shown muted and heard that are told, though they may be excused.",
)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    default=SAVED,
    show_default=True,
    help="Where the first session that broke is written, for `offhook replay`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
def check(
    *, count: int, first: int, client: str, jobs: int, budget_s: float, save: Path, as_json: bool
) -> None:
    """A client through generated trouble, in virtual time.

    Each seed makes a plan: presses, other hands, broken links, wrong answers, lost events. It is
    played to its end, healed, and judged by the invariants I0, I1, I2, I3 and I10. Exits 1 when
    one of them broke, and writes the session of the lowest seed that did.

    \b
    Examples:
      offhook check --seeds 5000
      offhook check --client naive --seeds 20
      offhook check --client my_tests.desk:make --json
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    from offhook_scenarios.check.clients import ClientError, find_client  # noqa: PLC0415 - see above.
    from offhook_scenarios.check.words import document, told  # noqa: PLC0415 - as above.

    try:
        find_client(client)
    except ClientError as error:
        raise click.UsageError(f"--client: {error}") from error
    seeds = range(first, first + count)
    began = time.monotonic()
    try:
        tally = _played(client, seeds, jobs=jobs, budget_s=budget_s)
    except KeyboardInterrupt:
        click.echo("Interrupted: nothing was judged, nothing was written.", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    wall_s = time.monotonic() - began
    if as_json:
        report = document(tally, client=client, seeds=seeds, wall_s=wall_s)
        click.echo(json.dumps(report, indent=2))
    else:
        click.echo("\n".join(told(tally, wall_s=wall_s)))
    _save_first(tally, client, save)


def _played(client: str, seeds: range, *, jobs: int, budget_s: float) -> Tally:
    from rich.console import Console  # noqa: PLC0415 - see above.
    from rich.progress import MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - as above.

    from offhook_scenarios.check.drive import Tally, drive  # noqa: PLC0415 - as above.

    tally = Tally(budget_s=budget_s)
    began = time.monotonic()
    columns = (
        *Progress.get_default_columns(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[now]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.disable = not bar.console.is_terminal
        task = bar.add_task("checking", total=len(seeds), now="")
        for judged in drive(client, seeds, jobs=min(jobs, len(seeds))):
            tally.add(judged)
            rate = tally.sessions / max(time.monotonic() - began, 1e-9)
            now = f"{rate:.0f}/s, exposed {tally.exposed_s:.1f} s at most, {tally.failed} broke"
            bar.update(task, advance=1, now=now)
    return tally


def _save_first(tally: Tally, client: str, path: Path) -> None:
    from offhook_scenarios.check.finding import save  # noqa: PLC0415 - see above.

    if tally.first is None:
        return
    try:
        save(tally.first, client, path)
    except OSError as error:
        click.echo(f"The session could not be written to {path}: {error.strerror}.", err=True)
        raise click.exceptions.Exit(SURROUNDINGS) from error
    click.echo(f"Written to {path}; again: offhook replay {path}", err=True)
    raise click.exceptions.Exit(FINDINGS)


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def replay(path: Path) -> None:
    """Play a session again that `offhook check` has written, byte for byte.

    Exits 1 when it breaks an invariant again, 0 when it holds. With another Python minor or
    another version of a library the bytes would differ: that is refused, by name, with 3.

    \b
    Examples:
      offhook replay offhook-finding.json
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    from offhook_scenarios.check.clients import ClientError  # noqa: PLC0415 - see above.
    from offhook_scenarios.check.finding import load  # noqa: PLC0415 - as above.
    from offhook_scenarios.plan.plan import PlanError  # noqa: PLC0415 - as above.

    try:
        saved = load(path)
        broke = _again(saved)
    except (PlanError, ClientError) as error:
        raise click.UsageError(str(error)) from error
    if broke:
        raise click.exceptions.Exit(FINDINGS)


def _again(saved: Saved) -> bool:
    from offhook_scenarios.check.clients import find_client  # noqa: PLC0415 - see above.
    from offhook_scenarios.check.drive import quiet  # noqa: PLC0415 - as above.
    from offhook_scenarios.check.key import difference, surroundings  # noqa: PLC0415 - as above.
    from offhook_scenarios.check.words import session  # noqa: PLC0415 - as above.
    from offhook_scenarios.plan.judgement import run_plan  # noqa: PLC0415 - as above.

    if other := difference(saved.surroundings, surroundings()):
        click.echo(f"This session cannot be repeated here: {other}.", err=True)
        raise click.exceptions.Exit(SURROUNDINGS)
    with quiet():
        judged = run_plan(saved.plan, find_client(saved.client))
    click.echo("\n".join(session(judged)))
    if saved.digest is not None:
        same = judged.digest == saved.digest
        click.echo(
            "Every byte as before." if same else "The bytes differ: the code is not what it was."
        )
    return bool(judged.findings)
