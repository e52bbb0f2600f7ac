"""Plays a plan: one server, its desks, a network between them, and whatever goes wrong with it.

    start desks ─▶ steps ─▶ heal everything ─▶ quiet ─▶ checkpoint
                     ─▶ cut all, change all ─▶ quiet ─▶ checkpoint        (the epilogue)

What is healed is healed by name, also what has not bitten.
"""

import asyncio
import inspect
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from offhook.domain.errors import DomainError
from offhook.domain.inputs import ForceMute, LocalMute, PatchPolicies
from offhook.domain.views import Cause
from offhook.server import MockServer
from offhook.settings import DEFAULT, OrgSettings
from offhook_client.options import DEFAULT as CONSTANTS
from offhook_client.options import Options
from offhook_scenarios.adapters.adapter import Adapter, Config
from offhook_scenarios.delivery import Delivery, Ears
from offhook_scenarios.faults.catalogue import kind_of, planned
from offhook_scenarios.faults.ground import Ground, Seat
from offhook_scenarios.faults.network import Network, host_of
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.history import History, Probe
from offhook_scenarios.plan.blame import blamed
from offhook_scenarios.plan.bounds import RATES, Bounds, bounds, declared
from offhook_scenarios.plan.plan import Force, Headset, Plan, Press, Step, Wire
from offhook_scenarios.recorder import Recorder
from offhook_scenarios.run import START_WITHIN_S
from offhook_scenarios.sim.loop import where

STAYS_RIGHT_S = 15
"""A quiet is over early once every screen has been right for so long: longer than the server
takes to hold a link for lost, and the client to hold one for dead."""
STOP_WITHIN_S = 30.0
"""What has not ended so long after the stop was asked for is left behind."""
MakeClient = Callable[[int], Adapter]
"""From a seed to a client that has not been started."""


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, desk by desk."""

    histories: tuple[History, ...]
    checkpoints: tuple[float, ...]
    """Since when the world was quiet, and …"""
    judged: tuple[float, ...]
    """… when each desk had to be right at the latest, on the org's clock."""
    broken: tuple[tuple[str, str], ...] = ()
    """Desk and error, of clients that broke in a verb where they must not."""
    probes: tuple[Probe, ...] = ()
    """What every desk had to manage at the end, and until when."""
    kept: tuple[tuple[str, int], ...] = ()
    """Desk and number of each connection that its client still held after its stop."""
    options: Options = CONSTANTS
    """The constants that the client declares."""
    bites: dict[str, int] = {}
    """How often each kind of trouble bit, those that never did too."""


class _Work(NamedTuple):
    """A verb of a client that is under way."""

    seat: Seat
    verb: str
    task: asyncio.Task[None]


class Floor:
    """One play, on the running loop; `run` once, or by hand from `open` to `close`."""

    def __init__(self, plan: Plan, network: Network, make: MakeClient) -> None:
        self._plan = plan
        self._network = network
        self._loop = asyncio.get_running_loop()
        self._make = make
        self._seats: list[Seat] = []
        self._work: list[_Work] = []
        """Presses and restarts: what goes on at the desks."""
        self.faults: list[PlannedFault[Any]] = []
        """Those that were begun, in order."""
        self.ground: Ground
        """Where they play; once it is open."""
        self._bites: Counter[str] = Counter()
        """Of the hands."""
        self._broken: list[tuple[str, str]] = []
        self._probes: list[Probe] = []
        self._kept: list[tuple[str, int]] = []
        self._quiet: list[float] = []
        self._judged: list[float] = []

    async def run(self) -> Played:
        """The whole plan. Raises what keeps a client from starting: the machinery's failure."""
        await self.open()
        try:
            await self.start()
            await self._steps()
            await self.calm()
            await self.epilogue()
            played = self.so_far()
        finally:
            await self.close()
        return msgspec.structs.replace(played, broken=tuple(self._broken), kept=tuple(self._kept))

    # The same by hand, in this order, for whoever decides as it goes what happens next.

    async def open(self) -> None:
        """Start the server, and put a client at each desk, which has not been started."""
        network, plan = self._network, self._plan
        with network.living_at_server():
            self._server = MockServer(_settings(plan), seed=plan.seed, host=network.server_host)
            await self._server.start()
        await network.open(self._server, plan.desks)
        deliveries = {
            host_of(desk): Delivery(self._server.clock.now) for desk in range(1, plan.desks + 1)
        }
        network.watchers.append(Ears(deliveries))
        self._seats = [self._seat(desk, deliveries) for desk in range(1, plan.desks + 1)]
        self.ground = Ground(self._server, network, self._seats, spawn=self._spawn)
        # A plan without steps may be one whose steps are decided as it goes.
        if not plan.steps or any(isinstance(s, Wire) and s.when.link for s in plan.steps):
            network.taps.append(self.ground.links)
        self._server.on_change(self._look)

    def _seat(self, desk: int, deliveries: dict[str, Delivery]) -> Seat:
        recorder = Recorder(
            self._server,
            session=host_of(desk),
            desk=f"desk {desk}",
            username=self._server.settings.users[desk - 1].username,
            delivery=deliveries[host_of(desk)],
        )
        with self._network.living_at(desk):
            # Seeds of clients count from the plan's own.
            adapter = self._make(self._plan.seed + desk - 1)
        return Seat(desk, adapter=adapter, recorder=recorder)

    async def start(self) -> None:
        """Bring the clients up, one after the other; the judged time begins."""
        for seat in self._seats:
            await self._start(seat)
        for seat in self._seats:
            seat.recorder.begin()

    def so_far(self) -> Played:
        """What has happened up to now."""
        bites = self._bites.copy()
        for fault in self.faults:
            bites[kind_of(fault.step)] += fault.bites
        return Played(
            histories=tuple(seat.recorder.close() for seat in self._seats),
            checkpoints=tuple(self._quiet),
            judged=tuple(self._judged),
            broken=tuple(self._broken),
            probes=tuple(self._probes),
            kept=tuple(self._kept),
            options=self.options,
            bites=dict(bites),
        )

    async def close(self) -> None:
        """Take everything down. The mock must not have broken."""
        await self._stop()
        assert not self._server.errors, f"the mock broke: {self._server.errors[0].facts}"

    async def abandon(self) -> None:
        """Let go of network and server, after a `close` that came to no end."""
        await self._network.close()
        await self._server.stop()

    # The desks.

    async def _start(self, seat: Seat) -> None:
        user = self._server.settings.users[seat.desk - 1]
        api = self._network.api(seat.desk)
        config = Config(api=api, username=user.username, password=user.password)
        starting = self._at_desk(seat, seat.adapter.start(config, seat.recorder.tell), "start")
        waited: list[str] = []

        def give_up() -> None:
            waited.append(where(starting))
            starting.cancel()

        late = self._loop.call_later(START_WITHIN_S, give_up)
        try:
            await starting
        except asyncio.CancelledError as error:
            if not waited:
                raise
            raise TimeoutError(
                f"start() of {seat.recorder.desk} had not returned after {START_WITHIN_S:g} s; "
                f"it waited {waited[0]}"
            ) from error
        finally:
            late.cancel()

    def _at_desk(self, seat: Seat, work: object, verb: str) -> asyncio.Task[None]:
        """A task that lives at the desk. `work` is what the client's verb has returned."""
        if not inspect.iscoroutine(work):
            raise TypeError(
                f"{verb}() of {seat.recorder.desk} returned {work!r}, which cannot be awaited: "
                f"write async def {verb}"
            )
        with self._network.living_at(seat.desk):
            return asyncio.create_task(work)

    def _spawn(self, seat: Seat, work: Coroutine[Any, Any, None], *, verb: str = "restart") -> None:
        self._work.append(_Work(seat, verb, self._at_desk(seat, work, verb)))

    async def _stop(self) -> None:
        for work in self._work:
            work.task.cancel()
        stops = list[_Work]()
        for seat in self._seats:
            try:
                stops.append(_Work(seat, "stop", self._at_desk(seat, seat.adapter.stop(), "stop")))
            except Exception as error:  # noqa: BLE001 - whatever it is, the client broke.
                self._broken.append((seat.recorder.desk, _raised("stop", error)))
        until = self._loop.time() + STOP_WITHIN_S
        for work in (*self._work, *stops):
            await asyncio.wait({work.task}, timeout=max(0.0, until - self._loop.time()))
            if (broke := _broke(work)) is not None:
                self._broken.append((work.seat.recorder.desk, broke))
        # Orders to close are carried out in the next turns.
        await asyncio.sleep(0.1)
        self._kept = [
            (seat.recorder.desk, connection)
            for seat in self._seats
            for connection in self._network.kept(seat.desk)
        ]
        await self._network.close()
        await self._server.stop()

    @property
    def options(self) -> Options:
        """Of the first client, as one factory makes all; the reference's before there is one."""
        return declared(self._seats[0].adapter) if self._seats else CONSTANTS

    @cached_property
    def _bounds(self) -> Bounds:
        return bounds(self._plan, self.options)

    def _look(self) -> None:
        for seat in self._seats:
            seat.recorder.look()

    # The plan.

    async def _steps(self) -> None:
        began = self._loop.time()
        for step in sorted(self._plan.steps, key=lambda step: step.at_s):
            await self._until(began + step.at_s)
            self.perform(step)
        await self._until(began + self._plan.ends_s)

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - self._loop.time()))

    def perform(self, step: Step) -> None:
        """Do now what the step says, whatever its `at_s`."""
        match step:
            case Press(desk=desk, muted=muted):
                self._press(self.ground.seat(desk), muted=muted)
            case Headset(desk=desk, muted=muted):
                self._count(step, self._act(self.ground.seat(desk), "headset", muted=muted))
            case Force(desk=desk, muted=muted):
                self._count(step, self._act(self.ground.seat(desk), "supervisor", muted=muted))
            case _:
                fault = planned(step, self.ground)
                self.faults.append(fault)
                fault.start()

    def _press(self, seat: Seat, *, muted: bool) -> None:
        if seat.away:
            seat.recorder.act("agent", "finds no client to press")
            return

        async def press() -> None:
            # Two presses of one instant are in the order in which the client hears of them.
            done = seat.recorder.press(muted=muted)
            done(await seat.adapter.set_mute(muted))

        self._spawn(seat, press(), verb="set_mute")

    def _count(self, step: Step, bit: bool) -> None:  # noqa: FBT001 - the answer of `_act`.
        self._bites[kind_of(step)] += bit

    def _act(self, seat: Seat, who: str, *, muted: bool) -> bool:
        """Another hand sets mute, if it can: not on a device that is not connected."""
        device = seat.recorder.newest_device()
        if device is None:
            return False
        hand: ForceMute | LocalMute = ForceMute(device_id=device.id, muted=muted)
        if who == "headset":
            hand = LocalMute(device_id=device.id, muted=muted, cause=Cause.HEADSET, gesture=True)
        try:
            self._server.receive(hand)
        except DomainError:
            return False
        seat.recorder.act(who, "mutes" if muted else "unmutes")
        return True

    # The end.

    async def calm(self) -> None:
        """Nothing is wrong any more; wait as long as a client may take to be right, and stay so."""
        for fault in self.faults:
            fault.heal()
        self._server.lift_faults()
        self._network.hurry()
        self._server.receive(PatchPolicies(changes=_calm_policies(self._plan)))
        self._quiet.append(self._server.clock.now())
        deadline, right = self._loop.time() + self._bounds.convergence_s, 0
        while self._loop.time() < deadline and right < STAYS_RIGHT_S:
            await asyncio.sleep(1.0)
            is_right = all(seat.recorder.is_right() for seat in self._seats)
            right = right + 1 if is_right else 0
        self._judged.append(self._server.clock.now())

    async def epilogue(self) -> None:
        """What a healthy client must manage on a healthy network, after all it went through."""
        for seat in self._seats:
            device = seat.recorder.newest_device()
            self._drop(seat)
            if device is not None:
                self._act(seat, "supervisor", muted=not device.muted)
        await self.calm()
        # Only a client that was healthy for so long must have forgotten what was before.
        await asyncio.sleep(max(0.0, self.options.reset_after_s + 1.0 - STAYS_RIGHT_S))
        for seat in self._seats:
            self._drop(seat)
        await self._probe(None)
        for seat in self._seats:
            self._unlock(seat)
        for muted in (True, False):
            for seat in self._seats:
                self._press(seat, muted=muted)
            await self._probe(muted)

    def _unlock(self, seat: Seat) -> None:
        """Nobody may unmute what an administrator has locked; so that one lets go of it."""
        device = seat.recorder.newest_device()
        if device is not None and device.forced:
            self._act(seat, "supervisor", muted=False)

    def _drop(self, seat: Seat) -> None:
        seat.recorder.act("network", "cuts every connection")
        for connection in self._network.connections(seat.desk):
            self._network.cut(connection, side="both", end="reset")

    async def _probe(self, wish: bool | None) -> None:  # noqa: FBT001 - the value itself.
        at = self._server.clock.now()
        await asyncio.sleep(self._bounds.prompt_s)
        self._probes.append(Probe(at=at, until=self._server.clock.now(), wish=wish))


def _broke(work: _Work) -> str | None:
    """What a client did in a verb that it must not do: raise, or come to no end."""
    task = work.task
    if not task.done():
        waited = where(task)
        task.cancel()
        return f"{work.verb}() had not ended {STOP_WITHIN_S:g} s after the stop, {waited}"
    error = None if task.cancelled() else task.exception()
    return _raised(work.verb, error) if isinstance(error, Exception) else None


def _raised(verb: str, error: Exception) -> str:
    return f"{verb}(): {error!r}{blamed(error)}"


def _calm_policies(plan: Plan) -> dict[str, object]:
    """Tokens live as long as by default, and rates are as wide.

    A token that ended inside a probe of the epilogue, or a press that had to wait for its turn,
    would be judged as a slow client.
    """
    names = ("access_token_ttl_s", *(name for name in RATES if name in plan.policies))
    return {name: getattr(DEFAULT.policies, name) for name in names}


def _settings(plan: Plan) -> OrgSettings:
    policies = DEFAULT.policies.changed({**plan.policies, "allow_password_grant": True})
    return msgspec.structs.replace(DEFAULT, policies=policies)
