"""The road of a request, over real sockets, with a plain client and with bytes by hand."""

import asyncio
import json
from asyncio import selector_events
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from offhook.adapters.clock import ManualClock
from offhook.adapters.http import HttpShell
from offhook.domain.inputs import PatchPolicies
from offhook.server import MockServer

MUTE = """POST {path}/mute HTTP/1.1
Host: mock
Authorization: Bearer {token}
Content-Type: application/json
"""


async def head_of(reader: asyncio.StreamReader) -> str:
    return (await reader.readuntil(b"\r\n\r\n")).decode()


async def test_a_mute_is_answered_204_with_its_version_and_the_org_s_date(desk: Any) -> None:
    async with desk.mute() as answer:
        assert answer.status == 204
        assert answer.headers["ETag"] == '"1.1"'
        assert answer.headers["Date"] == "Thu, 01 Jan 2026 00:00:00 GMT"
        assert answer.headers["Server"] == "offhook"
        assert "Content-Type" not in answer.headers


async def test_expect_100_continue_is_answered_before_the_body_is_sent(desk: Any) -> None:
    body = '{"muted": true}'
    reader, writer = await desk.raw(
        f"{MUTE}Expect: 100-continue\nContent-Length: {len(body)}\nConnection: close\n\n"
    )
    assert await head_of(reader) == "HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(body.encode())
    assert (await head_of(reader)).startswith("HTTP/1.1 204 No Content\r\n")
    assert await reader.read() == b""


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_is_413_whether_its_length_is_told_or_not(
    desk: Any, *, chunked: bool
) -> None:
    limit = desk.server.org.policies.max_body_bytes
    body = b'{"muted": ' + b" " * limit + b"true}"

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 60_000):
            yield body[start : start + 60_000]

    headers = {**desk.headers, "Content-Type": "application/json"}
    data = pieces() if chunked else body
    async with desk.http.post(f"{desk.path}/mute", headers=headers, data=data) as answer:
        assert answer.status == 413
        assert (await answer.json())["code"] == "request.entity.too.large"


async def test_a_body_of_just_the_limit_is_taken(desk: Any) -> None:
    limit = desk.server.org.policies.max_body_bytes
    body = b'{"muted": true}'.ljust(limit)
    headers = {**desk.headers, "Content-Type": "application/json"}
    async with desk.http.post(f"{desk.path}/mute", headers=headers, data=body) as answer:
        assert answer.status == 204


async def test_head_is_get_without_a_body(desk: Any) -> None:
    async with desk.http.head(desk.path, headers=desk.headers) as answer:
        assert (answer.status, await answer.read()) == (200, b"")
        assert answer.headers["ETag"] == '"1.0"'


async def test_a_connection_is_kept_alive_and_requests_may_be_pipelined(desk: Any) -> None:
    request = "GET {path} HTTP/1.1\nHost: mock\nAuthorization: Bearer {token}\n"
    reader, _ = await desk.raw(f"{request}\n{request}Connection: close\n\n")
    answers = (await reader.read()).decode()
    assert answers.count("HTTP/1.1 200 OK") == 2


async def test_repeated_header_fields_reach_the_core_as_one(desk: Any) -> None:
    reader, _ = await desk.raw(
        "GET {path} HTTP/1.1\nHost: mock\nAuthorization: Bearer {token}\n"
        "Authorization: Bearer other\nConnection: close\n\n"
    )
    assert (await head_of(reader)).startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "line",
    [
        "GET /\xe9\xff HTTP/1.1\nHost: mock\n",
        "GET {path}?since=\xff HTTP/1.1\nHost: mock\n",
        "GET {path} HTTP/1.1\nHost: m\xffck\nAuthorization: Bearer \xff\n",
        "GET {path} HTTP/1.0\n",
        "OPTIONS * HTTP/1.1\nHost: mock\n",
        f"{MUTE}Idempotency-Key: \xff\nContent-Length: 0\n",
        f"{MUTE}Content-Encoding: gzip\nContent-Length: 0\n",
    ],
)
async def test_strange_bytes_are_the_peer_s_mistake_and_never_ours(desk: Any, line: str) -> None:
    reader, _ = await desk.raw(f"{line}Connection: close\n\n")
    status = int((await head_of(reader)).split()[1])
    assert status < 500


async def test_a_body_that_breaks_off_is_a_400_and_the_last_of_its_connection(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Which broken bodies aiohttp reports, and when, depends on the parser it was built with.
    async def broken(*_: object) -> bytes:
        raise web.RequestPayloadError("a chunk without a size")

    monkeypatch.setattr(HttpShell, "_body", broken)
    reader, _ = await desk.raw(f"{MUTE}Transfer-Encoding: chunked\n\n0\n\n")
    assert (await head_of(reader)).startswith("HTTP/1.1 400 ")
    body = json.loads(await reader.read())
    assert body["message"] == "The body breaks off: a chunk without a size."


async def test_what_is_not_http_is_a_400_and_one_calm_line(
    desk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="offhook.wire")
    reader, _ = await desk.raw("GET / HTTP/1.1\nHost : mock\n\n")
    assert b" 400 Bad Request" in await reader.read()
    assert [(record.levelname, record.exc_info) for record in caplog.records] == [("INFO", None)]
    assert caplog.text.count("Not HTTP: ") == 1


async def test_who_leaves_in_the_middle_of_a_body_has_asked_for_nothing(desk: Any) -> None:
    _, writer = await desk.raw(f'{MUTE}Content-Length: 100\n\n{{"muted": ')
    await asyncio.sleep(0)
    writer.transport.abort()
    async with desk.get() as answer:
        assert (await answer.json())["rev"] == 0


async def test_the_absolute_form_is_the_same_path(desk: Any) -> None:
    reader, _ = await desk.raw(
        "GET http://mock{path} HTTP/1.1\nHost: mock\nAuthorization: Bearer {token}\n"
        "Connection: close\n\n"
    )
    assert (await head_of(reader)).startswith("HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("timing", "expected"),
    [("response-first", ["answer", "event"]), ("event-first", ["event", "answer"])],
)
async def test_the_policy_says_whether_the_event_or_the_answer_is_written_first(
    desk: Any, monkeypatch: pytest.MonkeyPatch, timing: str, expected: list[str]
) -> None:
    desk.server.receive(PatchPolicies(changes={"event_timing": timing}))
    order: list[str] = []
    transport = vars(selector_events)["_SelectorSocketTransport"]
    write = transport.write

    def spy(self: Any, data: bytes) -> None:
        if b"HTTP/1.1 204" in bytes(data):
            order.append("answer")
        if b"muteChanged" in bytes(data):
            order.append("event")
        write(self, data)

    async with desk.events() as ws:
        await ws.receive()
        monkeypatch.setattr(transport, "write", spy)
        async with desk.mute() as answer:
            assert answer.status == 204
        await ws.receive()
    assert order == expected


async def test_the_event_follows_even_if_the_peer_is_gone_before_its_answer(desk: Any) -> None:
    async with desk.events() as ws:
        await ws.receive()
        _, writer = await desk.raw(f'{MUTE}Content-Length: 15\n\n{{"muted": true}}')
        writer.transport.abort()
        assert json.loads((await ws.receive()).data)["type"] == "muteChanged"


async def test_control_moves_the_clock_and_answers_where_it_stands(desk: Any) -> None:
    url = "/_offhook/v1/clock/advance"
    async with desk.http.post(url, json={"seconds": 30}) as answer:
        told = await answer.json()
    assert told["now"] == desk.server.clock.now()


@pytest.mark.parametrize("path", ["/_offhook/v1/health", "/api/v2/users/me"])
async def test_what_breaks_inside_is_a_500_and_kept_for_the_test_to_see(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AssertionError("an invariant")

    async with (
        MockServer(seed=1, clock=ManualClock()) as server,
        aiohttp.ClientSession(server.url) as http,
    ):
        monkeypatch.setattr("offhook.adapters.http.apply", broken)
        async with http.get(path) as answer:
            assert answer.status == 500
            assert (await answer.json())["code"] == "internal.server.error"
        assert server.errors[0].facts["error"] == "AssertionError('an invariant')"
        assert f"An exchange broke: GET {path}" in caplog.text


async def test_the_access_log_has_a_line_an_exchange_and_no_secret(
    desk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="offhook.access")
    async with desk.http.get(f"{desk.path}?access_token={desk.token}") as answer:
        assert answer.status == 400
    assert f"GET {desk.path} 400 " in caplog.text
    assert desk.token not in caplog.text
