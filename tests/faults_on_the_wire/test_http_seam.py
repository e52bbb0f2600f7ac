"""Faults of requests and answers: what a plain client sees, what took effect, what bit."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

MUTE = "postWebrtcClientMute"
LOST = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)


async def test_without_faults_a_mute_is_answered_and_takes_effect(desk: Any) -> None:
    status, _, body = await desk.mute()
    assert (status, json.loads(body)) == (200, {"id": desk.client_id, "muted": True})
    assert await desk.muted()


async def test_a_delay_before_the_effect_keeps_the_effect_waiting(desk: Any) -> None:
    rule = await desk.fault("delay", MUTE, delayS=5, when="before")
    asked = asyncio.create_task(desk.mute())
    await desk.decided(rule)
    await desk.advance(4.9)
    assert (asked.done(), await desk.muted(), await desk.bites(rule)) == (False, False, 0)
    await desk.advance(0.2)
    assert (await asked)[0] == 200
    assert (await desk.muted(), await desk.bites(rule)) == (True, 1)


async def test_a_delay_after_the_effect_keeps_only_the_answer_waiting(desk: Any) -> None:
    ws = await desk.listen()
    rule = await desk.fault("delay", MUTE, delayS=5, when="after")
    asked = asyncio.create_task(desk.mute())
    event = await ws.receive_json()
    assert (event["type"], event["muted"]) == ("muteChanged", True)
    await desk.advance(4.9)
    assert (asked.done(), await desk.muted(), await desk.bites(rule)) == (False, True, 0)
    await desk.advance(0.2)
    assert (await asked)[0] == 200
    assert await desk.bites(rule) == 1


@pytest.mark.parametrize(("when", "effect"), [("before", False), ("after", True)])
async def test_an_abort_resets_the_connection_on_its_side_of_the_effect(
    desk: Any,
    when: str,
    effect: bool,  # noqa: FBT001 - a table's column.
) -> None:
    rule = await desk.fault("abort", MUTE, when=when)
    with pytest.raises(aiohttp.ClientConnectionError):
        await desk.mute()
    assert (await desk.muted(), await desk.bites(rule)) == (effect, 1)


async def test_an_aborted_answer_does_not_keep_its_event_back(desk: Any) -> None:
    ws = await desk.listen()
    await desk.fault("abort", MUTE, when="after")
    with pytest.raises(aiohttp.ClientConnectionError):
        await desk.mute()
    assert (await ws.receive_json())["muted"] is True


async def test_a_reply_is_answered_in_the_words_of_the_platform_without_effect(desk: Any) -> None:
    rule = await desk.fault("reply", MUTE, status=429, retryAfterS=3)
    status, headers, body = await desk.mute()
    assert (status, headers["Retry-After"]) == (429, "3")
    refusal = json.loads(body)
    assert refusal["status"] == 429
    assert refusal["contextId"] == headers["ININ-Correlation-Id"]
    assert (await desk.muted(), await desk.bites(rule)) == (False, 1)
    why = await desk.control("GET", f"/why/{refusal['contextId']}")
    assert rule in json.dumps(why)


@pytest.mark.parametrize(
    ("body", "sent"), [("<h1>Bad gateway</h1>", "<h1>Bad gateway</h1>"), ({"a": 1}, '{"a":1}')]
)
async def test_a_reply_may_bring_any_body(desk: Any, body: object, sent: str) -> None:
    rule = await desk.fault("reply", MUTE, status=502, body=body)
    status, _, text = await desk.mute()
    assert (status, text) == (502, sent)
    assert (await desk.muted(), await desk.bites(rule)) == (False, 1)


async def test_a_reply_may_claim_what_did_not_happen(desk: Any) -> None:
    rule = await desk.fault("reply", MUTE, status=204)
    status, _, text = await desk.mute()
    assert (status, text) == (204, "")
    assert (await desk.muted(), await desk.bites(rule)) == (False, 1)


@pytest.mark.parametrize("size", [0, 10])
async def test_a_truncated_answer_breaks_off_after_the_effect(desk: Any, size: int) -> None:
    rule = await desk.fault("truncate", MUTE, bytes=size)
    with pytest.raises(LOST):
        await desk.mute()
    assert (await desk.muted(), await desk.bites(rule)) == (True, 1)


async def test_a_truncated_answer_arrives_as_far_as_it_was_sent(desk: Any) -> None:
    whole = (await desk.mute())[2]
    await desk.fault("truncate", MUTE, bytes=10)
    path = f"{desk.url}/api/v2/webrtc/clients/{desk.client_id}/mute"
    async with desk.http.post(path, headers=desk.headers, json={"muted": True}) as answer:
        assert answer.status == 200
        assert int(answer.headers["Content-Length"]) == len(whole)
        assert await answer.content.readexactly(10) == whole[:10].encode()
        with pytest.raises(LOST):
            await answer.content.readexactly(1)


async def test_a_rule_lets_pass_bites_and_is_spent(desk: Any) -> None:
    rule = await desk.fault("reply", MUTE, status=503, skip=1, times=2)
    statuses = [(await desk.mute())[0] for _ in range(4)]
    assert statuses == [200, 503, 503, 200]
    shown = await desk.control("GET", f"/faults/{rule}")
    assert (shown["matched"], shown["skipped"], shown["remaining"], shown["bites"]) == (4, 1, 0, 2)


async def test_a_rule_for_one_device_or_token_leaves_the_others_alone(desk: Any) -> None:
    other = type(desk)(desk.url, desk.http)
    await other.open("second")
    by_device = await desk.fault("reply", MUTE, status=503, match={"clientId": desk.client_id})
    by_token = await desk.fault("reply", MUTE, status=502, match={"tokenId": other.token_id})
    assert [(await it.mute())[0] for it in (desk, other, desk, other)] == [503, 502, 200, 200]
    assert (await desk.bites(by_device), await desk.bites(by_token)) == (1, 1)


async def test_control_is_never_hit(desk: Any) -> None:
    rule = await desk.fault("abort", times=None)
    for _ in range(3):
        assert await desk.bites(rule) == 0
    with pytest.raises(aiohttp.ClientConnectionError):
        await desk.mute()
    assert await desk.bites(rule) == 1
    await desk.control("DELETE", "/faults")
    assert (await desk.mute())[0] == 200


async def test_the_handshake_of_an_event_socket_can_be_refused(desk: Any) -> None:
    rule = await desk.fault("reply", "getWebrtcClientEvents", status=503)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await desk.listen()
    assert (refused.value.status, await desk.bites(rule)) == (503, 1)
    assert (await desk.listen()).closed is False


async def test_a_path_the_mock_does_not_model_can_be_answered(desk: Any) -> None:
    await desk.fault("reply", "GET /api/v2/teams", status=200, body={"entities": []})
    async with desk.get("/api/v2/teams") as answer:
        assert (answer.status, await answer.json()) == (200, {"entities": []})


async def test_what_bit_stands_in_the_journal(desk: Any) -> None:
    rule = await desk.fault("reply", MUTE, status=503)
    await desk.mute()
    entries = (await desk.control("GET", "/journal?kind=fault"))["entries"]
    assert [entry["facts"]["rule_id"] for entry in entries] == [rule]
