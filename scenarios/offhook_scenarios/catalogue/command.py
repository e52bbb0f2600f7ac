"""The command line: `offhook play`. Heavy imports wait until it runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from offhook.commands.exits import FINDINGS
from offhook_scenarios.check.outputs import BUDGET_S, draw_and_test, files_and_json, judging

if TYPE_CHECKING:
    from offhook_scenarios.catalogue.named import Named
    from offhook_scenarios.check.report import Shown
    from offhook_scenarios.check.setup import Setup


def _named(
    _ctx: click.Context, _param: click.Parameter, names: tuple[str, ...]
) -> tuple[Named, ...]:
    from offhook_scenarios.catalogue.named import NoSessionError, find_session  # noqa: PLC0415 - see the top.

    try:
        return tuple(find_session(name) for name in names)
    except NoSessionError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("chosen", nargs=-1, callback=_named, metavar="[NAME]...")
@click.option("--all", "every", is_flag=True, help="All of them.")
@click.option(
    "--client",
    default="reference",
    show_default=True,
    help="reference, naive, mutant:NAME, or module:factory: a callable from a seed to an adapter.",
)
@click.option("--strict", is_flag=True, help="Count findings that rest on what is only assumed.")
@files_and_json
def play(
    *,
    chosen: tuple[Named, ...],
    every: bool,
    client: str,
    strict: bool,
    timeline: Path | None,
    as_pytest: Path | None,
    as_json: bool,
) -> None:
    """Named sessions, each after something that people met in public.

    Without a name they are listed. One is played in virtual time, and told moment by moment;
    of several, a line says what the screen said.

    \b
    Examples:
      offhook play
      offhook play silent-drop --client naive --timeline silent-drop.html
      offhook play --all --client my_tests.desk:make

    Exit codes: 0 held, 1 broke, 2 usage, 3 the surroundings do not allow it, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    from offhook_scenarios.catalogue.named import catalogue  # noqa: PLC0415 - see the top.
    from offhook_scenarios.check.clients import find_client  # noqa: PLC0415 - as above.
    from offhook_scenarios.check.setup import Setup  # noqa: PLC0415 - as above.

    known = tuple(catalogue().values())
    if every and chosen:
        raise click.UsageError("Either names or --all.")
    sessions = known if every else chosen
    if (timeline is not None or as_pytest is not None) and len(sessions) != 1:
        raise click.UsageError("--timeline and --as-pytest are of one session: name it.")
    if not sessions:
        _list(known, as_json=as_json)
        return
    with judging():
        find_client(client)
        setup = Setup(client=client, strict=strict)
        shown = _played(sessions, setup)
    _tell(sessions, shown, setup, as_json=as_json)
    if len(sessions) == 1:
        broken = setup.broken(shown[0].judged)
        draw_and_test(shown[0], setup, broken, timeline, as_pytest, budget_s=BUDGET_S)
    if any(setup.broken(one.judged) for one in shown):
        raise click.exceptions.Exit(FINDINGS)


def _list(sessions: tuple[Named, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_described(named) for named in sessions], indent=2))
        return
    width = max(len(named.name) for named in sessions)
    lines = [f"{named.name:{width}}  {named.title}" for named in sessions]
    click.echo("\n".join([*lines, "", "Play one: offhook play NAME. All: offhook play --all."]))


def _described(named: Named) -> dict[str, Any]:
    return {
        "name": named.name,
        "title": named.title,
        "incident": named.incident,
        "evidence": named.evidence.value,
        "story": named.story,
        "must": named.must,
    }


def _played(sessions: tuple[Named, ...], setup: Setup) -> list[Shown]:
    from rich.console import Console  # noqa: PLC0415 - see the top.
    from rich.progress import track  # noqa: PLC0415 - as above.

    from offhook_scenarios.check.report import show  # noqa: PLC0415 - as above.

    console = Console(stderr=True)
    bar = track(
        sessions,
        "playing",
        console=console,
        transient=True,
        disable=not console.is_terminal or len(sessions) == 1,
    )
    return [show(setup.plan(named.plan), setup) for named in bar]


def _tell(sessions: tuple[Named, ...], shown: list[Shown], setup: Setup, *, as_json: bool) -> None:
    from offhook_scenarios.catalogue.screen import said  # noqa: PLC0415 - see the top.
    from offhook_scenarios.check.document import session  # noqa: PLC0415 - as above.
    from offhook_scenarios.check.words import replayed  # noqa: PLC0415 - as above.

    pairs = list(zip(sessions, shown, strict=True))
    if as_json:
        documents = [
            {**_described(named), "screen": said(one), **session(one, setup, same=None)}
            for named, one in pairs
        ]
        click.echo(json.dumps(documents, indent=2))
        return
    if len(pairs) == 1:
        named, one = pairs[0]
        lines = [named.story, f"What must be: {named.must}", f"After {named.incident}", ""]
        click.echo("\n".join([*lines, *replayed(one, setup.broken(one.judged))]))
        return
    width = max(len(named.name) for named in sessions)
    for named, one in pairs:
        verdict = "broke" if setup.broken(one.judged) else "held"
        why = f" {_ASSUMED}" if _held_by_doubt(one, setup) else ""
        click.echo(f"{verdict:5}  {named.name:{width}}  {'; '.join(said(one))}{why}")
    held = sum(not setup.broken(one.judged) for one in shown)
    doubtful = sum(_held_by_doubt(one, setup) for one in shown)
    more = f", {doubtful} of them {_ASSUMED}: --strict counts what broke there" if doubtful else ""
    click.echo(f"{held} of {len(shown)} held{more}.")


_ASSUMED = "(broke on what is only assumed)"


def _held_by_doubt(one: Shown, setup: Setup) -> bool:
    """Whether something broke, but nothing that counts."""
    return bool(one.judged.findings) and not setup.broken(one.judged)
