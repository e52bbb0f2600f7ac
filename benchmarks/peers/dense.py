"""The dense scenario on one simulator: 2,000 POSTs one after the other, one subscriber's events.

An aiohttp server, an aiohttp client and a `websockets` subscriber (a ping every 20 s), all
unmodified; each POST makes one event. Run by `beside_simloom.py`, once for each simulator and
round, in a process of its own; prints the seconds of process time as JSON.
"""

import asyncio
import json
import sys
import time
from importlib import import_module
from typing import Any

import aiohttp
import websockets
from aiohttp import web

REQUESTS = 2_000
PORT = 8080


async def _answer(
    request: web.BaseRequest, sockets: dict[int, web.WebSocketResponse]
) -> web.StreamResponse:
    if request.headers.get("Upgrade"):
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        sockets[len(sockets)] = socket
        async for _ in socket:
            pass
        return socket
    await request.read()
    for socket in sockets.values():
        await socket.send_str('{"type":"muteChanged"}')
    return web.Response(status=204)


async def serve() -> web.ServerRunner:
    """Start the server where the caller lives."""
    sockets: dict[int, web.WebSocketResponse] = {}
    runner = web.ServerRunner(
        web.Server(lambda request: _answer(request, sockets), access_log=None)
    )
    await runner.setup()
    await web.TCPSite(runner, "server", PORT).start()
    return runner


async def use(host: str) -> tuple[int, int]:
    """Subscribe, post, count: answers and events."""
    events = 0
    url = f"ws://{host}:{PORT}/events"
    async with websockets.connect(url, proxy=None, compression=None) as socket:

        async def listen() -> None:
            nonlocal events
            async for _ in socket:
                events += 1

        listening = asyncio.create_task(listen())
        answers = 0
        async with aiohttp.ClientSession(f"http://{host}:{PORT}") as session:
            for _ in range(REQUESTS):
                async with session.post("/mute", json={"muted": True}) as answer:
                    answers += answer.status == 204
        while events < REQUESTS:  # noqa: ASYNC110 - the same on both, and over at once.
            await asyncio.sleep(0.01)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return answers, events


def on_offhook() -> tuple[int, int]:
    """With tasks in random order, and every byte in the trace."""
    from offhook_scenarios.sim.ready import Order  # noqa: PLC0415 - one simulator a process.
    from offhook_scenarios.sim.trace import Trace  # noqa: PLC0415 - as above.
    from offhook_scenarios.sim.world import World  # noqa: PLC0415 - as above.

    async def main(world: World) -> tuple[int, int]:
        with world.network.on("server"):
            runner = await serve()
        with world.network.on("client"):
            seen = await asyncio.create_task(use("server"))
        await runner.cleanup()
        return seen

    with World(1, order=Order.RANDOM, trace=Trace(keep=True)) as world:
        return world.run(main(world))


def on_simloom() -> tuple[int, int]:
    """As it comes."""
    simloom: Any = import_module("simloom")

    async def main(_world: Any) -> tuple[int, int]:
        runner = await serve()
        seen = await use("server")
        await runner.cleanup()
        return seen

    return tuple(simloom.run(main, seed=1, seed_randomness=True).value)


SIMULATORS = {"offhook": on_offhook, "simloom": on_simloom}


def main() -> None:
    """Run the one that is named."""
    run = SIMULATORS[sys.argv[1]]
    began = time.process_time()
    seen = run()
    spent_s = time.process_time() - began
    assert seen == (REQUESTS, REQUESTS), f"not every request was answered and heard: {seen}"
    print(json.dumps({"requests": REQUESTS, "process_s": spent_s}))  # noqa: T201 - its output.


if __name__ == "__main__":
    main()
