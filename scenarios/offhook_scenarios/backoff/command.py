"""`offhook herd`. Heavy imports wait until it runs."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from offhook.commands.exits import FINDINGS, Surroundings, interruptible
from offhook.commands.files import FILE, write

if TYPE_CHECKING:
    from offhook_scenarios.backoff.lab import Experiment, Result
    from offhook_scenarios.backoff.policy import Policy

SHOWN = ("tutorial", "exponential", "full-jitter", "retry-after-jitter")
"""Whoever names no policy sees these."""
MOST = 16_000_000
"""Streams have room for so many clients."""

Policies = tuple[tuple[str, "Policy | str"], ...]


def _print_catalogue(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature.
    if not wanted:
        return
    from offhook_scenarios.backoff.catalogue import CATALOGUE  # noqa: PLC0415 - see above.

    width = max(map(len, CATALOGUE)) + 2
    for name, named in CATALOGUE.items():
        click.echo(f"{name:<{width}}{named.words}")
        click.echo(f"{'':<{width}}{named.source}")
    ctx.exit()


@click.command()
@click.option(
    "--clients",
    type=click.IntRange(1, MOST),
    default=10_000,
    show_default=True,
    help="How many clients need one success each.",
)
@click.option(
    "--policy",
    "names",
    metavar="POLICY",
    multiple=True,
    help="A name of --list, or module:function of your own. May be given more than once.",
)
@click.option(
    "--server",
    "limit",
    type=click.Choice(["token-bucket", "fixed-window", "backlog-aware"]),
    default="token-bucket",
    show_default=True,
    help="How it limits. They say 1 s, the rest of the window of 10 s, or each his own time.",
)
@click.option(
    "--capacity",
    type=click.FloatRange(min=0, min_open=True),
    help="What the server can serve per second.  [default: a hundredth of the clients]",
)
@click.option(
    "--outage",
    type=click.FloatRange(0, 86_400),
    default=0.0,
    help="For so many seconds at the beginning it answers 503, without Retry-After.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "python", "numpy", "fluid"]),
    default="auto",
    show_default=True,
    help="python and numpy give the same results; fluid is instant, and knows means only.",
)
@click.option(
    "--collapse",
    is_flag=True,
    help="Also find the load from which a fleet no longer recovers, by ramp and bisection.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--html",
    type=FILE,
    help="Write the plots there: one file that loads nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_catalogue,
    help="Print the policies that have names, and exit.",
)
def herd(
    *,
    clients: int,
    names: tuple[str, ...],
    limit: str,
    capacity: float | None,
    outage: float,
    engine: str,
    collapse: bool,
    seed: int,
    html: Path | None,
    as_json: bool,
) -> None:
    """What many clients with one retry policy do to a server that is limited.

    Nothing is sent: it is a simulation, and the same seed gives the same report. A policy of
    your own is a function delay(attempt, status, headers, elapsed, rng) that returns seconds, or
    None to give up.

    \b
    Examples:
      offhook herd
      offhook herd --clients 100000 --policy full-jitter --policy tutorial --html herd.html
      offhook herd --server fixed-window --policy retry-after --policy retry-after-spread
      offhook herd --clients 1000000 --engine fluid --policy full-jitter --json
      offhook herd --outage 30 --policy my_client:delay --collapse

    \b
    Exit codes: 0 played, 1 a policy is broken or never done, 2 usage, 3 the surroundings
    do not allow it, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    from offhook_scenarios.backoff import lab  # noqa: PLC0415 - see above.
    from offhook_scenarios.backoff.herd import Herd  # noqa: PLC0415 - see above.

    capacity = capacity or clients / 100
    if not (math.isfinite(capacity) and math.isfinite(outage)):
        raise click.UsageError("--capacity and --outage must be finite numbers.")
    experiment = lab.Experiment(
        herd=Herd(clients=clients, seed=seed),
        limit=lab.Limit(limit),
        capacity_per_s=lab.kept(lab.Limit(limit), capacity),
        outage_s=outage,
        engine=lab.Engine(engine),
        collapse=collapse,
    )
    with interruptible():
        try:
            results = _play(_loaded(names or SHOWN), experiment)
        except lab.NoNumpyError as error:
            raise Surroundings(str(error)) from error
        except lab.WrongEngineError as error:
            raise click.UsageError(str(error)) from error
    _report(results, experiment, html=html, as_json=as_json)
    if any(result.finding is not None for result in results):
        raise click.exceptions.Exit(FINDINGS)


def _loaded(names: tuple[str, ...]) -> Policies:
    """Each policy by its name; of a broken one, what is wrong with it."""
    from offhook_scenarios.backoff.loading import NoSuchPolicyError, load  # noqa: PLC0415 - above.
    from offhook_scenarios.backoff.policy import BrokenPolicyError  # noqa: PLC0415 - see above.

    found: dict[str, Policy | str] = {}
    for name in names:
        try:
            found[name] = load(name)
        except NoSuchPolicyError as error:
            raise click.UsageError(f"--policy {name}: {error}") from error
        except BrokenPolicyError as error:
            found[name] = str(error)
    return tuple(found.items())


def _play(policies: Policies, experiment: Experiment) -> tuple[Result, ...]:
    from offhook_scenarios.backoff import lab  # noqa: PLC0415 - see above.

    results = []
    with _progress(len(policies)) as done:
        for number, (name, policy) in enumerate(policies):
            if isinstance(policy, str):
                results.append(lab.Result(name=name, broken=policy))
                continue
            results.append(
                lab.judge(name, policy, experiment, progress=partial(done, name, number))
            )
    return tuple(results)


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[str, int, float], None]]:
    """A bar on stderr while it takes; nothing where nobody watches."""
    from rich.console import Console  # noqa: PLC0415 - see above.
    from rich.progress import Progress  # noqa: PLC0415 - see above.

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("playing", total=total)
        bar.disable = not bar.console.is_terminal
        yield lambda name, number, share: bar.update(
            task, description=name, completed=number + share
        )


def _report(
    results: tuple[Result, ...], experiment: Experiment, *, html: Path | None, as_json: bool
) -> None:
    from rich.console import Console  # noqa: PLC0415 - see above.

    from offhook_scenarios.backoff.document import document  # noqa: PLC0415 - see above.
    from offhook_scenarios.backoff.page import page  # noqa: PLC0415 - see above.
    from offhook_scenarios.backoff.table import print_table  # noqa: PLC0415 - see above.

    if as_json:
        click.echo(json.dumps(document(results, experiment), indent=2))
    else:
        print_table(results, experiment, Console())
    if html is None:
        return
    write(html, page(results, experiment))
    click.echo(f"Plots: {html}", err=as_json)
