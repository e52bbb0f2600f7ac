"""Over real sockets, beside the floor: the same aiohttp server that answers fixed bytes.

Read the ratio of the two rows, not the times: machines are noisy.
"""

import asyncio
from collections.abc import Callable, Iterator

import aiohttp
import msgspec
import pytest
from aiohttp import web
from pytest_benchmark.fixture import BenchmarkFixture

import offhook

REQUESTS = 200
BODY = b'{"id":"6c1f","muted":false,"connectionStatus":"connected","audioLevel":0.0}'

Fetch = Callable[[], int]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    with asyncio.Runner() as runner:
        yield runner.get_loop()


async def _fetch(session: aiohttp.ClientSession, url: str) -> int:
    good = 0
    for _ in range(REQUESTS):
        async with session.get(url) as answer:
            await answer.read()
            good += answer.status == 200
    return good


@pytest.mark.benchmark(group="http, 200 requests")
def test_the_floor_bare_aiohttp(
    benchmark: BenchmarkFixture, loop: asyncio.AbstractEventLoop
) -> None:
    async def fixed(_: web.BaseRequest) -> web.Response:
        return web.Response(body=BODY, content_type="application/json")

    async def start() -> tuple[web.ServerRunner, aiohttp.ClientSession, str]:
        runner = web.ServerRunner(web.Server(fixed))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner, aiohttp.ClientSession(), f"http://127.0.0.1:{runner.addresses[0][1]}/"

    runner, session, url = loop.run_until_complete(start())
    assert benchmark(lambda: loop.run_until_complete(_fetch(session, url))) == REQUESTS
    loop.run_until_complete(session.close())
    loop.run_until_complete(runner.cleanup())


@pytest.mark.benchmark(group="http, 200 requests")
def test_the_mock_reading_a_client(
    benchmark: BenchmarkFixture, loop: asyncio.AbstractEventLoop
) -> None:
    policies = offhook.Policies(
        rate_per_token=10**9, rate_per_user_and_client=10**9, rate_per_user=10**9
    )
    settings = msgspec.structs.replace(offhook.DEFAULT, policies=policies)

    async def start() -> tuple[offhook.MockServer, aiohttp.ClientSession, str]:
        mock = offhook.MockServer(settings, seed=1)
        await mock.start()
        headers = {"Authorization": f"Bearer {mock.token()}"}
        return mock, aiohttp.ClientSession(headers=headers), f"{mock.url}/api/v2/webrtc/clients/me"

    mock, session, url = loop.run_until_complete(start())
    assert benchmark(lambda: loop.run_until_complete(_fetch(session, url))) == REQUESTS
    loop.run_until_complete(session.close())
    loop.run_until_complete(mock.stop())
