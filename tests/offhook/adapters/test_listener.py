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
from offhook.api.definition import ApiDefinition
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
    ("GET", "/stub/full", b""),
    ("HEAD", "/stub/full", b""),
    ("GET", "/stub/empty", b""),
    ("HEAD", "/stub/empty", b""),
    ("GET", "/stub/teapot", b""),
    ("GET", "/stub/nothing", b""),
    ("GET", "/stub/reset", b""),
    ("POST", "/stub/unchanged", b'{"any": 1}'),
    ("GET", "/shaped/7", b""),
    ("HEAD", "/shaped/7", b""),
    ("DELETE", "/shaped/7", b""),
    ("PUT", "/api/v2/users/me", b""),
    ("OPTIONS", "/api/v2/users/me", b""),
    ("POST", "/oauth/token", b"grant_type=client_credentials"),
    ("GET", "/oauth/authorize?response_type=code", b""),
    ("GET", "/_offhook/v1/health", b""),
    ("DELETE", "{path}", b""),
]


STUBS: tuple[dict[str, Any], ...] = (
    {"request": "GET /stub/full", "json": {"a": "ü"}, "headers": {"X-Own": "1"}},
    {"request": "GET /stub/empty"},
    {"request": "GET /stub/teapot", "status": 418, "body": "short and stout"},
    {"request": "GET /stub/nothing", "status": 204},
    {"request": "GET /stub/reset", "status": 205},
    {"request": "POST /stub/unchanged", "status": 304, "headers": {"ETag": '"1"'}},
)
SHAPES = ApiDefinition(
    {
        "openapi": "3.1.0",
        "paths": {
            "/shaped/{id}": {
                "get": {
                    "responses": {"200": {"content": {"application/json": {"example": {"id": 7}}}}}
                },
                "delete": {"responses": {"204": {}}},
            }
        },
    }
)


async def _answers(*, plain: bool = False) -> list[bytes]:
    """Every byte of the answers. `plain`: without rules, stubs and a definition beside."""
    shapes = None if plain else SHAPES
    async with MockServer(seed=1, clock=ManualClock(), api_definition=shapes) as server:
        if not plain:
            rule = {"match": {"operation": "none"}, "fault": {"kind": "abort"}}
            server.faults.add(msgspec.convert(rule, RuleSpec), id="never")
            for stub in STUBS:
                server.stub(**stub)
        token = server.token()
        device = server.receive(OpenDevice(user_id=server.org.users()[0].id, name="default"))
        await server.advance(1)
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


@pytest.mark.parametrize("plain", [True, False])
async def test_both_roads_write_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch, *, plain: bool
) -> None:
    prompt = await _answers(plain=plain)
    monkeypatch.setattr(HttpShell, "at_once", lambda *_: False)
    patient = await _answers(plain=plain)
    for (method, path, _), one, other in zip(ROADS, prompt, patient, strict=True):
        assert one == other, f"{method} {path}"


async def test_another_aiohttp_only_costs_the_short_road(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its private names are asked for, not trusted to be there."""
    assert listener.SHORT_ROAD, "this aiohttp has no short road: look at what it leans on"
    prompt = await _answers()
    monkeypatch.setattr(listener, "SHORT_ROAD", False)
    monkeypatch.setattr(HttpShell, "at_once", None)
    assert await _answers() == prompt


@pytest.fixture
def long_road(desk: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that took the long road."""
    taken: list[str] = []
    answer = desk.server._shell._answer

    async def noted(request: Any) -> Any:
        taken.append(f"{request.method} {request.path}")
        return await answer(request)

    monkeypatch.setattr(desk.server._shell, "_answer", noted)
    return taken


async def test_a_plain_request_takes_the_short_road(desk: Any, long_road: list[str]) -> None:
    async with desk.get() as answer:
        assert answer.status == 200
    assert long_road == []


async def test_only_what_a_rule_is_about_to_hit_takes_the_long_road(
    desk: Any, add_fault: Any, long_road: list[str]
) -> None:
    """What passes a rule by is counted by it all the same, on whichever road."""
    mine = {"match": {"operation": "getWebrtcClient", "clientId": desk.device_id}}
    spared = add_fault({"kind": "reply", "status": 500}, match={"clientId": "another"})
    pushed = add_fault({"kind": "push-drop"}, times=None)
    rule = add_fault({"kind": "reply", "status": 503}, skip=2, times=1, **mine)
    statuses = []
    for _ in range(4):
        async with desk.mute() as answer:
            assert answer.status == 204
        async with desk.get() as answer:
            statuses.append(answer.status)
    assert statuses == [200, 200, 503, 200]
    assert long_road == [f"GET {desk.path}"]
    rule = desk.server.faults.rule(rule.id)
    assert (rule.matched, rule.skipped, rule.bites) == (4, 2, 1)
    for other in (spared, pushed):
        assert desk.server.faults.rule(other.id).matched == 0


async def test_a_rule_for_a_token_hits_it_alone(
    desk: Any, add_fault: Any, long_road: list[str]
) -> None:
    token = desk.server.org.oauth.token(desk.token)
    add_fault({"kind": "reply", "status": 503}, times=None, match={"tokenId": token.id})
    other = {"Authorization": f"Bearer {desk.server.token()}"}
    statuses = []
    for headers in (desk.headers, other, {}):
        async with desk.http.get(desk.path, headers=headers) as answer:
            statuses.append(answer.status)
    assert statuses == [503, 200, 401]
    assert long_road == [f"GET {desk.path}"]


async def test_a_stub_answers_on_the_short_road_until_it_is_gone(
    desk: Any, long_road: list[str]
) -> None:
    seen = []

    async def look() -> None:
        async with desk.http.get("/api/v2/users/me", headers=desk.headers) as answer:
            seen.append(answer.status)

    await look()
    with desk.server.stub("GET /api/v2/users/me", status=418, override=True) as stubbed:
        await look()
        await look()
        assert stubbed.uses == 2
    await look()
    assert seen == [200, 418, 418, 200]
    assert long_road == []


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
