"""What lies between the desks and the server, as faults need it; and what goes over it.

Two networks fit: the simulated one (`offhook_scenarios.faults.simulated`), and a proxy on real
sockets (`offhook_scenarios.wire.proxy`). Desks are numbered from 1, and so are connections,
as they are dialled.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal, Protocol

from offhook.server import MockServer
from offhook_scenarios.sim.listener import Door
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.tap import Action, Sending
from offhook_scenarios.sim.trace import Way
from offhook_scenarios.sim.watcher import Watcher

SERVER = "server"
Side = Literal["both", "desk", "server"]
End = Literal["reset", "fin"]
UPGRADE = b"upgrade: websocket"


def host_of(desk: int) -> str:
    """The name of the host at which a desk stands."""
    return f"desk-{desk}"


class Network(Protocol):
    """The network of one play. Whatever is done twice is done once; unknown connections are gone.

    What it does lasts until it is undone: faults overlap, and settle that among themselves.
    """

    server_host: str
    """Where the server must listen."""
    taps: list[Callable[[Sending], Action | None]]
    """What looks at every segment between a desk and the server, the first that acts wins."""
    watchers: list[Watcher]
    """Who is told what each end was told."""

    async def open(self, server: MockServer, desks: int) -> None:
        """Stand between the server, which listens, and so many desks."""

    async def close(self) -> None:
        """Let go of everything; twice is once. The server still listens."""

    def api(self, desk: int) -> str:
        """Under which origin this desk finds the server, `http://host:port`."""

    def living_at_server(self) -> AbstractContextManager[None]:
        """Whatever is started in here lives where the server does."""

    def living_at(self, desk: int) -> AbstractContextManager[None]:
        """Whatever is started in here lives at this desk."""

    def connections(self, desk: int | None = None) -> tuple[int, ...]:
        """Those that are open, of one desk or of all."""

    def kept(self, desk: int) -> tuple[int, ...]:
        """Those that the desk's own end still holds."""

    def cut(self, connection: int, *, side: Side, end: End) -> None:
        """It ends for one side or both. The other finds out when it says something."""

    def hold(self, connection: int, way: Way, *, held: bool) -> None:
        """Let nothing arrive this way, or let it arrive again."""

    def part(self, desk: int, way: Way, *, held: bool) -> None:
        """Let nothing arrive between desk and server, on any connection, nor any dial."""

    def slow(self, desk: int, way: Way, conditions: Conditions | None) -> None:
        """How long bytes take from now on; None: as long as at first."""

    def shut(self, door: Door) -> None:
        """What whoever dials finds from now on. Opened, it lets in who has waited."""

    @property
    def turned_away(self) -> int:
        """How many dials have found the door shut so far."""

    def hurry(self) -> None:
        """Let arrive soon what is under way with a delay."""


class Links:
    """Tells connections that became WebSockets: a tap that looks and does nothing."""

    def __init__(self) -> None:
        self._events: set[int] = set()

    def __call__(self, sending: Sending) -> None:
        """Look."""
        data = sending.data
        if sending.way is Way.UP and data[:4] == b"GET " and UPGRADE in data.lower():
            self._events.add(sending.connection)

    def name(self, connection: int) -> Literal["http", "events"]:
        """What this connection is by now."""
        return "events" if connection in self._events else "http"
