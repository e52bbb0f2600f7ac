"""Virtual time: sessions a second on one core, and what the simulated network costs.

Shown beside the times, as `extra_info` in `--benchmark-json`: sessions a second of process time,
virtual seconds in one of it, how many bare requests on the same network take as long as the
standard session, and how many times its floor it takes: as many requests and sockets as it made,
by bare aiohttp and bare `websockets`, with nothing to serve, to know or to judge. The 200
requests stand beside the same ones over real sockets (`test_http.py`, "bare aiohttp"): read the
ratio, machines are noisy.
"""

import asyncio
import time

import aiohttp
import pytest
from aiohttp import web
from pytest_benchmark.fixture import BenchmarkFixture
from websockets.asyncio.client import connect

from offhook_scenarios.check.setup import quiet
from offhook_scenarios.plan.floor import Played
from offhook_scenarios.plan.judgement import Judged, run_plan
from offhook_scenarios.plan.plan import Cut, Force, Partition, Plan, Press
from offhook_scenarios.run import DESKS
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim.world import World
from offhook_scenarios.simulated import simulate

REQUESTS = 200
BODY = b'{"id":"6c1f","muted":false,"connectionStatus":"connected","audioLevel":0.0}'
SPARSE_S = 60.0


def _twelve(order: Order) -> tuple[int, float]:
    played = [simulate(session, "reference", seed=1, order=order) for session in CATALOGUE]
    return len(played), sum(each.elapsed_s for each in played)


@pytest.mark.benchmark(group="simulation, the twelve sessions with the reference desk")
@pytest.mark.parametrize("order", Order)
def test_the_twelve_sessions(benchmark: BenchmarkFixture, order: Order) -> None:
    spent = {"process_s": 0.0, "virtual_s": 0.0, "sessions": 0.0}

    def run() -> int:
        began = time.process_time()
        sessions, virtual_s = _twelve(order)
        spent["process_s"] += time.process_time() - began
        spent["virtual_s"] += virtual_s
        spent["sessions"] += sessions
        return sessions

    assert benchmark(run) == len(CATALOGUE)
    benchmark.extra_info["sessions_per_process_s"] = spent["sessions"] / spent["process_s"]
    benchmark.extra_info["virtual_s_per_process_s"] = spent["virtual_s"] / spent["process_s"]


STANDARD = Plan(
    seed=1,
    desks=2,
    steps=(
        Press(at_s=1, muted=True),
        Partition(at_s=3, desk=2, lasts_s=12),
        Force(at_s=8, muted=False),
        Press(at_s=9, desk=2, muted=True),
        Cut(at_s=15),
        Press(at_s=16, muted=True),
    ),
)
"""Two desks, a half-open link, a cut, other hands; then the quiet, the epilogue and its quiet."""

LIGHTEST = Plan(seed=1, desks=2, steps=(Press(at_s=1, muted=True),))
"""One press, then as above: the least that is a standard session."""

PLANS = pytest.mark.parametrize("plan", [STANDARD, LIGHTEST], ids=["troubled", "lightest"])
REQUESTS_MIN, VIRTUAL_MIN_S = 19, 85


@PLANS
def test_the_standard_session_is_one(plan: Plan) -> None:
    seen: list[Played] = []
    judged = run_plan(plan, DESKS["reference"], watch=seen.append)
    assert sum(len(history.requests) for history in seen[0].histories) >= REQUESTS_MIN
    assert judged.elapsed_s >= VIRTUAL_MIN_S
    assert judged.findings == ()


@pytest.mark.benchmark(group="simulation, the standard session, judged")
@PLANS
def test_the_standard_session(benchmark: BenchmarkFixture, plan: Plan) -> None:
    seen: list[Played] = []
    run_plan(plan, DESKS["reference"], watch=seen.append)
    made = [request.status for history in seen[0].histories for request in history.requests]
    sockets = made.count(101)
    spent = {"process_s": 0.0, "virtual_s": 0.0, "sessions": 0.0, "bare_s": 0.0, "floor_s": 0.0}

    def beside() -> None:
        """By turns with the sessions, so that both meet the same machine."""
        began = time.process_time()
        with World(1) as world:
            world.run(_fetch(world, 0.0))
        spent["bare_s"] += (time.process_time() - began) / REQUESTS
        began = time.process_time()
        with World(1) as world:
            world.run(_bare_traffic(world, requests=len(made) - sockets, sockets=sockets))
        spent["floor_s"] += time.process_time() - began

    def run() -> Judged:
        began = time.process_time()
        judged = run_plan(plan, DESKS["reference"])
        spent["process_s"] += time.process_time() - began
        spent["virtual_s"] += judged.elapsed_s
        spent["sessions"] += 1
        return judged

    with quiet():
        benchmark.pedantic(run, setup=beside, rounds=60, warmup_rounds=3)  # type: ignore[no-untyped-call]  # - it is not typed.
    benchmark.extra_info["sessions_per_process_s"] = spent["sessions"] / spent["process_s"]
    benchmark.extra_info["virtual_s_per_process_s"] = spent["virtual_s"] / spent["process_s"]
    benchmark.extra_info["bare_requests_per_session"] = spent["process_s"] / spent["bare_s"]
    benchmark.extra_info["times_its_floor"] = spent["process_s"] / spent["floor_s"]


async def _bare_traffic(world: World, *, requests: int, sockets: int) -> None:
    """What a session opens and asks, by libraries alone."""

    async def fixed(request: web.BaseRequest) -> web.StreamResponse:
        if request.path != "/socket":
            return web.Response(body=BODY, content_type="application/json")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            pass
        return socket

    with world.network.on("server"):
        runner = web.ServerRunner(web.Server(fixed, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "server", 80).start()
    with world.network.on("client"):
        async with aiohttp.ClientSession() as session:
            for _ in range(requests):
                async with session.get("http://server/") as answer:
                    await answer.read()
        for _ in range(sockets):
            async with connect("ws://server/socket", compression=None, proxy=None):
                await asyncio.sleep(2 * VIRTUAL_MIN_S / sockets)
    await runner.cleanup()


async def _fetch(world: World, pause_s: float) -> int:
    async def fixed(_: web.BaseRequest) -> web.Response:
        return web.Response(body=BODY, content_type="application/json")

    with world.network.on("server"):
        runner = web.ServerRunner(web.Server(fixed, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "server", 80).start()
    good = 0
    with world.network.on("client"):
        async with aiohttp.ClientSession() as session:
            for _ in range(REQUESTS):
                async with session.get("http://server/") as answer:
                    await answer.read()
                    good += answer.status == 200
                await asyncio.sleep(pause_s)
    await runner.cleanup()
    return good


@pytest.mark.benchmark(group="http, 200 requests")
@pytest.mark.parametrize("pause_s", [0.0, SPARSE_S], ids=["dense", "a minute between"])
def test_bare_aiohttp_on_the_simulated_network(benchmark: BenchmarkFixture, pause_s: float) -> None:
    def run() -> int:
        with World(1) as world:
            return world.run(_fetch(world, pause_s))

    assert benchmark(run) == REQUESTS
