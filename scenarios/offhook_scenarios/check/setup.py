"""How a session is played: which client, in which order of tasks, on which network."""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from enum import StrEnum

import msgspec

from offhook.domain.errors import OffhookError
from offhook_scenarios.adapters.adapter import Adapter
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.check.client_name import is_guest
from offhook_scenarios.check.clients import find_client
from offhook_scenarios.plan.blame import blamed
from offhook_scenarios.plan.floor import MakeClient, Played
from offhook_scenarios.plan.judgement import Finding, Judged, run_plan
from offhook_scenarios.plan.plan import Plan
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.wire.run import run_plan_on_wire

What = int | Plan
"""A session: the seed of a generated plan, or a plan."""
LOG_KEPT = 50
"""Lines of each client's log."""
Watch = Callable[[Played], None]


class PlayError(OffhookError):
    """A session could not be played; the message says which, and where the client broke."""


class Network(StrEnum):
    """On what it is played."""

    SIM = "sim"
    """In virtual time, every byte the same each time."""
    WIRE = "wire"
    """Over real sockets on loopback: no two plays are alike."""


WIRE_SPEED = 20.0
"""How many times as fast as the wall the clock runs for a client in this process. One outside
has a clock of its own."""
CHUNKS = {Network.SIM: 10, Network.WIRE: 1}
"""How many sessions a worker is given at a time: a tenth of a second of work, or one session."""
PLAYS_MAX = {Network.SIM: 150, Network.WIRE: 12}
"""How many plays a shortening may take."""


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """A value: other processes and machines are told it."""

    client: str
    """By its name, as `find_client` knows it."""
    order: Order | None = None
    """Instead of the plan's own."""
    network: Network = Network.SIM
    strict: bool = False
    """Findings that rest on what is only assumed count too."""

    @property
    def played_on(self) -> Network:
        """A client outside this process cannot be simulated."""
        return Network.WIRE if self.is_outside else self.network

    @property
    def is_outside(self) -> bool:
        """Whether the client lives outside this process, so that a play takes minutes."""
        return is_guest(self.client)

    def plan(self, what: What) -> Plan:
        """The plan that is played."""
        plan = generate(what) if isinstance(what, int) else what
        return plan if self.order is None else msgspec.structs.replace(plan, order=self.order)

    def counts(self, finding: Finding) -> bool:
        """Whether it makes a session a broken one."""
        return self.strict or not finding.advisory

    def broken(self, judged: Judged) -> tuple[Finding, ...]:
        """The findings that count."""
        return tuple(filter(self.counts, judged.findings))

    def play(self, plan: Plan, *, watch: Watch = lambda _played: None) -> Judged:
        """Play and judge. Raises `NoClientError`, and `PlayError` when it will not start.

        What the client prints goes to stderr: stdout is the report's.
        """
        make, speed = find_client(self.client), 1.0 if self.is_outside else WIRE_SPEED
        with redirect_stdout(sys.stderr):
            return play(plan, make, network=self.played_on, speed=speed, watch=watch)


def play(
    plan: Plan,
    make: MakeClient,
    *,
    network: Network = Network.SIM,
    speed: float = WIRE_SPEED,
    watch: Watch = lambda _played: None,
) -> Judged:
    """The same with a client of one's own. `speed` is that of the wire. Raises `PlayError`."""
    guests: list[RemoteClient] = []

    def kept(seed: int) -> Adapter:
        client = make(seed)
        if isinstance(client, RemoteClient):
            guests.append(client)
        return client

    with quiet():
        try:
            if network is Network.WIRE:
                judged = run_plan_on_wire(plan, kept, speed=speed, watch=watch)
                return msgspec.structs.replace(judged, log=tuple(_logged(guests)))
            return run_plan(plan, make, watch=watch)
        except OffhookError:
            raise
        except (Exception, SystemExit) as error:
            # A client that calls exit() would end the check, and nobody would know why.
            what = f"{type(error).__name__}: {error}".rstrip(": .")
            raise PlayError(
                f"The session of seed {plan.seed} could not be played: {what}{blamed(error)}."
            ) from error


def _logged(guests: Sequence[RemoteClient]) -> Iterator[str]:
    for number, guest in enumerate(guests, 1):
        hello = guest.hello
        if hello is not None:
            yield f"desk {number}: {hello.name} {hello.version}".rstrip()
        yield from guest.log.tail(LOG_KEPT)


def play_chunk(setup: Setup, whats: Sequence[What]) -> list[Judged]:
    """Play these, in their order. What it returns is light enough to be sent home."""
    return [_light(setup.play(setup.plan(what))) for what in whats]


def _light(judged: Judged) -> Judged:
    """Without the histories that its findings may carry."""
    findings = tuple(_seen_no_more(finding) for finding in judged.findings)
    excused = tuple(
        msgspec.structs.replace(each, finding=_seen_no_more(each.finding))
        for each in judged.excused
    )
    return msgspec.structs.replace(judged, findings=findings, excused=excused)


def _seen_no_more(finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, witness=None)


@contextmanager
def quiet() -> Iterator[None]:
    """Log nothing in here: what libraries say of networks that break is expected."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
