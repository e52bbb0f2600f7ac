"""From nothing to the first answer, beside the floor: a bare aiohttp server."""

import json
import subprocess
import sys
import urllib.request

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

BARE = """
import asyncio
from aiohttp import web
async def main():
    app = web.Application()
    app.router.add_get("/health", lambda _: web.Response(text="{}"))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print('{"url": "http://127.0.0.1:%d"}' % runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


def _start(command: list[str], path: str) -> None:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words.
    assert process.stdout is not None
    try:
        url = json.loads(process.stdout.readline())["url"]
        with urllib.request.urlopen(url + path) as answer:  # noqa: S310 - loopback.
            assert answer.status == 200
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.benchmark(group="cold start to the first answer", min_rounds=5)
def test_the_mock(benchmark: BenchmarkFixture) -> None:
    command = [sys.executable, "-m", "offhook", "serve", "--port", "0", "--log-level", "error"]
    benchmark(_start, command, "/_offhook/v1/health")


@pytest.mark.benchmark(group="cold start to the first answer", min_rounds=5)
def test_the_floor_bare_aiohttp(benchmark: BenchmarkFixture) -> None:
    benchmark(_start, [sys.executable, "-c", BARE], "/health")
