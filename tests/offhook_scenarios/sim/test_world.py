"""A world: unmodified aiohttp and websockets in it, the same in every run."""

from __future__ import annotations

import asyncio
import gc
import weakref

import aiohttp
import pytest
from aiohttp import web
from websockets.asyncio.client import connect

from offhook_scenarios.sim.errors import DeadlockError, EscapeError
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim.trace import Trace, first_divergence
from offhook_scenarios.sim.world import World

JITTER = Conditions(latency_s=0.01, jitter_s=0.05)


async def app() -> None:
    """An echo over HTTP and over WebSocket, on the caller's host."""

    async def echo(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade") == "websocket":
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            async for message in socket:
                await socket.send_str(message.data)
            return socket
        return web.Response(body=await request.read())

    application = web.Application()
    application.router.add_route("*", "/", echo)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "server", 80).start()


async def talk(world: World, name: str) -> list[str]:
    """One client of both libraries, with pings and concurrent requests."""
    heard: list[str] = []
    with world.network.on(name):
        async with (
            aiohttp.ClientSession("http://server") as session,
            session.ws_connect("/") as theirs,
            connect("ws://server/", proxy=None, compression=None, ping_interval=5) as ours,
        ):
            for number in range(5):
                text = f"{name} {number}"
                posts = [session.post("/", data=f"{text} {each}") for each in range(3)]
                heard += [await answer.text() for answer in await asyncio.gather(*posts)]
                await ours.send(text)
                await theirs.send_str(text)
                heard += [str(await ours.recv()), (await theirs.receive_str())]
                await asyncio.sleep(7)
    return heard


async def everybody(world: World) -> list[list[str]]:
    with world.network.on("server"):
        await app()
    return await asyncio.gather(*(talk(world, name) for name in ("anna", "boris", "chen")))


def lived(seed: int, order: Order = Order.FIFO) -> World:
    with World(seed, order=order, conditions=JITTER, trace=Trace(keep=True)) as world:
        heard = world.run(everybody(world))
    assert [len(each) for each in heard] == [25, 25, 25]
    assert world.troubles == []
    return world


@pytest.mark.parametrize("order", Order)
def test_unmodified_libraries_live_in_it_and_every_byte_repeats(order: Order) -> None:
    one, other = lived(1, order), lived(1, order)
    assert one.trace.records is not None
    assert other.trace.records is not None
    assert first_divergence(one.trace.records, other.trace.records) is None
    assert one.trace.digest == other.trace.digest
    assert one.elapsed_s == other.elapsed_s > 35
    assert one.trace.digest != lived(2, order).trace.digest


def test_task_orders_differ() -> None:
    assert len({lived(1, order).trace.digest for order in Order}) == 3


def test_keeping_the_trace_changes_nothing() -> None:
    with World(1, conditions=JITTER) as world:
        world.run(everybody(world))
        assert world.trace.records is None
    assert world.trace.digest == lived(1).trace.digest


def test_what_nobody_took_is_a_trouble() -> None:
    with World(1) as world:

        async def main() -> None:
            asyncio.get_running_loop().call_soon(lambda: 1 / 0)
            await asyncio.sleep(1)

        world.run(main())
        (trouble,) = world.troubles
    assert "ZeroDivisionError" in trouble


@pytest.mark.parametrize("outlives", [False, True], ids=["forgotten", "until the loop is closed"])
def test_what_nobody_took_is_a_trouble_even_where_only_a_circle_held_it(outlives: bool) -> None:  # noqa: FBT001 - a parameter.
    class Desk:
        async def work(self) -> None:
            raise ValueError(f"{self} gives up")

        def start(self) -> None:
            self.task = asyncio.create_task(self.work())

    with World(1) as world:

        async def main() -> None:
            desk = Desk()
            desk.start()
            if outlives:
                asyncio.get_running_loop().call_later(100, desk.start)
            await asyncio.sleep(1)

        world.run(main())
    (trouble,) = world.troubles
    assert "gives up" in trouble


def test_nothing_of_a_world_that_is_closed_waits_for_the_garbage_collector() -> None:
    lived(1)
    gc.collect()
    lived(2)
    assert gc.collect() == 0


def test_closing_cancels_what_is_unfinished_in_the_order_of_its_beginning() -> None:
    ended: list[int] = []

    async def sleeper(number: int) -> None:
        try:
            await asyncio.sleep(100)
        finally:
            ended.append(number)

    with World(1) as world:

        async def main() -> list[asyncio.Task[None]]:
            tasks = [asyncio.create_task(sleeper(number)) for number in range(20)]
            await asyncio.sleep(1)
            return tasks

        world.run(main())
    assert ended == list(range(20))


def test_an_escape_in_the_last_turn_is_told_too() -> None:
    async def main() -> None:
        try:
            await asyncio.to_thread(int)
        except EscapeError:
            return

    with World(1) as world, pytest.raises(EscapeError):
        world.run(main())


def test_a_world_that_failed_is_closed_without_more_ado() -> None:
    async def stubborn() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue

    with World(1) as world, pytest.raises(DeadlockError):
        world.run(stubborn())
    assert world.loop.is_closed()
    assert world.troubles == []


def test_how_often_garbage_is_looked_for_is_as_before_afterwards() -> None:
    async def main() -> int:
        return gc.get_threshold()[0]

    before = gc.get_threshold()
    with World(1) as world:
        assert world.run(main()) > before[0]
    assert gc.get_threshold() == before


class Kept:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.me = self


def test_what_outlived_its_world_is_collected_in_its_turn() -> None:
    """A judge looks at a session after its world has ended; ten thousand may follow."""
    alive: list[weakref.ref[Kept]] = []
    for _ in range(100):
        kept = Kept()
        with World(1):
            alive.append(weakref.ref(kept))
        del kept
    assert sum(one() is not None for one in alive) < 50
