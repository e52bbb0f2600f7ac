"""A desk's socket, a server's socket, and the proxy's pipes between them."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import cast

import pytest

from offhook.server import MockServer
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.wire.proxy import ProxyNetwork


class Party(asyncio.Protocol):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.data = b""
        self.told: list[str] = []
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data

    def eof_received(self) -> bool:
        self.told.append("eof")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.told.append(f"lost {type(exc).__name__}")


class Wire:
    """One desk and one server, each with a `Party`."""

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self.desk, self.server = Party(), Party()
        self.listening = await loop.create_server(lambda: self.server, "127.0.0.1")
        port = self.listening.sockets[0].getsockname()[1]
        self.network = ProxyNetwork(seed=1, conditions=Conditions(latency_s=0.001))
        # Of a server it asks the port alone.
        await self.network.open(cast("MockServer", SimpleNamespace(port=port)), 2)
        self.port = int(self.network.api(1).rpartition(":")[2])
        await loop.create_connection(lambda: self.desk, "127.0.0.1", self.port)
        self.desk.transport.write(b"hello")
        await self.until(lambda: self.server.data == b"hello")
        (self.number,) = self.network.connections(1)

    @staticmethod
    async def until(is_so: object, *, within_s: float = 10.0) -> None:
        """Wait for it."""
        async with asyncio.timeout(within_s):
            while not is_so():  # type: ignore[operator]  # noqa: ASYNC110 - nobody tells.
                await asyncio.sleep(0.005)

    async def close(self) -> None:
        await self.network.close()
        self.listening.close()
        for party in (self.desk, self.server):
            party.transport.abort()
        await asyncio.sleep(0.02)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    await wire.open()
    yield wire
    await wire.close()
