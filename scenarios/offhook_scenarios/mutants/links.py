"""Mutants of the event socket: dial, listen, notice that it is dead, look again."""

import asyncio
import random

import msgspec
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection

from offhook_client import facts, signals
from offhook_client.desk import Desk
from offhook_client.device import Device
from offhook_client.errors import ClientError
from offhook_client.events import End, EventSocket
from offhook_client.models import ClientView, Frame, Link, Shown, Version
from offhook_client.signals import Order
from offhook_client.state import Setup, State, shown
from offhook_scenarios.mutants.mutant import Mutant
from offhook_scenarios.mutants.steps import (
    EVENTS,
    READ,
    STATUS,
    answered,
    closed_at_once,
    cut,
    force,
    half_open,
    news_garbled,
    news_lost,
    plan,
    refused,
    slow,
)
from offhook_scenarios.mutants.works import NEVER_S, Works, grafted, swap
from offhook_scenarios.oracles.finding import Invariant

_STUDY = "the catalogue of our study"
_OWN = "our own"


def ignore_events(works: Works) -> None:
    """Only HTTP is believed: frames are read and thrown away."""

    class Deaf(Desk):
        def frame(self, frame: Frame) -> None:
            if frame.type == "subscribed":
                super().frame(frame)

    swap(works.desk, Deaf)


class _NoReplay(Desk):
    def since(self) -> Version | None:
        return None


def _live_at_once(
    _setup: Setup, state: State, signal: signals.Subscribed, _orders: list[Order]
) -> State:
    link = Link.SUBSCRIBING if state.asking else Link.LIVE
    return replace(state, link=link, buffered=(), heard=signal.version)


def no_resync(works: Works) -> None:
    """After a reconnect it neither asks for a replay nor reads a snapshot."""
    swap(works.desk, _NoReplay)
    works.handle({signals.Subscribed: _live_at_once})


def snapshot_first(works: Works) -> None:
    """The snapshot is read first, then the socket is opened, and all is thought known."""

    def dialling(
        _setup: Setup, state: State, _signal: signals.Dialling, orders: list[Order]
    ) -> State:
        return facts.ask(state, "before subscribing", orders)

    swap(works.desk, _NoReplay)
    works.handle({signals.Dialling: dialling, signals.Subscribed: _live_at_once})


def snapshot_once(works: Works) -> None:
    """A snapshot that could not be read is not read again."""

    class Once(Device):
        async def read_patiently(self) -> ClientView | None:
            deadline = self._http.now() + self._http.options.background_deadline_s
            try:
                return await self.read(deadline=deadline)
            except ClientError:
                await asyncio.Event().wait()
                raise

    swap(works.device, Once)


def bad_frame_kills(works: Works) -> None:
    """After a frame that cannot be read, nothing is read any more, and nobody is told."""

    class Dies(EventSocket):
        _dead = False

        def _hand_over(self, text: str | bytes) -> None:
            try:
                msgspec.json.decode(text)
            except msgspec.DecodeError:
                self._dead = True
            if not self._dead:
                super()._hand_over(text)

    works.sockets(Dies)


def hide_doubt(works: Works) -> None:
    """A known gap makes it read a snapshot, and until then the old value is shown."""
    works.handle(
        {
            signals.Garbled: grafted(facts.garbled, resync=facts.ask),
            signals.Beat: grafted(facts.beat, resync=facts.ask),
            signals.StatusEvent: grafted(facts.beat, resync=facts.ask),
            signals.MuteEvent: grafted(facts.event, resync=facts.ask),
        }
    )


def show_stale(works: Works) -> None:
    """While the link is down, what was known before is shown as if it were certain."""

    def show(setup: Setup, state: State) -> Shown:
        return shown(setup, replace(state, link=Link.LIVE))

    works.show(show)


def status_ignored(works: Works) -> None:
    """Live is shown though the device has not connected yet, or not again."""

    def show(setup: Setup, state: State) -> Shown:
        return shown(setup, replace(state, status=None))

    works.show(show)


def no_heartbeat(works: Works) -> None:
    """Neither pings nor silence make it doubt an open socket."""
    works.options(ping_interval_s=NEVER_S, silence_s=NEVER_S)


def reconnect_storm(works: Works) -> None:
    """It dials again at once, however often it fails."""

    class Storms(EventSocket):
        async def _wait(self, end: End) -> None:
            await asyncio.sleep(0.005)

    works.sockets(Storms)


def dials_again_at_once(works: Works) -> None:
    """A dial that was taken is no failure: after its end the next one is made at once."""

    class AtOnce(EventSocket):
        async def _wait(self, end: End) -> None:
            if not end.reason.startswith("close"):
                await super()._wait(end)

    works.sockets(AtOnce)


def doubles_for_ever(works: Works) -> None:
    """Each wait before a dial is twice the one before, and nothing caps it."""

    class Doubles(EventSocket):
        async def _wait(self, end: End) -> None:
            await asyncio.sleep(2.0**self._attempt)

    works.sockets(Doubles)


def no_jitter(works: Works) -> None:
    """Each wait before a dial is twice the one before, up to the cap, and never drawn."""

    class ByTheClock(EventSocket):
        async def _wait(self, end: End) -> None:
            options = self._http.options
            wait_s = options.reconnect_first_s * 2.0 ** max(0, self._attempt - 1)
            await asyncio.sleep(min(wait_s, options.reconnect_cap_s))

    works.sockets(ByTheClock)


def same_jitter(works: Works) -> None:
    """Every desk draws the same waits, for each seeds its own chance with the same number."""
    works.http.rng = random.Random(1)  # noqa: S311 - the bug itself.


def never_reset_backoff(works: Works) -> None:
    """The attempts are counted over the whole life: one bad hour makes every reconnect slow."""
    works.options(reset_after_s=NEVER_S)


def task_per_dial(works: Works) -> None:
    """Each connection gets a task that is never cancelled."""

    class Leaks(EventSocket):
        async def _listen(self, connection: ClientConnection, generation: int) -> End:
            self._leaked = asyncio.create_task(asyncio.Event().wait())
            return await super()._listen(connection, generation)

    works.sockets(Leaks)


def no_reconnect(works: Works) -> None:
    """A socket that has ended is not dialled again."""

    class Stays(EventSocket):
        async def _wait(self, end: End) -> None:
            await asyncio.Event().wait()

    works.sockets(Stays)


def no_poll(works: Works) -> None:
    """A device whose `connected` was lost is never looked at."""
    works.reconciler.setup = replace(works.reconciler.setup, poll_s=NEVER_S)


def replay_trusted(works: Works) -> None:
    """The replay after a reconnect is believed complete, whatever the server says of it."""

    def subscribed(
        _setup: Setup, state: State, signal: signals.Subscribed, _orders: list[Order]
    ) -> State:
        link = Link.LIVE if state.observed is not None else Link.SUBSCRIBING
        return replace(state, link=link, buffered=(), heard=signal.version)

    works.handle({signals.Subscribed: subscribed})


MUTANTS = (
    Mutant(
        name="ignore_events",
        bug="only HTTP is believed: what the event socket tells is thrown away",
        ports=_STUDY,
        patch=ignore_events,
        caught_by=(Invariant.I1, Invariant.I3),
        plan=plan(force(1, muted=True)),
    ),
    Mutant(
        name="no_resync",
        bug="after a reconnect nothing is read: no snapshot, no replay",
        ports=_STUDY,
        patch=no_resync,
        caught_by=(Invariant.I12, Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(),
    ),
    Mutant(
        name="replay_trusted",
        bug="the replay after a reconnect counts as whole, also when the server says it is not",
        ports=_OWN,
        patch=replay_trusted,
        caught_by=(Invariant.I12, Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(replay_events=0),
    ),
    Mutant(
        name="snapshot_first",
        bug="the snapshot is read before the subscription stands, and what lies between is lost",
        ports=_STUDY,
        patch=snapshot_first,
        caught_by=(Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(slow(1, EVENTS, 2, when="request"), cut(1), force(2.6, muted=True)),
    ),
    Mutant(
        name="snapshot_once",
        bug="a snapshot that failed is not read again",
        ports=_STUDY,
        patch=snapshot_once,
        caught_by=(Invariant.I1,),
        plan=plan(answered(1, READ, 503, times=4), cut(1), force(1, muted=True), replay_events=0),
    ),
    Mutant(
        name="bad_frame_kills",
        bug="a frame that cannot be read ends the reader, and nobody is told",
        ports=_STUDY,
        patch=bad_frame_kills,
        caught_by=(Invariant.I1, Invariant.I3),
        plan=plan(news_garbled(1), force(1.1, muted=True)),
    ),
    Mutant(
        name="hide_doubt",
        bug="after an unreadable frame the old value is shown until the snapshot has come",
        ports=_STUDY,
        patch=hide_doubt,
        caught_by=(Invariant.I13, Invariant.I3),
        plan=plan(
            answered(1, READ, 429, retry_after_s=30),
            news_garbled(1),
            force(1.1, muted=True),
        ),
    ),
    Mutant(
        name="show_stale",
        bug="while the link is down, what was known before is shown as certain",
        ports=_STUDY,
        patch=show_stale,
        caught_by=(Invariant.I13, Invariant.I2, Invariant.I3),
        plan=plan(refused(1, 20), cut(1), force(2, muted=True)),
    ),
    Mutant(
        name="status_ignored",
        bug="live is shown though the device is still initializing, and nobody hears it",
        ports=_OWN,
        patch=status_ignored,
        caught_by=(Invariant.I3,),
        plan=plan(connect_delay_s=40),
    ),
    Mutant(
        name="no_heartbeat",
        bug="neither pings nor silence make it doubt a socket that is open",
        ports=_STUDY,
        patch=no_heartbeat,
        caught_by=(Invariant.I3, Invariant.I1),
        plan=plan(half_open(1, 40), force(2, muted=True)),
    ),
    Mutant(
        name="reconnect_storm",
        bug="it dials again at once, however often it fails",
        ports=_STUDY,
        patch=reconnect_storm,
        caught_by=(Invariant.I6,),
        plan=plan(refused(1, 10), cut(1)),
    ),
    Mutant(
        name="dials_again_at_once",
        bug="a socket that was opened and closed is dialled again at once, however often",
        ports="observed of the reconnect iterator of websockets 17.4, against a mock",
        patch=dials_again_at_once,
        caught_by=(Invariant.I6,),
        plan=plan(closed_at_once(1), cut(1)),
    ),
    Mutant(
        name="doubles_for_ever",
        bug="each wait before a dial is twice the one before, and nothing caps it",
        ports=_OWN,
        patch=doubles_for_ever,
        caught_by=(Invariant.I1, Invariant.I12),
        plan=plan(refused(1, 300), cut(1)),
    ),
    Mutant(
        name="no_jitter",
        bug="the waits before a dial are not drawn, so that all clients come back in one wave",
        ports="Genesys Cloud streaming client: its waits have no jitter",
        link="https://github.com/purecloudlabs/genesys-cloud-streaming-client",
        patch=no_jitter,
        caught_by=(Invariant.I6,),
        plan=plan(refused(1, 300), cut(1)),
    ),
    Mutant(
        name="same_jitter",
        bug="each desk seeds its chance with the same number, so all of them wait the same",
        ports=_OWN,
        patch=same_jitter,
        caught_by=(Invariant.I6,),
        plan=plan(refused(1, 300), cut(1), cut(1, desk=2), desks=2),
    ),
    Mutant(
        name="never_reset_backoff",
        bug="attempts are counted over the whole life, so one bad hour makes every reconnect slow",
        ports=_STUDY,
        patch=never_reset_backoff,
        caught_by=(Invariant.I12,),
        plan=plan(refused(1, 60), cut(1), cut(1, desk=2), desks=2),
    ),
    Mutant(
        name="task_per_dial",
        bug="each connection leaves a task behind",
        ports=_OWN,
        patch=task_per_dial,
        caught_by=(Invariant.I10,),
        plan=plan(),
    ),
    Mutant(
        name="no_reconnect",
        bug="a socket that has ended is not dialled again",
        ports=_OWN,
        patch=no_reconnect,
        caught_by=(Invariant.I1, Invariant.I12),
        plan=plan(),
    ),
    Mutant(
        name="no_poll",
        bug="a device whose change to connected was lost is never looked at",
        ports=_OWN,
        patch=no_poll,
        caught_by=(Invariant.I1,),
        plan=plan(news_lost(1, STATUS, times=None, lasts_s=60), cut(1), refused(1, 15)),
    ),
)
