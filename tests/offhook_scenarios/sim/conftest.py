"""A world to try things in, and a pair of protocols that write down what they are told."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from offhook_scenarios.sim.trace import Trace
from offhook_scenarios.sim.world import World


class Party(asyncio.Protocol):
    """Writes down what it is told, and when."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.log: list[tuple[float, str]] = []
        self.data = b""
        self.error: Exception | None = None
        self.keeps_open = False
        self.transport: asyncio.Transport

    def _note(self, what: str) -> None:
        self.log.append((round(self.world.elapsed_s, 6), what))

    @property
    def told(self) -> list[str]:
        return [what for _, what in self.log]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._note("made")

    def data_received(self, data: bytes) -> None:
        self.data += data
        self._note(f"data {len(data)}")

    def eof_received(self) -> bool:
        self._note("eof")
        return self.keeps_open

    def connection_lost(self, exc: Exception | None) -> None:
        self.error = exc
        self._note(f"lost {type(exc).__name__}")

    def pause_writing(self) -> None:
        self._note("pause")

    def resume_writing(self) -> None:
        self._note("resume")


class Pair:
    """A client and a server, on hosts of these names, with the connection between them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client, self.server = Party(world), Party(world)
        world.run(self._join())
        (self.connection,) = world.network.connections
        self.client.log.clear()
        self.server.log.clear()

    async def _join(self) -> None:
        loop = asyncio.get_running_loop()
        with self.world.network.on("server"):
            await loop.create_server(lambda: self.server, port=80)
        with self.world.network.on("client"):
            await loop.create_connection(lambda: self.client, "server", 80)

    def after(self, seconds: float = 1.0) -> None:
        """Let time pass."""
        self.world.run(asyncio.sleep(seconds))


@pytest.fixture
def world() -> Iterator[World]:
    with World(1, trace=Trace(keep=True)) as world:
        yield world
        assert world.troubles == []


@pytest.fixture
def pair(world: World) -> Pair:
    return Pair(world)


@pytest.fixture
def pair_of() -> Callable[[World], Pair]:
    return Pair


@pytest.fixture
def party(world: World) -> Callable[[], Party]:
    return lambda: Party(world)
