"""The handles that a test holds, from another thread and on the server's own loop."""

import asyncio
import threading
from collections.abc import Callable

import aiohttp
import pytest

from offhook.adapters.clock import MANUAL_START, ManualClock
from offhook.server import MockServer
from offhook.testing.handle import AsyncOffhook, Offhook
from offhook.threaded import ThreadedServer

Get = Callable[..., int]


def test_it_says_where_the_mock_is_also_after_its_end() -> None:
    with ThreadedServer(seed=3) as server:
        handle = Offhook(server)
    assert handle.url.startswith("http://127.0.0.1:")
    assert handle.control_url == f"{handle.url}/_offhook/v1"
    assert handle.seed == 3


def test_tokens_stubs_devices_and_time(handle: Offhook, get: Get, device_id: str) -> None:
    assert handle.token("second") != handle.token()
    assert handle.clock.now == MANUAL_START + 1
    assert [device.id for device in handle.devices] == [device_id]
    assert get("/api/v2/teams") == 501
    assert [asked.request for asked in handle.unmodelled] == ["GET /api/v2/teams"]
    with handle.stub("GET /api/v2/teams", json=[]) as stub:
        assert get("/api/v2/teams") == 200
        assert stub.uses == 1
    assert handle.errors == ()


def test_eventually_tries_until_it_holds(handle: Offhook, get: Get) -> None:
    later = threading.Timer(0.05, get, ["/api/v2/users/me"])
    later.start()
    (call,) = handle.eventually(handle.assert_called, "getUsersMe", times=1, within="30s")
    assert call.status == 200
    later.join()
    with pytest.raises(AssertionError, match="once, not 2 times"):
        handle.eventually(handle.assert_called, "getUsersMe", times=2, within="20ms")


def test_eventually_lets_other_errors_pass(handle: Offhook) -> None:
    with pytest.raises(ValueError, match="no operation"):
        handle.eventually(handle.assert_called, "nothing", within="1h")


async def test_a_check_that_would_have_to_be_awaited_has_looked_at_nothing(
    handle: Offhook,
) -> None:
    async def check() -> None:
        raise AssertionError

    with pytest.raises(TypeError, match="calls a plain function again and again"):
        _ = handle.eventually(check)
    async with MockServer(seed=1) as server:
        with pytest.raises(TypeError, match="and not an async one"):
            _ = await AsyncOffhook(server).eventually(check)


async def test_on_the_loop_the_same_names_are_there() -> None:
    async with (
        MockServer(seed=1, clock=ManualClock()) as server,
        aiohttp.ClientSession(
            server.url, headers={"Authorization": f"Bearer {server.token()}"}
        ) as http,
    ):
        handle = AsyncOffhook(server)
        handle.faults.add("reply", "getWebrtcClientsMe", status=503)
        statuses = []

        async def client() -> None:
            for _ in range(2):
                async with http.get("/api/v2/webrtc/clients/me") as answer:
                    statuses.append(answer.status)

        task = asyncio.create_task(client())
        await handle.eventually(handle.assert_called, "getWebrtcClientsMe", times=2, within="30s")
        await task
        assert statuses == [503, 200]
        await handle.clock.advance("1s")
        assert handle.clock.now == MANUAL_START + 1
        handle.assert_live("agent")
        words = iter([True, False])
        await handle.assert_truthful(lambda: next(words), within="30s")
        with pytest.raises(AssertionError, match="LIVE"):
            await handle.assert_truthful(lambda: True, within="20ms")
        with pytest.raises(AssertionError):
            await handle.eventually(handle.assert_muted, within="20ms")
