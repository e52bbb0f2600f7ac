"""What is not HTTP gets an answer that clients of the platform can read."""

import asyncio
import json
import re
from typing import Any

import msgspec
import pytest

from offhook.adapters import listener
from offhook.adapters.clock import ManualClock
from offhook.adapters.http import HttpShell
from offhook.domain.inputs import OpenDevice
from offhook.faults.rule import RuleSpec
from offhook.server import MockServer


@pytest.mark.parametrize(
    ("request_head", "told"),
    [
        ("BREW {path} HTTP/1.1\nHost: mock\n\n", "The request cannot be read: "),
        ("GET {path} HTTP/1.1\nHost: mock\nX: " + "x" * 9000 + "\n\n", "8190"),
        ("GET {path}?x=" + "x" * 9000 + " HTTP/1.1\nHost: mock\n\n", "8190"),
        ("GET / HTTP/1.1\nHost : mock\n\n", "The request cannot be read: "),
    ],
)
async def test_bytes_that_are_no_request_get_the_platforms_body_and_cors(
    desk: Any, request_head: str, told: str
) -> None:
    reader, _ = await desk.raw(request_head)
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    assert " 400 " in head.splitlines()[0]
    headers = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    assert headers["Content-Type"] == "application/json"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Server"] == "offhook"
    refusal = json.loads(body)
    assert (refusal["code"], refusal["status"]) == ("bad.request", 400)
    assert refusal["contextId"] == headers["ININ-Correlation-Id"]
    assert told in refusal["message"]
    assert "\n" not in refusal["message"]


async def test_the_connection_ends_with_it(desk: Any) -> None:
    reader, _ = await desk.raw("BREW {path} HTTP/1.1\nHost: mock\n\n" * 2)
    assert (await reader.read()).count(b"bad.request") == 1


ROADS = [
    ("GET", "/api/v2/webrtc/clients/me", b""),
    ("GET", "/api/v2/users/me", b""),
    ("HEAD", "/api/v2/users/me", b""),
    ("GET", "/api/v2/webrtc/clients/nobody", b""),
    ("GET", "/api/v2/webrtc/clients/me?device=", b""),
    ("POST", "{path}/mute", b'{"muted": true}'),
    ("POST", "{path}/mute", b'{"muted": 7}'),
    ("POST", "{path}/mute", b"\xff"),
    ("POST", "/api/v2/notifications/channels", b""),
    ("GET", "/api/v2/notifications/channels", b""),
    ("GET", "/nowhere", b""),
    ("PUT", "/api/v2/users/me", b""),
    ("OPTIONS", "/api/v2/users/me", b""),
    ("POST", "/oauth/token", b"grant_type=client_credentials"),
    ("GET", "/oauth/authorize?response_type=code", b""),
    ("GET", "/_offhook/v1/health", b""),
    ("DELETE", "{path}", b""),
]


async def _answers(*, long_way: bool) -> list[bytes]:
    """Every byte of the answers, by the one road or the other."""
    async with MockServer(seed=1, clock=ManualClock()) as server:
        token = server.token()
        device = server.receive(OpenDevice(user_id=server.org.users()[0].id, name="default"))
        await server.advance(1)
        if long_way:  # A rule that fits nothing: while there are rules, all take the long road.
            rule = {"match": {"operation": "none"}, "fault": {"kind": "abort", "when": "after"}}
            server.faults.add(msgspec.convert(rule, RuleSpec), id="never")
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        told = []
        for method, path, body in ROADS:
            kind = "application/json" if body[:1] == b"{" else "application/x-www-form-urlencoded"
            sized = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n" if body else ""
            where = path.format(path=f"/api/v2/webrtc/clients/{device.id}")
            head = (
                f"{method} {where} HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer {token}\r\n"
                f"{sized}\r\n"
            )
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            size = re.search(rb"Content-Length: (\d+)", answer)
            if size and method != "HEAD":
                answer += await reader.readexactly(int(size[1]))
            told.append(answer)
        writer.close()
        return told


async def test_both_roads_write_the_same_bytes() -> None:
    prompt, patient = await _answers(long_way=False), await _answers(long_way=True)
    for (method, path, _), one, other in zip(ROADS, prompt, patient, strict=True):
        assert one == other, f"{method} {path}"


async def test_another_aiohttp_only_costs_the_short_road(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its private names are asked for, not trusted to be there."""
    assert listener.SHORT_ROAD, "this aiohttp has no short road: look at what it leans on"
    prompt = await _answers(long_way=False)
    monkeypatch.setattr(listener, "SHORT_ROAD", False)
    monkeypatch.setattr(HttpShell, "at_once", None)
    assert await _answers(long_way=False) == prompt


async def test_a_plain_request_takes_the_short_road(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("this is the long road")

    monkeypatch.setattr(desk.server._shell, "_answer", never)
    async with desk.http.get(desk.path, headers=desk.headers) as answer:
        assert answer.status == 200
    assert desk.server.errors == ()


@pytest.mark.parametrize("pieces", [1, 2, 3, 7, 50])
async def test_requests_in_any_pieces_are_answered_in_order(desk: Any, pieces: int) -> None:
    """Whole, split inside head and body, several in one segment: the same answers."""
    mute = (
        f"POST {desk.path}/mute HTTP/1.1\r\nHost: m\r\nAuthorization: Bearer {desk.token}\r\n"
        'Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{"muted":true}'
    ).encode()
    look = (
        f"GET {desk.path} HTTP/1.1\r\nHost: m\r\nAuthorization: Bearer {desk.token}\r\n\r\n"
    ).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.server.port)
    for whole in (mute + look, look, mute, look + mute + look, mute):
        step = -(-len(whole) // pieces)
        for at in range(0, len(whole), step):
            writer.write(whole[at : at + step])
            await asyncio.sleep(0)
        for _ in range(whole.count(b"HTTP/1.1")):
            answer = await reader.readuntil(b"\r\n\r\n")
            size = re.search(rb"Content-Length: (\d+)", answer)
            if size:
                await reader.readexactly(int(size[1]))
            assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204"))
    writer.close()
    revs = desk.server.org.device(desk.device_id).version.rev
    assert revs == 4


async def test_an_answer_never_overtakes_one_that_is_held_up(desk: Any, add_fault: Any) -> None:
    """The rule is used up by the first request, and gone when the second one arrives."""
    rule = add_fault({"kind": "delay", "when": "before", "delayS": 5}, times=1)
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.server.port)
    look = (
        f"GET {desk.path} HTTP/1.1\r\nHost: m\r\nAuthorization: Bearer {desk.token}\r\n\r\n"
    ).encode()
    writer.write(look)
    for _ in range(50):
        await asyncio.sleep(0)
    assert desk.server.faults.rule(rule.id).decided_at is not None, "it is held up"
    desk.server.faults.clear()
    writer.write(look.replace(b"GET " + desk.path.encode(), b"GET /nowhere"))
    for _ in range(20):
        await asyncio.sleep(0)
    await desk.server.advance(6)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    writer.close()
