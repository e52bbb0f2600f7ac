"""`offhook check` of a client outside this process: named sessions, in the wall's time."""

import contextlib
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, cast

import click
import msgspec
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from offhook.commands.exits import FINDINGS, SURROUNDINGS, Surroundings
from offhook.commands.files import write
from offhook.settings import DEFAULT, ClientSettings, OrgSettings
from offhook.testing.expected import Expected
from offhook_scenarios.adapters import conformance
from offhook_scenarios.adapters.browser import Page
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.catalogue.named import catalogue as plans
from offhook_scenarios.check.client_name import NoClientError
from offhook_scenarios.check.guest_options import GuestOptions
from offhook_scenarios.check.guest_words import (
    document,
    finding,
    not_exercised,
    remarks,
    row,
    saved,
)
from offhook_scenarios.check.guests import Guests, guests
from offhook_scenarios.check.known import load
from offhook_scenarios.check.outputs import judging, settled
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.check.trace import CheckTrace
from offhook_scenarios.demo import Demo
from offhook_scenarios.guest_plays import GuestPlay, SpeedError, Tried, try_guest
from offhook_scenarios.report.table import print_table
from offhook_scenarios.report.timeline import timeline as drawn
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.sessions.session import Session

ONE_BY_ONE = ("answer-lost-though-applied", "supervisor-mutes-during-gap")
"""What a client plays that can only play one session after the other, unless told otherwise."""


def check_guest(
    *,
    client: str,
    options: GuestOptions,
    budget_s: float,
    save: Path,
    known: Path | None,
    strict: bool,
    trace: Path | None,
    timeline: Path | None,
    as_json: bool,
) -> None:
    """Play, tell, write. Exits as every `offhook check` does."""
    sessions, expected = _named(options.only), load(known)
    with judging(), guests(client, _page(client, options)) as found:
        if found.dial is not None:
            click.echo(f"Waiting for a client that dials OFFHOOK_HARNESS={found.dial}", err=True)
        if options.conformance:
            _conform(found, as_json=as_json)
            return
        with _traced(trace, client, options) as told:
            tried = _try(found, sessions, options, budget_s=budget_s, told=told)
    _tell(tried, client, options.setup, as_json=as_json)
    if timeline is not None:
        page = drawn(_demo(tried), budget_s=budget_s)
        write(timeline, page)
        click.echo(f"Timeline: {timeline}", err=True)
    if tried.found:
        kept = json.dumps(saved(tried, client, options.setup), indent=2, ensure_ascii=False) + "\n"
        write(save, kept)
        click.echo(f"Written to {save}.", err=True)
    _exit(tried, expected, strict=strict)


def _page(client: str, options: GuestOptions) -> Page | None:
    if not client.startswith("browser:"):
        own = {"--live-when", "--instead-of", "--client-id", "--dialect"} & {*options.given}
        if own:
            raise NoClientError(f"Only a page has {', '.join(sorted(own))}.")
        if options.mute is None and options.muted_when is None:
            return None
    if options.mute is None or options.muted_when is None:
        raise NoClientError("A page needs --mute SELECTOR and --muted-when SELECTOR.")
    if options.conformance:
        raise NoClientError(
            "A page does not speak the adapter protocol: there is nothing to conform to."
        )
    return Page(
        url="",
        mute=options.mute,
        muted_when=options.muted_when,
        live_when=options.live_when,
        instead_of=options.instead_of,
        dialect=cast("Literal['platform', 'tutorial']", options.dialect or "platform"),
    )


def _named(names: Sequence[str]) -> tuple[Session, ...]:
    sessions = {session.id: session for session in CATALOGUE}
    for name in names:
        if name not in sessions:
            raise click.BadParameter(_no_session(name, sessions), param_hint="--only")
    return tuple(session for session in CATALOGUE if session.id in names)


def _no_session(name: str, known: Collection[str]) -> str:
    if name in plans():
        return (
            f"{name} is one of `offhook play`, for clients in this process; there are: "
            f"{', '.join(known)}."
        )
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
    return f"There is no session {name!r}. {hint}"


def _try(
    found: Guests,
    sessions: tuple[Session, ...],
    options: GuestOptions,
    *,
    budget_s: float,
    told: Callable[[GuestPlay], None],
) -> Tried:
    if not sessions:
        default = CATALOGUE if found.at_once is None else _named(ONE_BY_ONE)
        sessions = tuple(default)
    with _progress(sessions) as shown:

        def done(play: GuestPlay) -> None:
            shown(play)
            told(play)

        try:
            return try_guest(
                found.make,
                sessions,
                speed=options.speed,
                at_once=found.at_once or len(sessions),
                budget_s=budget_s,
                org=_org(options),
                done=done,
            )
        except SpeedError as error:
            raise click.UsageError(f"--client: {error}") from error


def _org(options: GuestOptions) -> OrgSettings:
    """With a public client of the page's own, which may come back to any address of loopback."""
    if options.client_id is None:
        return DEFAULT
    own = ClientSettings(id=options.client_id, name="The page")
    others = (client for client in DEFAULT.clients if client.id != own.id)
    return msgspec.structs.replace(DEFAULT, clients=(own, *others))


@contextlib.contextmanager
def _traced(
    path: Path | None, client: str, options: GuestOptions
) -> Iterator[Callable[[GuestPlay], None]]:
    """Writes down each session as it is judged."""
    if path is None:
        yield lambda _play: None
        return
    named = ", ".join(options.only) or "the named ones"
    with CheckTrace(path, Setup(client=client), sessions=named) as trace:
        yield lambda play: trace.note(row(play, client, options.setup))


@contextlib.contextmanager
def _progress(sessions: Sequence[Session]) -> Iterator[Callable[[GuestPlay], None]]:
    """A bar on stderr while it takes; nothing where nobody watches."""
    longest_s = max(session.length_s for session in sessions)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"playing, about {longest_s + 5:g} s", total=len(sessions))
        bar.disable = not bar.console.is_terminal
        yield lambda _play: bar.advance(task)


def _demo(tried: Tried) -> Demo:
    return Demo(
        seed=tried.seed,
        speed=tried.speed,
        outcomes=tuple(play.outcome for play in tried.plays),
        remarks=remarks(tried),
    )


def _tell(tried: Tried, client: str, setup: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(document(tried, client, setup), indent=2, ensure_ascii=False))
        return
    print_table(_demo(tried), Console(), budget_s=tried.budget_s)
    for seen in filter(None, map(not_exercised, tried.plays)):
        click.echo(seen)
    if tried.found:
        click.echo("\n".join(["", *finding(tried.found[0], client, setup)]))


def _exit(tried: Tried, expected: Expected | None, *, strict: bool) -> None:
    """Findings that rest on what is only assumed count when it is `strict`."""
    counted = {
        play.outcome.session.id: play.invariants if strict or not play.advisory else frozenset()
        for play in tried.judged
    }
    code = FINDINGS if any(counted.values()) else 0
    if expected is not None:
        code = settled(expected, counted)
    if code:
        raise click.exceptions.Exit(code)
    if tried.failed:
        raise click.exceptions.Exit(SURROUNDINGS)
    if not tried.judged:
        raise Surroundings("Nothing could be judged: no session fits what this client can do.")


def _conform(found: Guests, *, as_json: bool) -> None:
    def make(seed: int) -> RemoteClient:
        guest = found.make(seed)
        assert isinstance(guest, RemoteClient), "a page was refused"
        return guest

    report = conformance.try_conformance(make)
    if as_json:
        click.echo(json.dumps(conformance.document(report), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(conformance.lines(report)))
    if report.verdict is not conformance.Verdict.OK:
        raise click.exceptions.Exit(FINDINGS)
