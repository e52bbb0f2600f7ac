"""Plays a plan in virtual time: one server, its desks, each on a host of its own.

    start desks ─▶ steps ─▶ heal everything ─▶ quiet ─▶ checkpoint
                     ─▶ cut all, change all ─▶ quiet ─▶ checkpoint        (the epilogue)

What is healed is healed by name, also what has not bitten.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from offhook.domain.errors import DomainError
from offhook.domain.inputs import ForceMute, LocalMute
from offhook.domain.views import Cause
from offhook.server import MockServer
from offhook.settings import DEFAULT, OrgSettings
from offhook_client.options import DEFAULT as CONSTANTS
from offhook_client.options import Options
from offhook_scenarios.adapters.adapter import Adapter, Config
from offhook_scenarios.delivery import Delivery, Ears
from offhook_scenarios.history import History, Probe
from offhook_scenarios.plan.bounds import Bounds, bounds, declared
from offhook_scenarios.plan.plan import (
    Cut,
    Fault,
    Force,
    Headset,
    Partition,
    Plan,
    PlanError,
    Press,
    Refuse,
    Step,
)
from offhook_scenarios.recorder import Recorder
from offhook_scenarios.run import START_WITHIN_S
from offhook_scenarios.sim.listener import Door
from offhook_scenarios.sim.path import Path
from offhook_scenarios.sim.world import World

SERVER = "server"
STAYS_RIGHT_S = 15
"""A quiet is over early once every screen has been right for so long: longer than the server
takes to hold a link for lost, and the client to hold one for dead."""
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


class Floor:
    """One play. Made on the world's loop; `run` once, or by hand from `open` to `close`."""

    def __init__(self, plan: Plan, world: World, make: MakeClient) -> None:
        self._plan = plan
        self._world = world
        self._network = world.network
        self._loop = asyncio.get_running_loop()
        self._make = make
        self._presses: list[tuple[int, asyncio.Task[None]]] = []
        self._broken: list[tuple[str, str]] = []
        self._holders: dict[Path, int] = {}
        self._closers: list[Door] = []
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
        with self._network.on(SERVER):
            self._server = MockServer(_settings(self._plan), seed=self._plan.seed, host=SERVER)
            await self._server.start()
        users = self._server.settings.users[: self._plan.desks]
        clock = self._server.clock
        deliveries = {_host(number): Delivery(clock.now) for number in range(len(users))}
        self._network.watchers.append(Ears(deliveries))
        self._recorders = [
            Recorder(
                self._server,
                session=host,
                desk=host.replace("-", " "),
                username=user.username,
                delivery=deliveries[host],
            )
            for host, user in zip(deliveries, users, strict=True)
        ]
        self._server.on_change(self._look)
        self._adapters = [self._make(self._plan.seed + number) for number in range(len(users))]

    async def start(self) -> None:
        """Bring the clients up, one after the other; the judged time begins."""
        for number in range(len(self._adapters)):
            await self._start(number)
        for recorder in self._recorders:
            recorder.begin()

    def so_far(self) -> Played:
        """What has happened up to now."""
        return Played(
            histories=tuple(recorder.close() for recorder in self._recorders),
            checkpoints=tuple(self._quiet),
            judged=tuple(self._judged),
            broken=tuple(self._broken),
            probes=tuple(self._probes),
            options=self._options,
        )

    async def close(self) -> None:
        """Take everything down. The mock must not have broken."""
        await self._stop()
        assert not self._server.errors, f"the mock broke: {self._server.errors[0].facts}"

    # The desks.

    async def _start(self, number: int) -> None:
        user = self._server.settings.users[number]
        config = Config(api=self._server.url, username=user.username, password=user.password)
        start = self._adapters[number].start(config, self._recorders[number].tell)
        async with asyncio.timeout(START_WITHIN_S):
            await self._at_desk(number, start)

    def _at_desk(self, number: int, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task that lives on the desk's host."""
        with self._network.on(_host(number)):
            return asyncio.create_task(work)

    async def _stop(self) -> None:
        for _, press in self._presses:
            press.cancel()
        stops = [
            (number, self._at_desk(number, adapter.stop()))
            for number, adapter in enumerate(self._adapters)
        ]
        for number, ending in (*self._presses, *stops):
            (result,) = await asyncio.gather(ending, return_exceptions=True)
            if isinstance(result, Exception):
                self._broken.append((self._recorders[number].desk, repr(result)))
        # Orders to close are carried out in the next turns.
        await asyncio.sleep(0.1)
        self._kept = self._held()
        await self._server.stop()

    def _held(self) -> list[tuple[str, int]]:
        """The connections that the desks hold, told before the server lets go of them."""
        desks = {_host(number): each.desk for number, each in enumerate(self._recorders)}
        return [
            (desks[connection.ends.dialler], connection.number)
            for connection in self._network.connections
            if connection.up.sender is not None and not connection.up.sender.is_closing()
        ]

    @property
    def _options(self) -> Options:
        """Of the first client; all are made by the same factory."""
        return declared(self._adapters[0])

    @property
    def _bounds(self) -> Bounds:
        return bounds(self._plan, self._options)

    def _look(self) -> None:
        for recorder in self._recorders:
            recorder.look()

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
                self._press(desk - 1, muted=muted)
            case Headset(desk=desk, muted=muted):
                self._act(desk - 1, "headset", muted=muted)
            case Force(desk=desk, muted=muted):
                self._act(desk - 1, "supervisor", muted=muted)
            case Cut(desk=desk):
                self._recorders[desk - 1].act("network", "cuts every connection")
                self._cut(desk - 1)
            case Partition():
                self._part(step)
            case Refuse(silent=silent, lasts_s=lasts_s):
                self._close_door(Door.SILENT if silent else Door.REFUSING, lasts_s)
            case Fault():
                self._lay(step)
            case _:
                raise PlanError(f"The step {step.__struct_config__.tag!r} cannot be played yet.")

    def _press(self, number: int, *, muted: bool) -> None:
        async def press() -> None:
            # Two presses of one instant are in the order in which the client hears of them.
            done = self._recorders[number].press(muted=muted)
            done(await self._adapters[number].set_mute(muted))

        self._presses.append((number, self._at_desk(number, press())))

    def _act(self, number: int, who: str, *, muted: bool) -> None:
        """Another hand sets mute. On a device that is not connected it comes to nothing."""
        recorder = self._recorders[number]
        device_id = recorder.device().id
        hand: ForceMute | LocalMute = ForceMute(device_id=device_id, muted=muted)
        if who == "headset":
            hand = LocalMute(device_id=device_id, muted=muted, cause=Cause.HEADSET, gesture=True)
        try:
            self._server.receive(hand)
        except DomainError:
            return
        recorder.act(who, "mutes" if muted else "unmutes")

    def _cut(self, number: int) -> None:
        for connection in self._network.connections:
            if connection.ends.dialler == _host(number):
                connection.reset()

    def _part(self, step: Partition) -> None:
        number = step.desk - 1
        self._recorders[number].act("network", f"lets nothing through ({step.way})")
        up = self._network.path(_host(number), SERVER)
        down = self._network.path(SERVER, _host(number))
        paths = {"both": [up, down], "up": [up], "down": [down]}[step.way]
        for path in paths:
            path.hold()
            self._holders[path] = self._holders.get(path, 0) + 1
            self._loop.call_later(step.lasts_s, self._join, path)

    def _join(self, path: Path) -> None:
        """Partitions may overlap: the last one that ends opens the path."""
        self._holders[path] -= 1
        if not self._holders[path]:
            path.release()

    def _close_door(self, door: Door, lasts_s: float) -> None:
        self._closers.append(door)
        self._network.listener(self._server.port, SERVER).door = door
        self._loop.call_later(lasts_s, self._open_door, door)

    def _open_door(self, door: Door) -> None:
        self._closers.remove(door)
        left = self._closers[-1] if self._closers else Door.OPEN
        self._network.listener(self._server.port, SERVER).door = left
        self._network.knock_again()

    def _lay(self, step: Fault) -> None:
        number = 0 if step.desk is None else step.desk - 1
        recorder, rule = self._recorders[number], step.rule
        if step.desk is not None:
            match = msgspec.structs.replace(rule.match, client_id=recorder.device().id)
            rule = msgspec.structs.replace(rule, match=match)
        fault = str(rule.fault.__struct_config__.tag)
        rule_id = recorder.lay(f"{fault} {rule.match.operation or ''}".strip(), rule)
        self._loop.call_later(step.lasts_s, recorder.lift, rule_id)

    # The end.

    async def calm(self) -> None:
        """Nothing is wrong any more; wait as long as a client may take to be right, and stay so."""
        self._network.heal()
        self._server.faults.clear()
        self._quiet.append(self._server.clock.now())
        deadline, right = self._loop.time() + self._bounds.convergence_s, 0
        while self._loop.time() < deadline and right < STAYS_RIGHT_S:
            await asyncio.sleep(1.0)
            right = right + 1 if all(each.is_right() for each in self._recorders) else 0
        self._judged.append(self._server.clock.now())

    async def epilogue(self) -> None:
        """What a healthy client must manage on a healthy network, after all it went through."""
        for number, recorder in enumerate(self._recorders):
            muted = recorder.device().muted
            recorder.act("network", "cuts every connection")
            self._cut(number)
            self._act(number, "supervisor", muted=not muted)
        await self.calm()
        # Only a client that was healthy for so long must have forgotten what was before.
        await asyncio.sleep(max(0.0, self._options.reset_after_s + 1.0 - STAYS_RIGHT_S))
        for number, recorder in enumerate(self._recorders):
            recorder.act("network", "cuts every connection")
            self._cut(number)
        await self._probe(None)
        for muted in (True, False):
            for number in range(len(self._recorders)):
                self._press(number, muted=muted)
            await self._probe(muted)

    async def _probe(self, wish: bool | None) -> None:  # noqa: FBT001 - the value itself.
        at = self._server.clock.now()
        await asyncio.sleep(self._bounds.prompt_s)
        self._probes.append(Probe(at=at, until=self._server.clock.now(), wish=wish))


def _host(number: int) -> str:
    return f"desk-{number + 1}"


def _settings(plan: Plan) -> OrgSettings:
    policies = DEFAULT.policies.changed({**plan.policies, "allow_password_grant": True})
    return msgspec.structs.replace(DEFAULT, policies=policies)
