"""What the server saw, as values."""

from collections.abc import Callable

import aiohttp
import pytest

from offhook.adapters.clock import ManualClock
from offhook.server import MockServer
from offhook.testing.handle import AsyncOffhook, Offhook

Get = Callable[..., int]


def test_calls_are_in_order_and_control_is_none(handle: Offhook, get: Get) -> None:
    get("/api/v2/users/me")
    get("/_offhook/v1/health")
    get("/api/v2/webrtc/clients/me", scopes={"user:read"})
    assert [call.operation for call in handle.calls] == ["getUsersMe", "getWebrtcClientsMe"]
    assert [call.status for call in handle.calls] == [200, 401]
    assert [call.operation for call in handle.calls.refused] == ["getWebrtcClientsMe"]
    why = handle.calls[1].why
    assert why is not None
    assert why["facts"]["scope"] == "webrtc:client:read"
    assert str(handle.calls[0]) == (
        "2026-01-01T00:00:00.000Z GET /api/v2/users/me getUsersMe -> 200"
    )
    assert repr(handle.calls[:1]) == str(handle.calls[0])
    assert repr(handle.calls[:0]) == "no calls"


def test_calls_are_found_by_operation_path_and_status(handle: Offhook, get: Get) -> None:
    get("/api/v2/users/me")
    get("/api/v2/teams")
    calls = handle.calls
    assert len(calls.of("getUsersMe")) == 1
    assert len(calls.of("GET /api/v2/users/me", status=200)) == 1
    assert len(calls.of("getUsersMe", status=404)) == 0
    assert [call.operation for call in calls.of("GET /api/v2/teams")] == [None]


def test_a_body_is_read_as_json(handle: Offhook, get: Get, device_id: str) -> None:
    get(f"/api/v2/webrtc/clients/{device_id}/mute", body=b'{"muted": true}')
    (call,) = handle.calls
    assert call.json == {"muted": True}
    assert call.device_id == device_id
    get("/api/v2/users/me")
    with pytest.raises(ValueError, match="truncated"):
        _ = handle.calls[-1].json


async def test_events_are_what_was_pushed() -> None:
    async with (
        MockServer(seed=1, clock=ManualClock()) as server,
        aiohttp.ClientSession(
            server.url, headers={"Authorization": f"Bearer {server.token()}"}
        ) as http,
    ):
        handle = AsyncOffhook(server)
        async with http.get("/api/v2/webrtc/clients/me") as answer:
            device_id = (await answer.json())["id"]
        async with http.ws_connect(f"/api/v2/webrtc/clients/{device_id}/events") as socket:
            first = await socket.receive_json()
            await handle.clock.advance(1)
            types = [event.type for event in handle.events]
            assert types[0] == first["type"]
            assert "connectionStatusChanged" in types
            assert {event.device_id for event in handle.events} == {device_id}
            assert str(handle.events[0]).endswith(first["type"])
