"""The simulated network: hosts with names and addresses, listeners, connections, and troubles.

Whoever connects or listens does so from the host it lives on: `with network.on("client"):`.
Tasks and callbacks live where they were started. Every host also is `127.0.0.1` to itself.
"""

import asyncio
import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from ipaddress import ip_address
from typing import Any

from offhook_scenarios.sim.connection import Connection, Ends
from offhook_scenarios.sim.dial import Dial
from offhook_scenarios.sim.host import host as living_host
from offhook_scenarios.sim.host import living_on
from offhook_scenarios.sim.listener import ANYWHERE, Door, Factory, Listener
from offhook_scenarios.sim.loop import SimLoop
from offhook_scenarios.sim.path import Conditions, Path
from offhook_scenarios.sim.seeds import Seeds
from offhook_scenarios.sim.tap import Action, Sending
from offhook_scenarios.sim.trace import Trace
from offhook_scenarios.sim.watcher import Watcher

LOOPBACK = "127.0.0.1"
_FIRST_PORT = 40_000
_FIRST_DIALLING_PORT = 50_000


class Network:
    """One network. Everything in it happens on `loop`."""

    def __init__(
        self,
        loop: SimLoop,
        *,
        seeds: Seeds,
        trace: Trace,
        conditions: Conditions = Conditions(),  # noqa: B008 - a frozen value.
    ) -> None:
        self.trace = trace
        self.connections: list[Connection] = []
        """Those that are open, in the order in which they were dialled; see `Connection.number`."""
        self.taps: list[Callable[[Sending], Action | None]] = []
        """What looks at every segment that is sent, the first that acts wins."""
        self.watchers: list[Watcher] = []
        """Who is told what each end was told; healing leaves them there."""
        self._loop = loop
        self._seeds = seeds
        self.conditions = conditions
        self._addresses: dict[str, str] = {}
        """By the name of the host; and the other way round."""
        self._hosts: dict[str, str] = {}
        self._paths: dict[tuple[str, str], Path] = {}
        self._listeners: dict[tuple[str, int], Listener] = {}
        self._silent: list[Dial] = []
        self._sockets: dict[object, tuple[Dial, Connection]] = {}
        self._dialled = 0
        self.turned_away = 0
        """How many dials have found a door shut."""
        self._next_port = _FIRST_PORT

    def close(self) -> None:
        """Let go of all that was in it. Its loop must be closed."""
        self.connections.clear()
        self.taps.clear()
        self.watchers.clear()
        self._paths.clear()
        self._listeners.clear()
        self._silent.clear()
        self._sockets.clear()

    # Hosts.

    @contextmanager
    def on(self, host: str) -> Iterator[None]:
        """Whatever is started in here lives on this host."""
        self.address(host)
        with living_on(host):
            yield

    def address(self, host: str) -> str:
        """Where the host is. A new name is given an address."""
        if host not in self._addresses:
            number = len(self._addresses) + 1
            address = f"10.0.{number // 250}.{number % 250}"
            self._addresses[host], self._hosts[address] = address, host
        return self._addresses[host]

    def path(self, source: str, target: str) -> Path:
        """The way from one host to another."""
        key = source, target
        if key not in self._paths:
            self._paths[key] = Path(source, target, self.conditions)
        return self._paths[key]

    def resolve(self, host: str | None, port: int | str | None) -> list[tuple[Any, ...]]:
        """As `socket.getaddrinfo` answers. Raises `socket.gaierror` for an unknown name."""
        address = self._find(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port or 0))]

    def _find(self, host: str | None) -> str:
        if host is None or host == "localhost":
            return LOOPBACK
        if host in self._addresses:
            return self._addresses[host]
        if host in self._hosts:
            return host
        try:
            return str(ip_address(host))
        except ValueError:
            known = ", ".join(self._addresses)
            words = f"Name or service not known: the simulated network has no {host}, but {known}"
            raise socket.gaierror(socket.EAI_NONAME, words) from None

    def _host_at(self, address: str) -> str | None:
        if address == LOOPBACK:
            return living_host()
        return self._hosts.get(address)

    # Troubles.

    def partition(self, one: str, other: str) -> None:
        """Let nothing through between two hosts, either way, until `heal`."""
        self.path(one, other).hold()
        self.path(other, one).hold()

    def heal(self) -> None:
        """End all trouble: partitions, held connections, delays, taps, doors that are shut.

        What was lost stays lost, and what was changed of a path's conditions is up to who did.
        """
        self.taps.clear()
        for listener in self._listeners.values():
            listener.door = Door.OPEN
        for path in self._paths.values():
            path.release()
        for connection in self.connections:
            connection.release()
            connection.hurry()
        self.knock_again()

    def knock_again(self) -> None:
        """Let everybody knock whom a silent door has left waiting."""
        silent, self._silent = self._silent, []
        for dial in silent:
            dial.send()

    def listener(self, port: int, host: str | None = None) -> Listener:
        """Who listens there (None: on the caller's host). There must be somebody."""
        return self._listeners[host or living_host(), port]

    # Listening.

    def listen(self, factory: Factory, host: str | None, port: int) -> Listener:
        """Listen on the caller's host; 0 takes a free port. Raises `OSError` as bind does."""
        here = living_host()
        address = ANYWHERE if host in {None, ""} else self._find(host)
        if address not in {ANYWHERE, LOOPBACK, self.address(here)}:
            raise OSError(errno.EADDRNOTAVAIL, f"{host} is not an address of host {here}")
        if not port:
            self._next_port += 1
            port = self._next_port
        if (here, port) in self._listeners:
            raise OSError(errno.EADDRINUSE, f"Address already in use: {address}:{port} on {here}")
        listener = Listener(
            factory,
            loop=self._loop,
            address=(address, port),
            context=copy_context(),
            closed=lambda: self._listeners.pop((here, port)),
        )
        self._listeners[here, port] = listener
        return listener

    # Dialling.

    async def connect(
        self, factory: Factory, host: str, port: int
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """Dial, and hand the connection to a new protocol. Raises `OSError` as connect does."""
        dial = self._dial(self._find(host), port)
        return dial.open(factory, await dial.answered())

    async def connect_socket(self, sock: object, host: str, port: int) -> None:
        """Dial for a socket that was made elsewhere. `adopt` must follow."""
        dial = self._dial(self._find(host), port)
        self._sockets[sock] = dial, await dial.answered()

    def adopt(self, factory: Factory, sock: Any) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """Hand the connection of such a socket to a new protocol; the real socket is closed."""
        if sock not in self._sockets:
            raise self._loop.refuse("a connection on a real socket")
        dial, connection = self._sockets.pop(sock)
        sock.close()
        return dial.open(factory, connection)

    def _dial(self, address: str, port: int) -> Dial:
        here = living_host()
        self._dialled += 1
        for watcher in self.watchers:
            watcher.dialled(self._dialled, here)
        there = self._host_at(address) or address
        mine = LOOPBACK if address == LOOPBACK else self.address(here)
        ends = Ends(
            dialler=here,
            listener=there,
            local=(mine, _FIRST_DIALLING_PORT + self._dialled),
            remote=(address, port),
        )
        dial = Dial(
            self._dialled,
            ends,
            loop=self._loop,
            paths=(self.path(here, there), self.path(there, here)),
            reach=self._reach,
            join=self._join,
            trace=self.trace,
        )
        dial.send()
        return dial

    def _reach(self, dial: Dial) -> Listener | None:
        """Whom a dial reaches; None when nobody says anything. Raises when it is refused."""
        host, (address, port) = dial.ends.listener, dial.ends.remote
        listener = self._listeners.get((host, port))
        if listener is not None and listener.door is not Door.OPEN:
            self.turned_away += 1
        if listener is None or not listener.is_at(address) or listener.door is Door.REFUSING:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        if listener.door is Door.SILENT:
            self._silent.append(dial)
            return None
        return listener

    def _join(self, dial: Dial) -> Connection:
        connection = Connection(
            dial.number,
            dial.ends,
            loop=self._loop,
            paths=dial.paths,
            taps=self.taps,
            watchers=self.watchers,
            chance=partial(self._seeds.stream, f"connection/{dial.number}"),
            trace=self.trace,
        )
        self.connections = [known for known in self.connections if known.is_open]
        self.connections.append(connection)
        return connection
