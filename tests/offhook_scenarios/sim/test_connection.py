"""Connections: what befalls both ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from offhook_scenarios.sim.tap import Pass
from offhook_scenarios.sim.trace import Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.sim.conftest import Pair, Party

    from offhook_scenarios.sim.world import World


def test_a_reset_reaches_both_ends_and_what_is_under_way_is_lost(pair: Pair) -> None:
    pair.client.transport.write(b"lost")
    pair.connection.reset()
    pair.after()
    for party in (pair.client, pair.server):
        assert party.told == ["lost ConnectionResetError"]
    assert not pair.connection.is_open


def test_a_side_that_forgets_answers_the_other_with_a_reset(pair: Pair) -> None:
    pair.connection.forget(Way.DOWN)
    pair.after(3_600)
    assert pair.client.told == []
    pair.client.transport.write(b"still there?")
    pair.after()
    assert pair.client.told == ["lost ConnectionResetError"]


def test_a_held_connection_is_silent_both_ways_and_loses_nothing(pair: Pair) -> None:
    pair.connection.hold()
    pair.client.transport.write(b"up")
    pair.server.transport.write(b"down")
    pair.after(3_600)
    assert (pair.client.told, pair.server.told) == ([], [])
    pair.connection.release()
    pair.after()
    assert (pair.client.data, pair.server.data) == (b"down", b"up")


def test_it_knows_who_speaks_with_whom(pair: Pair) -> None:
    ends = pair.connection.ends
    assert (ends.dialler, ends.listener) == ("client", "server")
    assert ends.remote == (pair.world.network.address("server"), 80)
    assert ends.local[0] == pair.world.network.address("client")


def test_whoever_has_not_taken_its_end_yet_finds_it_reset_when_it_does(
    world: World, party: Callable[[], Party]
) -> None:
    client, server = party(), party()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        with world.network.on("server"):
            await loop.create_server(lambda: server, port=80)
        with world.network.on("client"):
            dial = asyncio.create_task(loop.create_connection(lambda: client, "server", 80))
        await asyncio.sleep(0.0006)
        assert (server.told, client.told) == (["made"], []), "the answer is on its way back"
        world.network.connections[0].reset()
        await dial

    world.run(main())
    world.run(asyncio.sleep(1))
    assert client.told == ["made", "lost ConnectionResetError"]
    assert server.told == ["made", "lost ConnectionResetError"]


def test_an_orderly_end_reaches_one_side_after_what_is_under_way(pair: Pair) -> None:
    pair.server.transport.write(b"last words")
    pair.connection.finish(Way.DOWN)
    pair.server.transport.write(b"lost")
    pair.after()
    assert pair.client.data == b"last words"
    assert pair.client.told[-2:] == ["eof", "lost NoneType"]
    assert pair.server.told == ["eof", "lost NoneType"], "the client closed in its turn"


def test_what_is_delayed_arrives_at_once_when_hurried(pair: Pair) -> None:
    pair.world.network.taps.append(lambda _: Pass(delay_s=60))
    pair.client.transport.write(b"late")
    pair.after(1)
    assert pair.server.data == b""
    pair.connection.hurry()
    pair.after(0.01)
    assert pair.server.data == b"late"
