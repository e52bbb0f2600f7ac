"""Slow, huge, smuggled and crooked requests: a clear answer, and everybody else is served."""

import asyncio
import gzip
import json
import zlib
from typing import Any

import pytest

from offhook.adapters import http, listener
from offhook.adapters.bounds import FIELD_BYTES, FIELDS, LINE_BYTES
from offhook.policies import Policies

BODY_BYTES = Policies().max_body_bytes


async def test_a_slow_head_is_answered_408(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "HEAD_TIMEOUT_S", 0.3)
    peer = await house.peer()
    for piece in (b"GET / HT", b"TP/1.1\r\n", b"Host: mock\r\n"):
        peer.send(piece)
        await asyncio.sleep(0.02)
    await house.is_well()
    status, body = await peer.answer()
    assert (status, json.loads(body)["code"]) == (408, "request.timeout")
    assert await peer.rest() == b""


async def test_a_head_in_many_pieces_that_comes_in_time_is_served(house: Any) -> None:
    peer = await house.peer()
    for byte in house.request(f"GET {house.path}"):
        peer.send(bytes((byte,)))
        await asyncio.sleep(0)
    assert (await peer.answer())[0] == 200
    assert all(each._head_timer is None for each in house.server._runner.server.connections)


async def test_a_slow_body_is_answered_408(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_TIMEOUT_S", 0.3)
    peer = await house.peer()
    peer.send(house.request(f"POST {house.path}/mute", "Content-Length: 14") + b'{"mut')
    await house.is_well()
    status, body = await peer.answer()
    assert (status, json.loads(body)["code"]) == (408, "request.timeout")


TOO_MUCH = {
    "the line": (f"GET /{'a' * LINE_BYTES}", [], 400),
    "a field": ("GET /", [f"X: {'a' * (FIELD_BYTES + 1)}"], 400),
    "fields": ("GET /", [f"X-{n}: y" for n in range(FIELDS + 1)], 400),
}


@pytest.mark.parametrize(("line", "fields", "status"), TOO_MUCH.values(), ids=TOO_MUCH)
async def test_a_head_over_a_limit_is_refused(
    house: Any, line: str, fields: list[str], status: int
) -> None:
    told, body = await house.ask(line, *fields)
    assert told == status
    assert json.loads(body)["code"] == "bad.request"
    await house.is_well()


@pytest.mark.parametrize("size", [BODY_BYTES + 1, 20_000_000])
async def test_a_body_over_the_limit_is_413_and_not_kept(house: Any, size: int) -> None:
    peer = await house.peer()
    peer.send(house.request(f"POST {house.path}/mute", f"Content-Length: {size}"))
    chunk = b" " * 65_536

    async def pour() -> None:
        sent = 0
        while sent < size:
            peer.send(chunk[: size - sent])
            sent += len(chunk)
            await peer.writer.drain()

    pouring = asyncio.create_task(pour())
    status, body = await peer.answer()
    assert (status, json.loads(body)["code"]) == (413, "request.entity.too.large")
    pouring.cancel()
    await asyncio.gather(pouring, return_exceptions=True)
    await house.is_well()


SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: mock\r\n\r\n"
SHAPES = {
    "length and chunks": ["Content-Length: 5", "Transfer-Encoding: chunked"],
    "two lengths": ["Content-Length: 0", f"Content-Length: {len(SMUGGLED)}"],
    "lengths in one": [f"Content-Length: 0, {len(SMUGGLED)}"],
    "a signed length": ["Content-Length: +0"],
    "a negative length": ["Content-Length: -1"],
    "a length in hex": ["Content-Length: 0x0"],
    "a length with a space": ["Content-Length : 0"],
    "chunks of another name": ["Transfer-Encoding: xchunked"],
    "chunks twice": ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
    "a folded field": ["X: a", " Transfer-Encoding: chunked"],
    "a field without a name": [": x"],
    "a bare return": ["X: a\rTransfer-Encoding: chunked"],
    "a zero byte": ["X: a\0b"],
}


@pytest.mark.parametrize("fields", SHAPES.values(), ids=SHAPES)
async def test_a_smuggled_request_is_refused_and_what_follows_it_is_not_read(
    house: Any, fields: list[str]
) -> None:
    peer = await house.peer()
    peer.send(house.request(f"POST {house.path}/mute", *fields) + b"0\r\n\r\n" + SMUGGLED.encode())
    status, _ = await peer.answer()
    assert status == 400
    assert b"smuggled" not in await peer.rest()
    paths = [each.facts["path"] for each in house.server.org.journal.entries(kind="exchange")]
    assert "/smuggled" not in paths
    await house.is_well()


TRICKS = [
    "//api/v2/users/me",
    "/api//v2/users/me",
    "/api/v2/../v2/users/me",
    "/api/v2/users/me/..",
    "/api/v2/users/%2e%2e/users/me",
    "/api/v2/users%2Fme",
    "/api/v2/users/me%00",
    "/api/v2/users/me%0d%0aX:%20y",
    "/api\\v2\\users\\me",
    "/api/v2/users/me/",
    "/api/v2/users/me;x=1",
    "/%61pi/v2/users/%ff",
    "/" + "a/" * 4000,
    "/api/v2/webrtc/clients/" + "%2e" * 2000,
    "*",
    "http://other.example/nowhere",
]


@pytest.mark.parametrize("path", TRICKS, ids=lambda path: path[:40])
async def test_a_crooked_path_is_a_404_and_nobody_elses_resource(house: Any, path: str) -> None:
    status, body = await house.ask(f"GET {path}")
    assert status in {400, 404, 501}
    assert house.user_id.encode() not in body
    await house.is_well()


BOMB = gzip.compress(b" " * 50_000_000)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", BOMB),
        ("deflate", zlib.compress(b"[" * 1_000_000)),
        ("br", b"x"),
        ("gzip, gzip", BOMB),
    ],
)
async def test_a_compressed_body_is_never_unpacked(house: Any, coding: str, body: bytes) -> None:
    status, _ = await house.ask(f"POST {house.path}/mute", f"Content-Encoding: {coding}", body=body)
    assert status in {400, 413, 415}
    await house.is_well()


async def test_who_reads_no_answers_is_not_read_either(house: Any) -> None:
    """Pipelined for ever, never read: the mock stops taking requests, and keeps no answers."""
    peer = await house.peer()
    peer.writer.transport.pause_reading()
    request = house.request(f"GET {house.path}") * 50
    sent = 0
    for _ in range(2000):
        peer.send(request)
        sent += 50
        try:
            await asyncio.wait_for(peer.writer.drain(), 0.3)
        except TimeoutError:
            break
    served = len(house.server.org.journal.entries(kind="exchange"))
    assert served < sent
    connections = house.server._runner.server.connections
    assert max(each.transport.get_write_buffer_size() for each in connections) < 2_000_000
    await house.is_well()


async def test_who_is_half_open_is_forgotten_without_a_word(house: Any) -> None:
    peers = [await house.peer() for _ in range(50)]
    for peer in peers:
        peer.send(b"GET / HTTP/1.1\r\nHost")
        peer.writer.transport.abort()
    await house.is_well()
    for _ in range(200):
        if house.server._runner.server.open_connections <= 1:
            break
        await asyncio.sleep(0.01)
    assert house.server._runner.server.open_connections <= 1


async def test_one_connection_too_many_is_answered_503(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "CONNECTIONS", 3)
    peers = [await house.peer() for _ in range(3)]
    for peer in peers:
        peer.send(house.request(f"GET {house.path}"))
        assert (await peer.answer())[0] == 200
    refused = await house.peer()
    status, body = await refused.answer()
    assert (status, json.loads(body)["code"]) == (503, "service.unavailable")
    peers[0].writer.close()
    await peers[0].rest()
    await asyncio.sleep(0.05)
    await house.is_well()
