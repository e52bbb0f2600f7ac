"""The command line: `offhook replay`. Heavy imports wait until it runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from offhook.commands.exits import FINDINGS, Surroundings
from offhook_scenarios.check.outputs import BUDGET_S, draw_and_test, files_and_json

if TYPE_CHECKING:
    from offhook_scenarios.check.finding import Saved
    from offhook_scenarios.check.report import Shown
    from offhook_scenarios.check.setup import Setup


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--seed", type=int, help="Of a trace: the session of this seed, instead of the shortest."
)
@click.option("--client", help="Another client than the one that the file names.")
@files_and_json
def replay(
    *,
    path: Path,
    seed: int | None,
    client: str | None,
    timeline: Path | None,
    as_pytest: Path | None,
    as_json: bool,
) -> None:
    """Play a session again that `offhook check` has written, byte for byte.

    With another Python minor or another version of a library the bytes would differ: that is
    refused, by name. Of a trace that `offhook check --trace` has written, the shortest session
    that broke is played.

    \b
    Examples:
      offhook replay offhook-finding.json
      offhook replay run.jsonl --seed 7
      offhook replay offhook-finding.json --client reference --timeline session.html

    Exit codes: 0 it holds, 1 it breaks an invariant again, 2 usage, 3 the surroundings do not
    allow it, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    from offhook.domain.errors import OffhookError  # noqa: PLC0415 - see the top.
    from offhook_scenarios.check.client_name import NoClientError  # noqa: PLC0415 - as above.
    from offhook_scenarios.check.report import show  # noqa: PLC0415 - as above.
    from offhook_scenarios.check.trace import load  # noqa: PLC0415 - as above.
    from offhook_scenarios.plan.plan import PlanError  # noqa: PLC0415 - as above.

    try:
        saved = load(path, seed=seed)
        _refuse_other_surroundings(saved)
        setup = saved.setup_with(client)
        shown = show(saved.plan, setup)
    except (PlanError, NoClientError) as error:
        raise click.UsageError(str(error)) from error
    except OffhookError as error:
        raise Surroundings(str(error)) from error
    same = None if saved.digest is None or client is not None else shown.digest == saved.digest
    broken = setup.broken(shown.judged)
    _tell(shown, setup, same=same, as_json=as_json)
    draw_and_test(shown, setup, broken, timeline, as_pytest, budget_s=BUDGET_S)
    if broken:
        raise click.exceptions.Exit(FINDINGS)


def _refuse_other_surroundings(saved: Saved) -> None:
    from offhook_scenarios.check.key import difference, surroundings  # noqa: PLC0415 - see the top.

    if other := difference(saved.surroundings, surroundings()):
        raise Surroundings(
            f"This session cannot be repeated here: {other}. Without `surroundings` and `digest` "
            "in the file it is played all the same."
        )


def _tell(shown: Shown, setup: Setup, *, same: bool | None, as_json: bool) -> None:
    """`same`: whether every byte is as before; None: nobody knows what they were."""
    from offhook_scenarios.check.document import session  # noqa: PLC0415 - see the top.
    from offhook_scenarios.check.words import replayed  # noqa: PLC0415 - as above.

    if as_json:
        click.echo(json.dumps(session(shown, setup, same=same), indent=2))
        return
    click.echo("\n".join(replayed(shown, setup.broken(shown.judged))))
    if same is not None:
        click.echo("Every byte as before." if same else _why(shown, setup))


def _why(shown: Shown, setup: Setup) -> str:
    """Why the bytes differ from those of before."""
    from offhook_scenarios.check.clients import find_client  # noqa: PLC0415 - see the top.
    from offhook_scenarios.check.repeat import divergence  # noqa: PLC0415 - as above.

    parted = divergence(shown.judged.plan, find_client(setup.client))
    if parted is None:
        return "The bytes differ, and are the same each time here: the code is not what it was."
    return f"The bytes differ, and differ from play to play. {parted}"
