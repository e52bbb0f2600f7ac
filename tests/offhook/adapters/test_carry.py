"""Each fault of the HTTP seam, met by a plain client."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from offhook.faults.rule import Rule

MUTE = {"operation": "postWebrtcClientMute"}
EVENTS = {"operation": "getWebrtcClientEvents"}
Add = Callable[..., Rule]


def rev(desk: Any) -> int:
    """How many mutes have had an effect."""
    device = desk.server.org.device(desk.device_id)
    assert device is not None
    assert device.version is not None
    return int(device.version.rev)


def bites(desk: Any, rule: Rule) -> int:
    kept = desk.server.faults.rule(rule.id)
    assert kept is not None
    return int(kept.bites)


async def settled(condition: Callable[[], bool]) -> None:
    """Let the loop run until it is so."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event to wait on.
            await asyncio.sleep(0)


async def test_a_reply_stands_in_for_the_effect(desk: Any, add_fault: Add) -> None:
    rule = add_fault({"kind": "reply", "status": 429, "retryAfterS": 3}, match=MUTE)
    async with desk.mute() as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "3")
        assert (await answer.json())["contextId"] == answer.headers["ININ-Correlation-Id"]
    assert (rev(desk), bites(desk, rule)) == (0, 1)
    async with desk.mute() as answer:
        assert answer.status == 204


@pytest.mark.parametrize(("when", "effects"), [("before", 0), ("after", 1)])
async def test_an_abort_resets_the_connection_before_or_after_the_effect(
    desk: Any, add_fault: Add, when: str, effects: int
) -> None:
    rule = add_fault({"kind": "abort", "when": when}, match=MUTE)
    body = '{"muted": true}'
    reader, _ = await desk.raw(
        "POST {path}/mute HTTP/1.1\nHost: mock\nAuthorization: Bearer {token}\n"
        f"Content-Type: application/json\nContent-Length: {len(body)}\n\n{body}"
    )
    with pytest.raises(ConnectionResetError):
        await reader.read()
    assert (rev(desk), bites(desk, rule)) == (effects, 1)


async def test_after_an_abort_the_event_tells_of_the_effect_that_the_answer_does_not(
    desk: Any, add_fault: Add
) -> None:
    add_fault({"kind": "abort", "when": "after"}, match=MUTE)
    async with desk.events() as ws:
        await ws.receive()
        with pytest.raises(aiohttp.ClientConnectionError):
            await desk.mute()
        assert (await ws.receive_json())["type"] == "muteChanged"


@pytest.mark.parametrize(("when", "effects"), [("before", 0), ("after", 1)])
async def test_a_delay_waits_on_the_org_s_clock_before_or_after_the_effect(
    desk: Any, add_fault: Add, when: str, effects: int
) -> None:
    rule = add_fault({"kind": "delay", "delayS": 5, "when": when}, match=MUTE)
    asked = asyncio.ensure_future(desk.mute())
    await settled(lambda: bool(desk.server._pump._sleepers))
    await desk.server.advance(4.9)
    assert (rev(desk), bites(desk, rule), asked.done()) == (effects, 0, False)
    await desk.server.advance(0.2)
    answer = await asked
    assert (answer.status, rev(desk), bites(desk, rule)) == (204, 1, 1)


async def test_a_request_that_was_held_up_is_judged_by_what_its_token_is_worth_then(
    desk: Any, add_fault: Add
) -> None:
    desk.token = desk.server.token(ttl_s=3)
    add_fault({"kind": "delay", "delayS": 5, "when": "before"}, match=MUTE)
    asked = asyncio.ensure_future(desk.mute())
    await settled(lambda: bool(desk.server._pump._sleepers))
    await desk.server.advance(5)
    assert (await asked).status == 401


async def test_the_events_of_a_delayed_answer_are_sent_at_the_effect(
    desk: Any, add_fault: Add
) -> None:
    add_fault({"kind": "delay", "delayS": 5, "when": "after"}, match=MUTE)
    async with desk.events() as ws:
        await ws.receive()
        asked = asyncio.ensure_future(desk.mute())
        assert (await ws.receive_json())["type"] == "muteChanged"
        assert not asked.done()
        await desk.server.advance(5)
        assert (await asked).status == 204


async def test_a_truncated_answer_breaks_off(desk: Any, add_fault: Add) -> None:
    rule = add_fault({"kind": "truncate", "bytes": 10}, match={"operation": "getWebrtcClient"})
    async with desk.get() as answer:
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
    assert bites(desk, rule) == 1


async def test_an_event_socket_can_be_refused(desk: Any, add_fault: Add) -> None:
    add_fault({"kind": "reply", "status": 503}, match=EVENTS)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await desk.events()
    assert refused.value.status == 503
    async with desk.events() as ws:
        assert (await ws.receive_json())["type"] == "subscribed"


async def test_an_event_socket_can_be_aborted_instead_of_opened(desk: Any, add_fault: Add) -> None:
    # The plain client silently asks a second time when a connection is reset.
    add_fault({"kind": "abort", "when": "after"}, match=EVENTS, times=2)
    with pytest.raises(aiohttp.ClientConnectionError):
        await desk.events()
    assert desk.server.org.sockets() == ()


async def test_control_is_never_hit(desk: Any, add_fault: Add) -> None:
    rule = add_fault({"kind": "reply", "status": 500}, times=None)
    async with desk.http.get("/_offhook/v1/health") as answer:
        assert answer.status == 200
    assert bites(desk, rule) == 0


async def test_a_bite_is_in_the_journal(desk: Any, add_fault: Add) -> None:
    rule = add_fault({"kind": "reply", "status": 500}, match=MUTE)
    async with desk.mute() as answer:
        correlation_id = answer.headers["ININ-Correlation-Id"]
    (entry,) = desk.server.org.journal.entries(kind="fault")
    assert entry.facts["rule_id"] == rule.id
    assert entry.facts["operation"] == "postWebrtcClientMute"
    assert entry.facts["client_id"] == desk.device_id
    assert entry.facts["correlation_id"] == correlation_id
