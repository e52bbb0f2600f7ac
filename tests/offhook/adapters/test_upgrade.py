"""Event sockets over the wire, with two independent clients."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
import websockets
from aiohttp import WSMsgType

from offhook.adapters.socket import HIGH_WATER, LARGEST_MESSAGE, handshake
from offhook.domain.inputs import DropSockets, EndSession, ForceMute, PushEvent
from offhook.faults.rule import Rule

HANDSHAKE = """GET {path}/events HTTP/1.1
Host: mock
Authorization: Bearer {token}
Connection: Upgrade
Upgrade: websocket
Sec-WebSocket-Version: 13
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
"""


def entries(desk: Any, kind: str) -> list[dict[str, Any]]:
    return [entry.facts for entry in desk.server.org.journal.entries(kind=kind)]


async def settled(condition: Callable[[], bool]) -> None:
    """Let the loop run until it is so."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event to wait on.
            await asyncio.sleep(0)


async def close_code(ws: Any) -> int | None:
    """Read on until the socket is closed."""
    async for _ in ws:
        pass
    code: int | None = ws.close_code
    return code


async def test_a_mute_is_heard_on_the_socket(desk: Any) -> None:
    async with desk.events() as ws:
        assert (await ws.receive_json())["type"] == "subscribed"
        await desk.mute()
        heard = await ws.receive_json()
        assert (heard["type"], heard["muted"], heard["rev"]) == ("muteChanged", True, 1)


async def test_the_token_may_travel_as_a_subprotocol_which_is_selected(desk: Any) -> None:
    async with desk.events(protocols=(f"bearer.{desk.token}", "other")) as ws:
        assert ws.protocol == f"bearer.{desk.token}"


async def test_a_wrong_token_is_401_before_any_upgrade(desk: Any) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await desk.events(protocols=("bearer.wrong",))
    assert refused.value.status == 401


async def test_without_an_upgrade_it_is_426(desk: Any) -> None:
    async with desk.http.get(f"{desk.path}/events", headers=desk.headers) as answer:
        assert answer.status == 426


@pytest.mark.parametrize(
    ("good", "bad"), [("Version: 13", "Version: 5"), ("AAAAAAAAAAAAAAAAAAAAAA==", "short")]
)
async def test_a_bad_handshake_is_426_and_names_what_is_spoken(
    desk: Any, good: str, bad: str
) -> None:
    reader, _ = await desk.raw(HANDSHAKE.replace(good, bad) + "\n")
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    assert head.startswith("HTTP/1.1 426 ")
    assert "Sec-WebSocket-Version: 13" in head


async def test_compression_is_refused(desk: Any) -> None:
    url = desk.server.url.replace("http", "ws") + f"{desk.path}/events"
    async with websockets.connect(
        url, additional_headers=desk.headers, compression="deflate", proxy=None
    ) as ws:
        assert ws.response is not None
        assert "Sec-WebSocket-Extensions" not in ws.response.headers
        assert json.loads(await ws.recv())["type"] == "subscribed"


async def test_pings_are_answered_and_a_silent_client_is_not_judged(desk: Any) -> None:
    async with desk.events(autoping=False) as ws:
        await ws.receive()
        await ws.ping(b"are you there")
        pong = await ws.receive()
        assert (pong.type, bytes(pong.data)) == (WSMsgType.PONG, b"are you there")
        await desk.server.advance(3600)
        assert not ws.closed
        assert len(desk.server.org.sockets()) == 1


async def test_what_the_device_reports_reaches_the_org_and_the_journal(desk: Any) -> None:
    async with desk.events() as ws:
        await ws.receive()
        await ws.send_json({"type": "headsetMute", "muted": True, "gesture": True})
        heard = await ws.receive_json()
        assert (heard["cause"], heard["gesture"]) == ("headset", True)
    assert "headsetMute" in entries(desk, "frame-in")[0]["frame"]


@pytest.mark.parametrize("junk", ["", "not JSON", "[" * 30_000, '{"type": "dance"}'])
async def test_an_unreadable_frame_is_answered_and_the_socket_stays(desk: Any, junk: str) -> None:
    async with desk.events() as ws:
        await ws.receive()
        await ws.send_str(junk)
        assert (await ws.receive_json())["type"] == "error"
        await ws.send_bytes(b"\xff")
        assert (await ws.receive_json())["type"] == "error"


async def test_a_message_over_the_limit_closes_with_1009(desk: Any) -> None:
    async with desk.events() as ws:
        await ws.receive()
        await ws.send_str("x" * (LARGEST_MESSAGE + 1))
        assert await close_code(ws) == 1009


async def test_a_second_device_socket_evicts_the_first_with_4409(desk: Any) -> None:
    async with desk.events() as first, desk.events() as second:
        assert await close_code(first) == 4409
        assert (await second.receive_json())["type"] == "subscribed"


async def test_a_token_that_expires_closes_its_socket_with_4401(desk: Any) -> None:
    desk.token = desk.server.token(ttl_s=30)
    async with desk.events() as ws:
        await desk.server.advance(31)
        assert await close_code(ws) == 4401


async def test_1006_is_a_cut_without_a_goodbye(desk: Any) -> None:
    async with desk.events() as ws:
        await ws.receive()
        desk.server.receive(DropSockets(device_id=None, code=1006))
        message = await ws.receive()
        assert message.type in {WSMsgType.CLOSED, WSMsgType.ERROR}
        assert ws.close_code == 1006


@pytest.mark.parametrize("code", [1000, 1001, 3000, 4999])
async def test_the_client_s_own_goodbye_is_echoed_and_the_socket_detached(
    desk: Any, code: int
) -> None:
    async with desk.events() as ws:
        await ws.receive()
        await ws.close(code=code)
        assert ws.close_code == code
    await settled(lambda: not desk.server.org.sockets())
    await settled(lambda: entries(desk, "socket")[-1]["what"] == "closed")
    assert entries(desk, "socket")[-1]["code"] == code


async def test_a_client_that_vanishes_is_detached(desk: Any) -> None:
    reader, writer = await desk.raw(HANDSHAKE + "\n")
    await reader.readuntil(b"subscribed")
    writer.transport.abort()
    await settled(lambda: not desk.server.org.sockets())


async def test_a_slow_reader_is_closed_with_4413_after_what_was_written_before(desk: Any) -> None:
    reader, writer = await desk.raw(HANDSHAKE + "\n")
    await reader.readuntil(b"subscribed")
    writer.transport.pause_reading()
    body = b'{"type":"x","filling":"' + b"x" * HIGH_WATER + b'"}'
    pushed = 0
    while desk.server.org.sockets():
        desk.server.receive(PushEvent(device_id=desk.device_id, body=body))
        pushed += 1
        assert pushed < 1000, "the reader was never found to be slow"
        await asyncio.sleep(0)
    writer.transport.resume_reading()
    code, everything = (4413).to_bytes(2, "big"), b""
    while not everything.endswith(code + b"The reader is too slow."):
        assert not reader.at_eof(), everything[-100:]
        everything += await reader.read(HIGH_WATER)
    assert everything.count(b'"filling"') == pushed
    writer.write(b"\x88\x82\0\0\0\0" + code)  # A goodbye in return, masked with nothing.
    assert await reader.read() == b""


async def test_a_stalled_socket_answers_no_ping_until_the_stall_ends(
    desk: Any, add_fault: Callable[..., Rule]
) -> None:
    add_fault({"kind": "push-stall", "durationS": 30}, match={"operation": "muteChanged"})
    async with desk.events(autoping=False) as ws:
        await ws.receive()
        desk.server.receive(ForceMute(device_id=desk.device_id, muted=True))
        await ws.ping(b"are you there")
        async with desk.get() as answer:
            assert (await answer.json())["muted"] is True
        await desk.server.advance(29)
        receiving = asyncio.ensure_future(ws.receive())
        async with desk.get():
            pass
        assert not receiving.done()
        await desk.server.advance(1)
        assert json.loads((await receiving).data)["type"] == "muteChanged"
        while (message := await ws.receive()).type is not WSMsgType.PONG:
            pass
        assert bytes(message.data) == b"are you there"


async def test_a_device_that_is_gone_by_the_end_of_the_handshake_closes_with_4404(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(upgrade: Any) -> Any:
        desk.server.org.receive(EndSession(device_id=desk.device_id), now=desk.server.clock.now())
        return handshake(upgrade)

    monkeypatch.setattr("offhook.adapters.upgrade.handshake", slow)
    async with desk.events() as ws:
        assert await close_code(ws) == 4404


async def test_stopping_the_server_says_1012(desk: Any) -> None:
    async with desk.events() as ws:
        await ws.receive()
        stopping = asyncio.ensure_future(desk.server.stop())
        assert await close_code(ws) == 1012
        await stopping


async def test_the_access_log_has_one_line_for_a_socket_once_it_ends(
    desk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="offhook.access")
    async with desk.events() as socket:
        await socket.receive()
        assert caplog.messages == []
    for _ in range(20):
        await asyncio.sleep(0)
    (line,) = caplog.messages
    assert line.startswith(f"GET {desk.path}/events 101 ")
