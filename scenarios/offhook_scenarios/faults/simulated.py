"""The simulated network as faults need it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from offhook.server import MockServer
from offhook_scenarios.faults.network import SERVER, End, Side, host_of
from offhook_scenarios.sim import net
from offhook_scenarios.sim.connection import Connection
from offhook_scenarios.sim.errors import NOT_SIMULATED, EscapeError
from offhook_scenarios.sim.listener import Door
from offhook_scenarios.sim.path import Conditions, Path
from offhook_scenarios.sim.tap import Action, Sending
from offhook_scenarios.sim.trace import Way
from offhook_scenarios.sim.watcher import Watcher


class SimulatedNetwork:
    """A `Network` over the simulation's: each desk on a host of its own, and the server too."""

    server_host = SERVER

    def __init__(self, network: net.Network) -> None:
        self._network = network
        self.taps: list[Callable[[Sending], Action | None]] = network.taps
        self.watchers: list[Watcher] = network.watchers

    async def open(self, server: MockServer, desks: int) -> None:  # noqa: ARG002 - the Protocol's.
        """The server must listen."""
        self._port, self._api = server.port, server.url

    async def close(self) -> None:
        """It goes with its world."""

    def api(self, desk: int) -> str:  # noqa: ARG002 - the Protocol's.
        """The server's own origin: its host has a name."""
        return self._api

    def living_at_server(self) -> AbstractContextManager[None]:
        """Whatever is started in here lives on the server's host."""
        return self._network.on(SERVER)

    def living_at(self, desk: int) -> AbstractContextManager[None]:
        """Whatever is started in here lives on the desk's host."""
        return self._network.on(host_of(desk))

    def connections(self, desk: int | None = None) -> tuple[int, ...]:
        """Those that are open at either end."""
        return tuple(each.number for each in self._open(desk))

    def kept(self, desk: int) -> tuple[int, ...]:
        """Those whose dialling end is open."""
        return tuple(
            each.number
            for each in self._open(desk)
            if each.up.sender is not None and not each.up.sender.is_closing()
        )

    def cut(self, connection: int, *, side: Side, end: End) -> None:
        """A side that is told nothing is answered with a reset when it next speaks."""
        for each in self._of(connection):
            each.cut(
                tells_dialler=side != "server", tells_listener=side != "desk", in_order=end == "fin"
            )

    def hold(self, connection: int, way: Way, *, held: bool) -> None:
        """Let nothing arrive this way, or let it arrive again."""
        for each in self._of(connection):
            each.pipe(way).stand(held=held)

    def part(self, desk: int, way: Way, *, held: bool) -> None:
        """Hold the path, or release it."""
        path = self._path(desk, way)
        if held:
            path.hold()
        else:
            path.release()

    def slow(self, desk: int, way: Way, conditions: Conditions | None) -> None:
        """Of what is sent from now on."""
        path = self._path(desk, way)
        path.conditions = self._network.conditions if conditions is None else conditions

    def shut(self, door: Door) -> None:
        """At the server's listener."""
        self._network.listener(self._port, SERVER).door = door
        if door is not Door.SILENT:
            self._network.knock_again()

    @property
    def turned_away(self) -> int:
        """Dials that were refused, or not answered."""
        return self._network.turned_away

    def hurry(self) -> None:
        """Of all connections."""
        for each in self._network.connections:
            each.hurry()

    def _path(self, desk: int, way: Way) -> Path:
        ends = (host_of(desk), SERVER)
        return self._network.path(*(ends if way is Way.UP else reversed(ends)))

    def _open(self, desk: int | None) -> Iterator[Connection]:
        for each in self._network.connections:
            if each.is_open and (desk is None or desk == _desk(each)):
                yield each

    def _of(self, number: int) -> Iterator[Connection]:
        return (each for each in self._network.connections if each.number == number)


def _desk(connection: Connection) -> int:
    """Raises `EscapeError` for a dial that no desk made: neither fault nor judge would see it."""
    _, _, number = connection.ends.dialler.rpartition("-")
    if not number.isdigit():
        raise EscapeError(
            f"A connection that was dialled at no desk {NOT_SIMULATED}: tasks and callbacks of a "
            "client keep the context in which it was made or told to start."
        )
    return int(number)
