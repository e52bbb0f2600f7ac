"""What a fault in play has under its feet: the server, the network, the desks."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from offhook.server import MockServer
from offhook_scenarios.adapters.adapter import Adapter
from offhook_scenarios.faults.layers import Layers
from offhook_scenarios.faults.network import End, Links, Network, Side, host_of
from offhook_scenarios.recorder import Recorder
from offhook_scenarios.sim.listener import Door
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.trace import Way


class Seat:
    """One desk of a play, from 1, and whoever sits there."""

    def __init__(self, desk: int, *, adapter: Adapter, recorder: Recorder) -> None:
        self.desk = desk
        self.host = host_of(desk)
        self.adapter = adapter
        self.recorder = recorder
        self.away = False
        """The client is being restarted, or sleeps: there is nothing to press."""
        self.asleep = False
        """The machine sleeps: nothing that befalls its connections is told to it."""
        self.restarting = asyncio.Lock()
        """One restart after the other."""


class Ground:
    """Made when the server listens. `spawn` starts work at a desk, which is waited for at last."""

    def __init__(
        self,
        server: MockServer,
        network: Network,
        seats: list[Seat],
        *,
        spawn: Callable[[Seat, Coroutine[Any, Any, None]], object],
    ) -> None:
        self.server = server
        self.network = network
        self.seats = seats
        self.spawn = spawn
        self.loop = asyncio.get_running_loop()
        self.links = Links()
        self._when_bitten: dict[str, Callable[[], None]] = {}
        server.org.journal.follow(self._follow)
        self.held: Layers[tuple[int, Way], bool] = Layers(
            lambda key, held: network.hold(*key, held=bool(held))
        )
        """Connections of which nothing arrives, by number and way."""
        self.parted: Layers[tuple[int, Way], bool] = Layers(
            lambda key, held: network.part(*key, held=bool(held))
        )
        """Desks that are cut off, by number and way."""
        self.slowed: Layers[tuple[int, Way], Conditions] = Layers(
            lambda key, conditions: network.slow(*key, conditions)
        )
        """Desks whose bytes take longer, by number and way."""
        self.door: Layers[None, Door] = Layers(lambda _, door: network.shut(door or Door.OPEN))
        """What whoever dials finds."""

    def seat(self, desk: int) -> Seat:
        """The desk of this number, from 1."""
        return self.seats[desk - 1]

    def cut(self, desk: int, *, side: Side = "both", end: End = "reset") -> int:
        """Every connection of a desk ends; returns how many. Who sleeps is told nothing."""
        connections = self.network.connections(desk)
        if self.seat(desk).asleep:
            side = "server"
        for connection in connections:
            self.network.cut(connection, side=side, end=end)
        return len(connections)

    def when_bitten(self, rule_id: str, tell: Callable[[], None]) -> None:
        """Call `tell` whenever what this rule of the mock decided is carried out, lifted or not."""
        self._when_bitten[rule_id] = tell

    def _follow(self, kind: str, _at: float, facts: Mapping[str, object]) -> None:
        if kind == "fault" and (tell := self._when_bitten.get(str(facts["rule_id"]))):
            tell()

    def act(self, who: str, what: str, desk: int | None = None) -> None:
        """Write down what somebody does, in the history of one desk or of all."""
        for seat in self.seats:
            if desk in {None, seat.desk}:
                seat.recorder.act(who, what)
