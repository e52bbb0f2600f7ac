"""Whole requests in one segment: what is read, what is left to aiohttp, what is remembered."""

import asyncio
from typing import Any

import pytest
from aiohttp.base_protocol import BaseProtocol
from hypothesis import given
from hypothesis import strategies as st

from offhook.adapters.heads import _HEADS_MAX, Heads, lower_headers, quoted, split_target

GET = b"GET /a?b=c HTTP/1.1\r\nHost: mock:80\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nHost: mock\r\nContent-Length: 4\r\n\r\n"


@pytest.fixture
def heads() -> Heads:
    return Heads()


@pytest.fixture
async def protocol() -> BaseProtocol:
    return BaseProtocol(asyncio.get_running_loop())


async def test_a_whole_request_is_read(heads: Heads, protocol: BaseProtocol) -> None:
    found = heads.read(GET, protocol)
    assert found is not None
    head, missing = found
    request = head.with_body(b"")
    assert (request.method, request.path, request.query, missing) == ("GET", "/a", "b=c", 0)
    assert request.headers == {"host": "mock:80", "x-two": "1, 2"}
    assert request.origin == "http://mock:80"


async def test_a_body_is_what_follows_and_what_is_missing_is_told(
    heads: Heads, protocol: BaseProtocol
) -> None:
    found = heads.read(POST + b"body", protocol)
    assert found is not None
    assert found[1] == 0
    assert found[0].with_body(b"body").body == b"body"
    assert heads.read(POST + b"bo", protocol) == (found[0], 2)
    assert heads.read(POST, protocol) == (found[0], 4)


NOT_PLAIN = {
    "half a head": b"GET / HTTP/1.1\r\nHost: mock\r\n",
    "two requests": GET + GET,
    "a request and a half": GET + b"GET",
    "a body that is too long": POST + b"body!",
    "HTTP/1.0": b"GET / HTTP/1.0\r\nHost: mock\r\n\r\n",
    "a connection to be closed": b"GET / HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n",
    "an upgrade": b"GET / HTTP/1.1\r\nHost: m\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "chunks": b"POST / HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a wish to be told": b"POST / HTTP/1.1\r\nHost: m\r\nExpect: 100-continue\r\n"
    b"Content-Length: 1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 1\r\n"
    b"Content-Length: 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 1\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: m\r\nContent-Length: -1\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nHost : mock\r\n\r\n",
    "a bare line feed": b"GET / HTTP/1.1\nHost: mock\r\n\r\n",
    "a line too long": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: mock\r\n\r\n",
    "a field too long": b"GET / HTTP/1.1\r\nHost: mock\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
    "too many fields": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    "no HTTP": b"hello\r\n\r\n",
}


@pytest.mark.parametrize("data", NOT_PLAIN.values(), ids=NOT_PLAIN)
async def test_anything_else_is_left_to_aiohttp(
    heads: Heads, protocol: BaseProtocol, data: bytes
) -> None:
    assert heads.read(data, protocol) is None
    assert heads.read(data, protocol) is None


async def test_a_head_is_remembered_unless_it_will_not_come_again(
    heads: Heads, protocol: BaseProtocol
) -> None:
    first, again = heads.read(GET, protocol), heads.read(GET, protocol)
    assert first is not None
    assert again is not None
    assert first[0] is again[0]
    keyed = GET[:-2] + b"Idempotency-Key: k1\r\n\r\n"
    one, two = heads.read(keyed, protocol), heads.read(keyed, protocol)
    assert one is not None
    assert two is not None
    assert one[0] is not two[0]


async def test_what_is_remembered_is_bounded(heads: Heads, protocol: BaseProtocol) -> None:
    for number in range(_HEADS_MAX + 10):
        heads.read(f"GET /{number} HTTP/1.1\r\nHost: m\r\n\r\n".encode(), protocol)
    heads.read(b"GET /long HTTP/1.1\r\nHost: m\r\nX: " + b"y" * 4000 + b"\r\n\r\n", protocol)
    assert len(heads._known) == 10


@given(data=st.binary(max_size=200))
async def test_no_bytes_make_it_raise(data: bytes) -> None:
    heads, protocol = Heads(), BaseProtocol(asyncio.get_running_loop())
    for noise in (data, GET[:20] + data + b"\r\n\r\n", POST + data):
        heads.read(noise, protocol)


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/a/b%20c?d=e?f", "/a/b%20c", "d=e?f"),
        ("/", "/", ""),
        ("*", "*", ""),
        ("http://mock:80/a?b", "/a", "b"),
        ("http://mock", "/", ""),
        ("/a?to=http://b", "/a", "to=http://b"),
        ("/a://b", "/a://b", ""),
    ],
)
def test_a_target_is_split_into_path_and_query(target: str, path: str, query: str) -> None:
    assert split_target(target) == (path, query)


def test_raw_bytes_are_percent_encoded_and_the_rest_is_left_as_it_is() -> None:
    assert quoted("/a%20\udcff/é") == "/a%20%FF/%C3%A9"


def test_header_bytes_beyond_ascii_are_read_as_latin_1() -> None:
    fields: Any = {"X-Name": "Zo\udcc3\udcab"}
    assert lower_headers(fields) == {"x-name": "Zo\xc3\xab"}
