"""The command line: `offhook search`. Heavy imports wait until it runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from offhook.commands.exits import FINDINGS, interruptible

if TYPE_CHECKING:
    from offhook_scenarios.search.budget import Budget
    from offhook_scenarios.search.explorer import Found
    from offhook_scenarios.search.platform import Platform
    from offhook_scenarios.search.rules import Rule
    from offhook_scenarios.search.tutorial import Tutorial

_OF_ADMINS = (
    "What an administrator sets while the desk is away is learnt from replay alone: with --replay "
    "the server replays what was missed, as the mock does by default."
)


def _budget(_ctx: click.Context, _param: click.Parameter, text: str) -> Budget:
    from offhook_scenarios.search.budget import BudgetError, read_budget  # noqa: PLC0415 - as said.

    try:
        return read_budget(text)
    except BudgetError as error:
        raise click.BadParameter(str(error)) from error


def _rules(
    _ctx: click.Context, _param: click.Parameter, names: tuple[str, ...]
) -> tuple[Rule, ...]:
    from offhook_scenarios.search.rules import RuleError, find_rule  # noqa: PLC0415 - as above.

    try:
        return tuple(find_rule(name) for name in names)
    except RuleError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option(
    "--budget",
    metavar="T/E/D/L",
    callback=_budget,
    default="2/1/1/1",
    show_default=True,
    help="At most so many toggles, changes by others, broken links, lost requests; on the "
    "platform dialect also /EVENTS lost or overtaken.",
)
@click.option(
    "--without",
    "left_out",
    metavar="RULE",
    callback=_rules,
    multiple=True,
    help="Leave out one of the ten rules, by number or name. May be given more than once.",
)
@click.option(
    "--dialect",
    type=click.Choice(["tutorial", "platform"]),
    default="tutorial",
    show_default=True,
    help="With versions, or without.",
)
@click.option("--muted", is_flag=True, help="Start muted instead of live.")
@click.option("--admin", is_flag=True, help="Others are an administrator, not a second tab.")
@click.option("--replay", is_flag=True, help="The server replays what was missed.")
@click.option("--first", is_flag=True, help="Stop at the first violation.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
def search(
    *,
    budget: Budget,
    left_out: tuple[Rule, ...],
    dialect: str,
    muted: bool,
    admin: bool,
    replay: bool,
    first: bool,
    as_json: bool,
) -> None:
    """Every interleaving of client and server within a budget of trouble.

    The real protocol of the reference client runs against the mock's real register: frames,
    requests and answers arrive, are lost or late in every order. Judged is what is shown and
    in effect wherever everything has come to rest; a shortest way to what is wrong is told.

    \b
    Examples:
      offhook search
      offhook search --budget 2/2/2/1 --replay
      offhook search --without always-send --first
      offhook search --dialect platform --budget 2/1/1/1/1

    Exit codes: 0 all is right, 1 it is not, 2 usage, 3 the surroundings, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    from offhook_scenarios.search.behind import Options  # noqa: PLC0415 - heavy, as said above.
    from offhook_scenarios.search.parts import TooLargeError  # noqa: PLC0415 - as above.
    from offhook_scenarios.search.platform import Platform  # noqa: PLC0415 - as above.
    from offhook_scenarios.search.rules import without  # noqa: PLC0415 - as above.
    from offhook_scenarios.search.tutorial import Tutorial  # noqa: PLC0415 - as above.
    from offhook_scenarios.search.words import retold  # noqa: PLC0415 - as above.

    _check(dialect, budget, of_tutorial=bool(left_out or admin or replay))
    setup, options = without(left_out, Options(admin=admin, replay=replay))

    def make(*, renumber: bool) -> Tutorial | Platform:
        if dialect == "platform":
            return Platform(budget, start_muted=muted)
        return Tutorial(budget, setup=setup, options=options, start_muted=muted, renumber=renumber)

    with interruptible("nothing was judged"):
        try:
            found = _explored(make(renumber=True), first=first)
            traces = {
                name: retold(make(renumber=False), path)
                for name, path in sorted(found.paths.items())
            }
        except TooLargeError as error:
            raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(_document(found, budget, left_out, dialect, traces), indent=2))
    else:
        click.echo("\n".join(_told(found, budget, left_out, traces)))
        if found.violations and admin and not replay:
            click.echo(f"\n{_OF_ADMINS}")
    if found.violations:
        raise click.exceptions.Exit(FINDINGS)


def _check(dialect: str, budget: Budget, *, of_tutorial: bool) -> None:
    if dialect == "platform" and of_tutorial:
        raise click.UsageError("--without, --admin and --replay are of the tutorial dialect.")
    if dialect == "tutorial" and budget.disorders:
        raise click.UsageError("Events keep their order there: a fifth number is the platform's.")


def _explored(model: Tutorial | Platform, *, first: bool) -> Found:
    from rich.console import Console  # noqa: PLC0415 - heavy, as said above.
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above.

    from offhook_scenarios.search.explorer import Explorer  # noqa: PLC0415 - as above.

    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.disable = not bar.console.is_terminal
        task = bar.add_task("searching")

        def tick(done: int, known: int) -> None:
            words = f"searching: {done:,} worlds, {known - done:,} waiting"
            bar.update(task, description=words)

        return Explorer(model).run(stop_at_first=first, tick=tick)


def _told(
    found: Found, budget: Budget, left_out: tuple[Rule, ...], traces: dict[str, list[str]]
) -> list[str]:
    first = (
        f"{found.worlds:,} worlds, {found.resting:,} of them at rest, within {budget}: "
        f"{found.steps:,} steps in {found.seconds:.1f} s, {found.stored_bytes / 1e6:.0f} MB."
    )
    lines = [first]
    lines += [f"Without rule {rule.number}: {rule.words}." for rule in left_out]
    if not found.violations:
        return [*lines, "Nothing is wrong in any of them."]
    for name, trace in traces.items():
        lines += ["", f"{name}: {found.violations[name]:,}. A shortest way there:"]
        lines += [f"  {number:2} {line}" for number, line in enumerate(trace, 1)]
    return lines


def _document(
    found: Found,
    budget: Budget,
    left_out: tuple[Rule, ...],
    dialect: str,
    traces: dict[str, list[str]],
) -> dict[str, Any]:
    return {
        "dialect": dialect,
        "budget": str(budget),
        "without": [rule.name for rule in left_out],
        "worlds": found.worlds,
        "resting": found.resting,
        "steps": found.steps,
        "seconds": round(found.seconds, 3),
        "storedBytes": found.stored_bytes,
        "violations": [
            {"what": name, "worlds": found.violations[name], "trace": trace}
            for name, trace in traces.items()
        ],
    }
