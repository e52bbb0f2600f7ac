"""A proxy on loopback, one door for each desk, that does to real bytes what faults ask for.

Between the two sockets of a connection lie the pipes of the simulation, so that a fault is the
same here as there, byte for byte. What is different: the kernels at both ends have buffers of
their own, time is real, and how bytes are cut into segments is up to them.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from offhook.server import MockServer
from offhook_scenarios.faults.network import SERVER, End, Side, host_of
from offhook_scenarios.sim.connection import Connection, Ends
from offhook_scenarios.sim.host import living_on
from offhook_scenarios.sim.listener import Door
from offhook_scenarios.sim.path import Conditions, Path
from offhook_scenarios.sim.seeds import Seeds
from offhook_scenarios.sim.tap import Action, Sending
from offhook_scenarios.sim.trace import Trace, Way
from offhook_scenarios.sim.watcher import Watcher
from offhook_scenarios.wire.door import LOOPBACK, DeskDoor
from offhook_scenarios.wire.plug import Plug

_SETTLING_TURNS = 10
"""Turns of the loop in which the server takes what was dialled last, and loses it."""


class ProxyNetwork:
    """A `Network` over real sockets, on the running loop. `seed` feeds the jitter."""

    server_host = LOOPBACK

    def __init__(self, *, seed: int, conditions: Conditions) -> None:
        self.taps: list[Callable[[Sending], Action | None]] = []
        self.watchers: list[Watcher] = []
        self._seeds = Seeds(seed)
        self._conditions = conditions
        self._trace = Trace()
        self._connections: dict[int, tuple[int, Connection]] = {}
        """Desk and connection, by the connection's number."""
        self._dialled = 0
        self._paths: dict[tuple[int, Way], Path] = {}
        self._doors: dict[int, DeskDoor] = {}
        self._door = Door.OPEN
        self._turned_away = 0
        self._joining: set[asyncio.Task[None]] = set()

    async def open(self, server: MockServer, desks: int) -> None:
        """The server must listen on loopback."""
        self._port = server.port
        for desk in range(1, desks + 1):
            host = host_of(desk)
            self._paths[desk, Way.UP] = Path(host, SERVER, self._conditions)
            self._paths[desk, Way.DOWN] = Path(SERVER, host, self._conditions)
            self._doors[desk] = DeskDoor(lambda taken, desk=desk: self._accept(desk, taken))  # type: ignore[misc]  # - mypy infers no default.
            self._set_door(desk)

    async def close(self) -> None:
        """Doors are shut, and what is still open is reset. Twice is once."""
        while self._doors:
            self._doors.popitem()[1].close()
        for _, connection in self._connections.values():
            connection.reset()
        for joining in tuple(self._joining):
            joining.cancel()
        await asyncio.gather(*self._joining, return_exceptions=True)
        for _ in range(_SETTLING_TURNS):
            await asyncio.sleep(0)

    def api(self, desk: int) -> str:
        """The desk's own door."""
        return f"http://{LOOPBACK}:{self._doors[desk].port}"

    def living_at_server(self) -> AbstractContextManager[None]:
        """A name, and no more: all live on this loop."""
        return living_on(SERVER)

    def living_at(self, desk: int) -> AbstractContextManager[None]:
        """A name, by which it may be put to sleep."""
        return living_on(host_of(desk))

    def connections(self, desk: int | None = None) -> tuple[int, ...]:
        """Those that are open at either end."""
        return tuple(
            number
            for number, (whose, connection) in self._connections.items()
            if desk in {None, whose} and connection.is_open
        )

    def kept(self, desk: int) -> tuple[int, ...]:
        """Those that the client has not closed."""
        return tuple(
            number
            for number, (whose, connection) in self._connections.items()
            if whose == desk
            and connection.up.sender is not None
            and not connection.up.sender.is_closing()
        )

    def cut(self, connection: int, *, side: Side, end: End) -> None:
        """As in the simulation."""
        if connection in self._connections:
            self._connections[connection][1].cut(
                tells_dialler=side != "server", tells_listener=side != "desk", in_order=end == "fin"
            )

    def hold(self, connection: int, way: Way, *, held: bool) -> None:
        """Let nothing arrive this way, or let it arrive again."""
        if connection in self._connections:
            self._connections[connection][1].pipe(way).stand(held=held)

    def part(self, desk: int, way: Way, *, held: bool) -> None:
        """Nothing gets through, and a dial is not answered."""
        path = self._paths[desk, way]
        if held:
            path.hold()
        else:
            path.release()
        self._set_door(desk)

    def slow(self, desk: int, way: Way, conditions: Conditions | None) -> None:
        """Of what is sent from now on; a dial takes as long as ever."""
        path = self._paths[desk, way]
        path.conditions = self._conditions if conditions is None else conditions

    def shut(self, door: Door) -> None:
        """At every desk's door."""
        if self._door is not Door.OPEN:
            self._turned_away += sum(not self.connections(desk) for desk in self._doors)
        self._door = door
        for desk in self._doors:
            self._set_door(desk)

    @property
    def turned_away(self) -> int:
        """Desks that stood before a shut door with no connection when it was opened.

        Refused dials are the kernel's affair; nobody counts them.
        """
        return self._turned_away

    def hurry(self) -> None:
        """Of all connections."""
        for _, connection in self._connections.values():
            connection.hurry()

    def _set_door(self, desk: int) -> None:
        door = self._door
        if door is Door.OPEN and any(self._paths[desk, way].held for way in Way):
            door = Door.SILENT
        self._doors[desk].set(door)

    def _accept(self, desk: int, taken: socket.socket) -> None:
        self._dialled += 1
        number = self._dialled
        for watcher in self.watchers:
            watcher.dialled(number, host_of(desk))
        connection = Connection(
            number,
            Ends(
                dialler=host_of(desk),
                listener=SERVER,
                local=taken.getpeername(),
                remote=taken.getsockname(),
            ),
            loop=asyncio.get_running_loop(),
            paths=(self._paths[desk, Way.UP], self._paths[desk, Way.DOWN]),
            taps=self.taps,
            watchers=self.watchers,
            chance=partial(self._seeds.stream, f"connection/{number}"),
            trace=self._trace,
        )
        self._connections[number] = desk, connection
        near = Plug(incoming=connection.down, outgoing=connection.up)
        far = Plug(incoming=connection.up, outgoing=connection.down)
        joining = asyncio.create_task(self._join(connection, taken, near, far))
        self._joining.add(joining)
        joining.add_done_callback(lambda _: self._joined(joining, taken, near))

    def _joined(self, joining: "asyncio.Task[None]", taken: socket.socket, near: Plug) -> None:
        self._joining.discard(joining)
        if not near.has_socket:
            taken.close()

    async def _join(
        self, connection: Connection, taken: socket.socket, near: Plug, far: Plug
    ) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(lambda: near, taken)
            await loop.create_connection(lambda: far, LOOPBACK, self._port)
        except OSError:
            connection.reset()
