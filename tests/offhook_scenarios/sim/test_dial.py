"""Dialling: a round trip, waits, and changes of mind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.sim.listener import Door
from offhook_scenarios.sim.world import World

if TYPE_CHECKING:
    from tests.offhook_scenarios.sim.conftest import Party


async def server(world: World, party: Party) -> None:
    with world.network.on("server"):
        await asyncio.get_running_loop().create_server(lambda: party, port=80)


async def dial(world: World, party: Callable[[], Party]) -> None:
    with world.network.on("client"):
        await asyncio.get_running_loop().create_connection(party, "server", 80)


def test_it_takes_one_round_trip(world: World, party: Callable[[], Party]) -> None:
    answering = party()

    async def main() -> None:
        await server(world, answering)
        await dial(world, party)

    world.run(main())
    assert world.elapsed_s == pytest.approx(0.001)
    assert answering.log == [(0.0005, "made")]


@pytest.mark.parametrize("way", [("client", "server"), ("server", "client")])
def test_a_partition_holds_it_up_until_it_is_healed(
    world: World, party: Callable[[], Party], way: tuple[str, str]
) -> None:
    async def main() -> None:
        await server(world, party())
        world.network.path(*way).hold()
        world.loop.call_later(7, world.network.heal)
        await dial(world, party)

    world.run(main())
    assert world.elapsed_s == pytest.approx(7, abs=0.01)


def test_a_silent_door_is_knocked_at_again_when_it_is_healed(
    world: World, party: Callable[[], Party]
) -> None:
    async def main() -> None:
        await server(world, party())
        world.network.listener(80, "server").door = Door.SILENT
        world.loop.call_later(5, world.network.heal)
        await dial(world, party)

    world.run(main())
    assert world.elapsed_s == pytest.approx(5.001)


@pytest.mark.parametrize("after_s", [0.0002, 0.0007])
def test_who_changes_his_mind_leaves_nothing_behind(
    world: World, party: Callable[[], Party], after_s: float
) -> None:
    answering = party()

    async def main() -> None:
        await server(world, answering)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(after_s):
                await dial(world, party)
        await asyncio.sleep(1)

    world.run(main())
    accepted = after_s > 0.0005
    assert answering.told == (["made", "lost ConnectionResetError"] if accepted else [])
    assert not any(connection.is_open for connection in world.network.connections)
