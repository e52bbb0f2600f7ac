"""Listeners: servers as asyncio gives them, and doors that do not open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.sim.listener import Door
from offhook_scenarios.sim.world import World

if TYPE_CHECKING:
    from tests.offhook_scenarios.sim.conftest import Party


def test_a_server_listens_until_it_is_closed(world: World, party: Callable[[], Party]) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with await loop.create_server(party, "127.0.0.1", 0) as server:
            assert server.is_serving()
            assert server.get_loop() is loop
            (listening,) = server.sockets
            host, port = listening.getsockname()
            assert host == "127.0.0.1"
            await loop.create_connection(party, host, port)
            await server.start_serving()
        await server.wait_closed()
        assert not server.is_serving()
        assert server.sockets == ()
        server.close()
        with pytest.raises(ConnectionRefusedError):
            await loop.create_connection(party, host, port)

    world.run(main())


def test_serving_for_ever_ends_by_cancelling(world: World, party: Callable[[], Party]) -> None:
    async def main() -> bool:
        server = await asyncio.get_running_loop().create_server(party, port=80)
        serving = asyncio.create_task(server.serve_forever())
        await asyncio.sleep(1)
        serving.cancel()
        await asyncio.wait([serving])
        return bool(server.is_serving())

    assert not world.run(main())


def test_its_protocols_live_on_its_host(world: World, party: Callable[[], Party]) -> None:
    made: list[str] = []

    class Caller(asyncio.Protocol):
        """Dials on as soon as somebody calls."""

        def connection_made(self, _transport: asyncio.BaseTransport) -> None:
            self.task = asyncio.create_task(self.dial())

        async def dial(self) -> None:
            await asyncio.get_running_loop().create_connection(party, "third", 80)
            made.append(world.network.connections[-1].ends.dialler)

    async def main() -> None:
        loop, network = asyncio.get_running_loop(), world.network
        with network.on("third"):
            await loop.create_server(party, port=80)
        with network.on("second"):
            await loop.create_server(Caller, port=80)
        with network.on("first"):
            await loop.create_connection(party, "second", 80)
        await asyncio.sleep(1)

    world.run(main())
    assert made == ["second"]


@pytest.mark.parametrize("door", [Door.REFUSING, Door.SILENT])
def test_a_door_may_refuse_or_be_silent(
    world: World, party: Callable[[], Party], door: Door
) -> None:
    async def main() -> str:
        loop = asyncio.get_running_loop()
        await loop.create_server(party, port=80)
        world.network.listener(80).door = door
        try:
            async with asyncio.timeout(60):
                await loop.create_connection(party, "localhost", 80)
        except (ConnectionRefusedError, TimeoutError) as error:
            return f"{type(error).__name__} after {world.elapsed_s:.3f} s"
        return "connected"

    expected = {
        Door.REFUSING: "ConnectionRefusedError after 0.001 s",
        Door.SILENT: "TimeoutError after 60.000 s",
    }
    assert world.run(main()) == expected[door]
