"""Faults of event frames: what a plain client hears, what it misses, what bit."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

SILENCE_S = 0.05
"""How long a socket is listened to where nothing may come: too short proves less, never fails."""


async def revs(ws: aiohttp.ClientWebSocketResponse, count: int) -> list[int]:
    """The versions of the next frames, all of them `muteChanged`."""
    frames = [await ws.receive_json() for _ in range(count)]
    assert {frame["type"] for frame in frames} <= {"muteChanged"}
    return [frame["rev"] for frame in frames]


async def is_silent(ws: aiohttp.ClientWebSocketResponse) -> bool:
    try:
        await ws.receive(timeout=SILENCE_S)
    except TimeoutError:
        return True
    return False


async def test_without_faults_each_mute_is_heard_once_and_in_order(desk: Any) -> None:
    ws = await desk.listen()
    for muted in (True, False, True):
        await desk.mute(muted)
    assert await revs(ws, 3) == [1, 2, 3]


async def test_a_delayed_frame_keeps_those_behind_it_back(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-delay", "muteChanged", delayS=4)
    await desk.mute()
    await desk.mute(False)
    await desk.advance(3.9)
    assert (await is_silent(ws), await desk.bites(rule)) == (True, 0)
    await desk.advance(0.2)
    assert await revs(ws, 2) == [1, 2]
    assert await desk.bites(rule) == 1


async def test_a_dropped_frame_is_never_heard(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-drop", "muteChanged")
    await desk.mute()
    await desk.mute(False)
    assert await revs(ws, 1) == [2]
    assert await desk.bites(rule) == 1


async def test_a_duplicated_frame_is_heard_twice(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-duplicate", "muteChanged")
    await desk.mute()
    await desk.mute(False)
    assert await revs(ws, 3) == [1, 1, 2]
    assert await desk.bites(rule) == 1


async def test_a_frame_held_by_count_comes_after_later_ones(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-hold", "muteChanged", frames=2)
    await desk.mute()
    assert await desk.bites(rule) == 0
    for muted in (False, True, False):
        await desk.mute(muted)
    assert await revs(ws, 4) == [2, 3, 1, 4]
    assert await desk.bites(rule) == 1


async def test_a_frame_held_by_time_comes_then(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-hold", "muteChanged", delayS=4)
    await desk.mute()
    await desk.mute(False)
    assert await revs(ws, 1) == [2]
    await desk.advance(3.9)
    assert (await is_silent(ws), await desk.bites(rule)) == (True, 0)
    await desk.advance(0.2)
    assert await revs(ws, 1) == [1]
    assert await desk.bites(rule) == 1


async def test_a_close_comes_instead_of_the_frame(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-close", "muteChanged", code=4401)
    await desk.mute()
    message = await ws.receive()
    assert (message.type, message.data) == (WSMsgType.CLOSE, 4401)
    assert (await desk.muted(), await desk.bites(rule)) == (True, 1)


async def test_a_cut_has_no_close_frame(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-close", "muteChanged", code=1006)
    await desk.mute()
    message = await ws.receive()
    assert message.type in {WSMsgType.CLOSED, WSMsgType.ERROR}
    assert (ws.close_code, await desk.bites(rule)) == (1006, 1)


async def test_a_stalled_socket_is_silent_both_ways_and_then_complete(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-stall", "muteChanged", durationS=30)
    await desk.mute()
    assert await desk.bites(rule) == 1
    await ws.ping()
    await ws.send_json({"type": "nativeMute", "muted": False, "gesture": True})
    await desk.mute()
    await desk.advance(29)
    assert (await is_silent(ws), await desk.muted(), ws.closed) == (True, True, False)
    await desk.advance(2)
    assert await revs(ws, 2) == [1, 2]
    assert (await ws.receive()).type is WSMsgType.PONG
    heard = await ws.receive_json()
    assert (heard["rev"], heard["cause"], heard["muted"]) == (3, "native", False)


async def test_a_stall_without_end_lasts_until_the_socket_is_dropped(desk: Any) -> None:
    ws = await desk.listen()
    await desk.fault("push-stall", "muteChanged")
    await desk.mute()
    await desk.advance(7200)
    assert await is_silent(ws)
    body = {"clientId": desk.client_id, "code": 1006}
    dropped = asyncio.create_task(desk.control("POST", "/sockets/drop", body))
    assert (await ws.receive()).type in {WSMsgType.CLOSED, WSMsgType.ERROR}
    await dropped


async def test_a_garbled_frame_is_text_and_no_json(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-garble", "muteChanged")
    await desk.mute()
    await desk.mute(False)
    message = await ws.receive()
    assert message.type is WSMsgType.TEXT
    assert message.data.startswith('{"type":"muteChanged"')
    with pytest.raises(json.JSONDecodeError):
        json.loads(message.data)
    assert await revs(ws, 1) == [2]
    assert await desk.bites(rule) == 1


async def test_a_rule_without_a_match_hits_whatever_comes_first(desk: Any) -> None:
    rule = await desk.fault("push-drop")
    path = f"{desk.url}/api/v2/webrtc/clients/{desk.client_id}/events"
    async with desk.http.ws_connect(path, headers=desk.headers) as ws:
        await desk.bitten(rule)
        await desk.mute()
        assert (await ws.receive_json())["type"] == "muteChanged"


async def test_a_rule_for_one_token_leaves_other_sockets_alone(desk: Any) -> None:
    first = await desk.listen()
    minted = await desk.control("POST", "/tokens", {"user": "agent"})
    path = f"{desk.url}/api/v2/webrtc/clients/{desk.client_id}/events"
    headers = {"Authorization": f"Bearer {minted['accessToken']}"}
    async with desk.http.ws_connect(path, headers=headers) as second:
        assert (await second.receive_json())["type"] == "subscribed"
        match = {"tokenId": minted["id"]}
        rule = await desk.fault("push-drop", "muteChanged", match=match)
        await desk.mute()
        await desk.mute(False)
        assert await revs(second, 1) == [2]
    assert await revs(first, 2) == [1, 2]
    assert await desk.bites(rule) == 1


async def test_of_audio_levels_that_wait_behind_a_delay_the_latest_wins(desk: Any) -> None:
    ws = await desk.listen()
    await desk.fault("push-delay", "muteChanged", delayS=4)
    await desk.mute()
    for level in (0.1, 0.2, 0.3):
        change = {"devices": {desk.client_id: {"audioLevel": level}}}
        await desk.control("PATCH", "/state", change)
    await desk.advance(4)
    assert await revs(ws, 1) == [1]
    heard = await ws.receive_json()
    assert (heard["type"], heard["level"]) == ("audioLevelChanged", 0.3)


async def test_what_bit_stands_in_the_journal(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("push-drop", "muteChanged")
    await desk.mute()
    await desk.mute(False)
    assert await revs(ws, 1) == [2]
    entries = (await desk.control("GET", "/journal?kind=fault"))["entries"]
    assert [entry["facts"]["rule_id"] for entry in entries] == [rule]
