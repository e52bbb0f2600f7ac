"""A month of virtual time, and ten real minutes under load: nothing grows, nothing leaks."""

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from tests.memory import pss_kib

from offhook import DEFAULT, ManualClock, MockServer
from offhook.adapters.bounds import IDLE_TIMEOUT_S
from offhook.domain.inputs import LocalMute, OpenDevice
from offhook.domain.views import Cause, Status
from offhook.oauth.ledger import REMEMBERED

HOUR_S = 3600.0
GROWTH_MAX = 1.2
SECONDS = float(os.environ.get("LONG_LIFE_S", "600"))
REQUESTS = int(os.environ.get("LONG_LIFE_REQUESTS", "1000000"))
PIPELINED = 50

CONFIG = """
[[orgs]]
[orgs.policies]
rate_per_token = 1000000000
rate_per_user = 1000000000
rate_per_user_and_client = 1000000000
"""


async def _live(days: int) -> None:
    async with MockServer(seed=1, clock=ManualClock()) as server:
        user_id = server.org.users()[0].id
        tasks, sizes = len(asyncio.all_tasks()), []
        async with aiohttp.ClientSession(server.url) as http:
            for _ in range(days):
                headers = {"Authorization": f"Bearer {server.token(ttl_s=12 * HOUR_S)}"}
                device = server.receive(OpenDevice(user_id=user_id, name="default"))
                await server.advance(1)
                where = f"/api/v2/webrtc/clients/{device.id}"
                async with http.ws_connect(f"{where}/events?role=device", headers=headers):
                    for hour in range(24):
                        await server.advance(HOUR_S)
                        now = server.org.device(device.id)
                        if now is not None and now.status is Status.CONNECTED:
                            muted = hour % 2 == 0
                            server.receive(
                                LocalMute(device_id=device.id, muted=muted, cause=Cause.NATIVE)
                            )
                        async with http.get(where, headers=headers) as answer:
                            assert answer.status in {200, 401, 404}
                sizes.append(len(server.org.oauth.tokens()))
                await asyncio.sleep(0)
        gc.collect()
        assert server.errors == ()
        assert max(sizes[2:] or sizes) <= min(REMEMBERED, 4), (
            "what expired is forgotten a day later"
        )
        assert server.org.sockets() == ()
        assert server.org.journal.bytes <= server.org.journal.max_bytes
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert len(asyncio.all_tasks()) <= tasks, "a task was left behind"
        assert server._pump.delivery.sockets == ()
        assert server.org.next_deadline() is None or len(server._pump._sleepers) == 0


async def test_three_virtual_days_leave_nothing_behind() -> None:
    await _live(3)


@pytest.mark.nightly
async def test_a_virtual_month_leaves_nothing_behind() -> None:
    await _live(30)


async def _load(url: str, token: str, device: str, *, until: float, requests: int) -> int:
    """Keep one connection busy, half reads and half mutes, pipelined."""
    port = int(url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"Host: m\r\nAuthorization: Bearer {token}\r\n"
    path = f"/api/v2/webrtc/clients/{device}"
    body = '{"muted":true}'
    pair = (
        f"GET {path} HTTP/1.1\r\n{head}\r\n"
        f"POST {path}/mute HTTP/1.1\r\n{head}Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
    done = 0
    while done < requests or time.monotonic() < until:
        for _ in range(PIPELINED):
            writer.write(pair)
            for _ in range(2):
                answer = await reader.readuntil(b"\r\n\r\n")
                assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204")), answer
                at = answer.find(b"Content-Length: ")
                if at >= 0:
                    await reader.readexactly(int(answer[at + 16 : answer.index(b"\r\n", at)]))
            done += 2
    writer.close()
    return done


TELLING = """
import asyncio, json, os, signal, sys
from offhook.cli import main
from offhook.commands import serving

listen = serving._listen_for_signals

def listen_and_tell(event):
    listen(event)
    loop = asyncio.get_running_loop()

    def tell():
        timers = [each for each in loop._scheduled if not each.cancelled()]
        told = {"tasks": len(asyncio.all_tasks()), "timers": len(timers)}
        print(json.dumps({**told, "files": len(os.listdir("/proc/self/fd"))}), flush=True)

    loop.add_signal_handler(signal.SIGUSR1, tell)

serving._listen_for_signals = listen_and_tell
serving.serving_loop = lambda speed: asyncio.new_event_loop  # Another would not tell its timers.
sys.exit(main())
"""
"""`offhook serve`, which tells on a signal what it has: tasks, timers, files and sockets."""
SETTLED_S = 5.0


async def _told(process: "subprocess.Popen[bytes]") -> dict[str, int]:
    assert process.stdout is not None
    await asyncio.sleep(SETTLED_S)
    process.send_signal(signal.SIGUSR1)
    line = await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), 60)
    told: dict[str, int] = json.loads(line)
    return {**told, "pss_kib": pss_kib(process.pid)}


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
async def test_ten_minutes_under_load_leave_memory_tasks_sockets_and_timers_as_they_were(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    config = tmp_path / "offhook.toml"
    config.write_text(CONFIG, encoding="utf-8")
    words = ["serve", "--port", "0", "--config", str(config), "--log-level", "error"]
    process = subprocess.Popen(  # noqa: ASYNC220, S603 - our own words; it is read by lines.
        [sys.executable, "-c", TELLING, *words], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        async with aiohttp.ClientSession(url) as http:
            async with http.post(
                "/_offhook/v1/tokens", json={"user": "agent", "ttlS": 10**6}
            ) as answer:
                token = (await answer.json())["accessToken"]
            headers = {"Authorization": f"Bearer {token}"}
            async with http.get("/api/v2/webrtc/clients/me", headers=headers) as answer:
                device = (await answer.json())["id"]
            await asyncio.sleep(1)
            # The journal fills its bound first: what it may hold is no growth.
            await _load(url, token, device, until=0, requests=60_000)
            idle = await _told(process)
            until = time.monotonic() + SECONDS
            done = await _load(url, token, device, until=until, requests=REQUESTS)
            after = await _told(process)
            record_property("figures", {"requests": done, "idle": idle, "after": after})
            print(f"{done} requests; idle {idle}; after {after}")  # noqa: T201 - figures for the log.
            assert done >= REQUESTS
            assert after.pop("pss_kib") <= GROWTH_MAX * idle.pop("pss_kib")
            assert {name: count for name, count in after.items() if count > idle[name]} == {}
            async with http.get("/_offhook/v1/health") as answer:
                assert answer.status == 200
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_idle_connections_are_let_go_in_the_end() -> None:
    assert 0 < IDLE_TIMEOUT_S < 2 * HOUR_S
    assert DEFAULT.policies.heartbeat_s < IDLE_TIMEOUT_S
