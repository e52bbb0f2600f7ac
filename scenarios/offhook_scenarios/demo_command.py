"""The command line: `offhook demo`. Heavy imports wait until it runs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from offhook.commands.exits import SURROUNDINGS, interruptible
from offhook.commands.files import FILE, write
from offhook.commands.ranges import NumberRange

if TYPE_CHECKING:
    from offhook_scenarios.adapters.node import Node, NoNodeError
    from offhook_scenarios.demo import Demo
    from offhook_scenarios.outcome import Outcome
    from offhook_scenarios.sessions.session import Session

SEED = 1
"""The same demo for everybody, unless asked for another."""


def _named(
    _ctx: click.Context, _param: click.Parameter, names: tuple[str, ...]
) -> tuple[Session, ...]:
    """The sessions of these ids; else a usage error that names the nearest one."""
    from offhook_scenarios.sessions.catalogue import CATALOGUE  # noqa: PLC0415 - see above.

    sessions = {session.id: session for session in CATALOGUE}
    for name in names:
        if name not in sessions:
            near = get_close_matches(name, sessions, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sessions)}."
            raise click.BadParameter(f"There is no session {name!r}. {hint}")
    return tuple(session for session in CATALOGUE if session.id in names)


@click.command()
@click.option(
    "--speed",
    type=NumberRange(1, 100),
    default=30.0,
    show_default=True,
    help="How many times as fast as the wall's the clock of server, desks and calls runs.",
)
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True)
@click.option(
    "--only",
    "chosen",
    metavar="SESSION",
    callback=_named,
    multiple=True,
    help="Play this session only, by its id. May be given more than once.",
)
@click.option(
    "--html",
    type=FILE,
    default="offhook-demo.html",
    show_default=True,
    help="Where the timeline is written: one file that loads nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
def demo(
    *, speed: float, seed: int, chosen: tuple[Session, ...], html: Path, as_json: bool
) -> None:
    """Three desks through the same twelve troubled sessions.

    The naive desk does what the tutorial's code does; the reference desk is offhook_client.
    The js-sdk desk is a small one on the official JavaScript SDK, which npm fetches once; it
    speaks the platform's dialect, and is left out, with a word, where there is no Node.
    Each session is judged by one question: did the screen tell the truth about the microphone?

    \b
    Examples:
      offhook demo
      offhook demo --speed 1 --only second-tab-unmutes
      offhook demo --json --html /dev/null

    Exit codes: 0 played, findings or not, since they are the point of it; 2 usage, 3 the
    surroundings do not allow it, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    from offhook_scenarios.sessions.catalogue import CATALOGUE  # noqa: PLC0415 - see above.

    with interruptible():
        played = _play(chosen or CATALOGUE, seed=seed, speed=speed)
    _report(played, html=html, as_json=as_json)
    if played.broken:
        raise click.exceptions.Exit(SURROUNDINGS)


def _play(sessions: Sequence[Session], *, seed: int, speed: float) -> Demo:
    from offhook_scenarios.demo import run_demo  # noqa: PLC0415 - see above.
    from offhook_scenarios.run import DESKS  # noqa: PLC0415 - see above.

    node = _node()
    desks = len(DESKS) + (not isinstance(node, Exception))
    with _progress(len(sessions) * desks) as done:
        return run_demo(sessions, tuple(DESKS), seed=seed, speed=speed, node=node, done=done)


def _node() -> Node | NoNodeError:
    from offhook_scenarios.adapters import node  # noqa: PLC0415 - see above.

    try:
        return node.install(tell=lambda text: click.echo(text, err=True))
    except node.NoNodeError as error:
        return error


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar on stderr while it takes; nothing where nobody watches."""
    from rich.console import Console  # noqa: PLC0415 - see above.
    from rich.progress import Progress  # noqa: PLC0415 - see above.

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("playing", total=total)
        bar.disable = not bar.console.is_terminal
        yield lambda _outcome: bar.advance(task)


def _report(played: Demo, *, html: Path, as_json: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - see above.

    from offhook_scenarios.report.document import document  # noqa: PLC0415 - see above.
    from offhook_scenarios.report.table import print_table  # noqa: PLC0415 - see above.
    from offhook_scenarios.report.timeline import timeline  # noqa: PLC0415 - see above.
    from offhook_scenarios.verdict import EXPOSURE_BUDGET_S  # noqa: PLC0415 - see above.

    page = timeline(played, budget_s=EXPOSURE_BUDGET_S)
    if as_json:
        click.echo(json.dumps(document(played, budget_s=EXPOSURE_BUDGET_S), indent=2))
    else:
        print_table(played, Console(), budget_s=EXPOSURE_BUDGET_S)
    write(html, page)
    click.echo(f"Timeline: {html}", err=as_json)
