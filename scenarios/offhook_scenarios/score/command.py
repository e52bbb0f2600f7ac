"""`offhook score`. Heavy imports wait until it runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from offhook.commands.exits import FINDINGS, Surroundings, interruptible
from offhook.commands.files import FILE, write

if TYPE_CHECKING:
    from offhook_scenarios.adapters.browser import Page
    from offhook_scenarios.score.card import Card
    from offhook_scenarios.score.probes import Probe
    from offhook_scenarios.score.rule import Rule
    from offhook_scenarios.score.seen import Seen

SIMULATED = 8
ON_WIRE = 3
"""How many of the client are played together: processes are dearer than coroutines."""


def _print_rules(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature.
    if not wanted:
        return
    from offhook_scenarios.score.catalogue import RULES  # noqa: PLC0415 - see above.

    for rule in RULES.values():
        click.echo(f"{rule.id}  {rule.name:<20}{rule.asks}")
        click.echo(f"{'':<25}{rule.reference}")
    ctx.exit()


@click.command()
@click.option(
    "--client",
    default="reference",
    show_default=True,
    help="As for `offhook check`; or policy:module:function; or a policy by its name.",
)
@click.option(
    "--only",
    "names",
    metavar="RULE",
    multiple=True,
    help="Judge by this rule only: its id or its name. May be given more than once.",
)
@click.option(
    "--at-least",
    "wanted",
    type=click.Choice(["A", "B", "C", "D"]),
    help="Exit 1 when the grade is worse.",
)
@click.option(
    "--clients",
    type=click.IntRange(2, 50),
    default=None,
    show_default=f"{SIMULATED}; on the wire {ON_WIRE}",
    help="How many of the client meet each trouble together.",
)
@click.option(
    "--real-time",
    is_flag=True,
    help="Over real sockets: for a client in Python that uses threads. Others need no flag.",
)
@click.option("--mute", metavar="SELECTOR", help="Of browser:URL: its mute button.")
@click.option("--muted-when", metavar="SELECTOR", help="Of browser:URL: it says muted then.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--html",
    type=FILE,
    help="Write the card with its plots there: one file that loads nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the card.")
@click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_rules,
    help="Print the rules, and exit.",
)
def score(
    *,
    client: str,
    names: tuple[str, ...],
    wanted: str | None,
    clients: int | None,
    real_time: bool,
    mute: str | None,
    muted_when: str | None,
    seed: int,
    html: Path | None,
    as_json: bool,
) -> None:
    """A client's retries, judged rule by rule from what a mock sees of them: A to F.

    A few of the client meet each trouble together: 429 with Retry-After in every form, outages,
    lost answers, ended tokens, sockets that flap. Everything stays on this machine. A client in
    Python on asyncio is played in virtual time, where the same seed gives the same card.

    \b
    Examples:
      offhook score --client naive
      offhook score --client my_tests.desk:make --at-least B --html card.html
      offhook score --client policy:my_client:delay --only early-seconds --only growth
      offhook score --client full-jitter --json
      offhook score --client my_tests.threads:make --real-time
      offhook score --client 'stdio:node desk.js' --only handshake-told

    \b
    Exit codes: 0 scored, 1 worse than --at-least, or the client broke, 2 usage, 3 the
    surroundings do not allow it, 130 interrupted.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not rewrapped.
    rules, page = _rules(names), _page(mute, muted_when)
    with interruptible():
        card = _scored(client, page, rules, clients=clients, seed=seed, real_time=real_time)
    _report(card, html=html, as_json=as_json)
    _conclude(card, wanted)


def _page(mute: str | None, muted_when: str | None) -> Page | None:
    from offhook_scenarios.adapters.browser import Page  # noqa: PLC0415 - see above.

    if mute is None and muted_when is None:
        return None
    if mute is None or muted_when is None:
        raise click.UsageError("--mute and --muted-when belong together.")
    return Page(url="", mute=mute, muted_when=muted_when)


def _rules(names: tuple[str, ...]) -> tuple[Rule, ...]:
    from difflib import get_close_matches  # noqa: PLC0415 - see above.

    from offhook_scenarios.score.catalogue import RULES, find_rule  # noqa: PLC0415 - see above.

    if not names:
        return tuple(RULES.values())
    found = []
    for name in names:
        rule = find_rule(name)
        if rule is None:
            near = get_close_matches(name, [rule.name for rule in RULES.values()], n=1)
            hint = f"Did you mean {near[0]}?" if near else "`offhook score --rules` lists them."
            raise click.UsageError(f"--only {name}: there is no such rule. {hint}")
        found.append(rule)
    return tuple(found)


def _scored(
    client: str,
    page: Page | None,
    rules: tuple[Rule, ...],
    *,
    clients: int | None,
    seed: int,
    real_time: bool,
) -> Card:
    from offhook_scenarios.adapters.link import LinkError  # noqa: PLC0415 - see above.
    from offhook_scenarios.backoff.loading import NoSuchPolicyError  # noqa: PLC0415 - see above.
    from offhook_scenarios.backoff.policy import BrokenPolicyError  # noqa: PLC0415 - see above.
    from offhook_scenarios.check.client_name import NoClientError  # noqa: PLC0415 - see above.
    from offhook_scenarios.score.card import judge  # noqa: PLC0415 - see above.
    from offhook_scenarios.score.clients import find  # noqa: PLC0415 - see above.
    from offhook_scenarios.score.probes import PROBES  # noqa: PLC0415 - see above.

    try:
        scored = find(client, page)
    except (NoClientError, NoSuchPolicyError) as error:
        raise click.UsageError(f"--client {client}: {error}") from error
    except LinkError as error:
        raise Surroundings(str(error)) from error
    except BrokenPolicyError as error:
        click.echo(f"{client} is no policy: {error}")
        raise click.exceptions.Exit(FINDINGS) from error
    needed = {name for rule in rules for name in rule.probes}
    probes = tuple(probe for probe in PROBES.values() if probe.id in needed)
    on_wire = scored.on_wire or real_time
    if clients is None:
        clients = ON_WIRE if on_wire else SIMULATED
    return judge(
        rules,
        _seen(client, page, probes, clients=clients, seed=seed, on_wire=on_wire),
        client=client,
        seed=seed,
        on_wire=on_wire,
        blind=scored.blind,
    )


def _seen(
    client: str,
    page: Page | None,
    probes: tuple[Probe, ...],
    *,
    clients: int,
    seed: int,
    on_wire: bool,
) -> dict[str, Seen]:
    from rich.console import Console  # noqa: PLC0415 - see above.
    from rich.progress import Progress  # noqa: PLC0415 - see above.

    from offhook_scenarios.score.run import run  # noqa: PLC0415 - see above.

    found = {}
    with Progress(console=Console(stderr=True), transient=True) as bar:
        bar.disable = not bar.console.is_terminal
        task = bar.add_task("scoring", total=len(probes))
        for seen in run(client, probes, clients=clients, seed=seed, on_wire=on_wire, page=page):
            found[seen.probe] = seen
            bar.update(task, advance=1, description=seen.probe)
    return {probe.id: found[probe.id] for probe in probes}


def _report(card: Card, *, html: Path | None, as_json: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - see above.

    from offhook_scenarios.score.document import document  # noqa: PLC0415 - see above.
    from offhook_scenarios.score.page import page  # noqa: PLC0415 - see above.
    from offhook_scenarios.score.words import print_card  # noqa: PLC0415 - see above.

    if as_json:
        click.echo(json.dumps(document(card), indent=2))
    else:
        print_card(card, Console())
    if html is None:
        return
    write(html, page(card))
    click.echo(f"Plots: {html}", err=as_json)


def _conclude(card: Card, wanted: str | None) -> None:
    from offhook_scenarios.score.card import Grade  # noqa: PLC0415 - see above.

    if card.unsound is not None:
        raise click.exceptions.Exit(FINDINGS)
    if wanted is None:
        return
    if card.grade is None or not card.grade.meets(Grade(wanted)):
        click.echo(f"Worse than {wanted}.", err=True)
        raise click.exceptions.Exit(FINDINGS)
