"""Answers as they stand on the wire."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from offhook.adapters.reply import on_the_wire, written, written_in_part
from offhook.api.exchange import Response

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Ask = Callable[[Handler], Awaitable[str]]

GOOD = Response(status=200, headers=(("Content-Type", "application/json"),), body=b'{"a": 1}')


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    """Serve a handler, send it one GET, and give back every byte of the answer."""
    runners: list[web.ServerRunner] = []

    async def asked(handler: Handler) -> str:
        runner = web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"GET / HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n")
        answer = (await reader.read()).decode()
        writer.close()
        return answer

    yield asked
    for runner in runners:
        await runner.cleanup()


async def test_an_answer_has_the_org_s_date_its_headers_and_its_length(ask: Ask) -> None:
    answer = await ask(lambda request: written(request, GOOD, now=1_790_000_000.7))
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert "\r\nDate: Mon, 21 Sep 2026 14:13:20 GMT" in head
    assert "\r\nContent-Length: 8" in head
    assert "\r\nServer: offhook" in head
    assert "aiohttp" not in head
    assert body == '{"a": 1}'


async def test_204_has_neither_body_nor_length_nor_type(ask: Ask) -> None:
    answer = await ask(lambda request: written(request, Response(status=204), now=0))
    assert answer.startswith("HTTP/1.1 204 No Content\r\n")
    assert "Content-" not in answer


@pytest.mark.parametrize("size", [0, 3, 8, 100])
async def test_a_cut_answer_promises_everything_and_gives_a_part(ask: Ask, size: int) -> None:
    answer = await ask(lambda request: written_in_part(request, GOOD, size=size, now=0))
    head, _, body = answer.partition("\r\n\r\n")
    assert "\r\nContent-Length: 8" in head
    assert body == '{"a": 1}'[:size]


async def test_a_peer_that_is_gone_is_no_error(ask: Ask) -> None:
    outcomes: list[int] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        response = await written(request, GOOD, now=0)
        cut = await written_in_part(request, GOOD, size=1, now=0)
        outcomes.extend((response.status, cut.status))
        return response

    assert not await ask(handler)
    assert outcomes == [200, 200]


@pytest.mark.parametrize(
    "header",
    [("X", "a\r\nSet-Cookie: b"), ("X", "a\nb"), ("X", "a\0b"), ("X\r\nY", "b"), ("X", "\r")],
)
def test_a_header_that_would_begin_another_one_is_not_written(header: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="control character"):
        on_the_wire(Response(status=200, headers=(header,), body=b""), head=False, now=0.0)


def test_an_answer_as_bytes() -> None:
    told = on_the_wire(GOOD, head=False, now=0.0)
    assert told.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
    assert told.endswith(b"Content-Length: 8\r\n\r\n" + GOOD.body)
    assert b"Content-Length" not in on_the_wire(GOOD, head=True, now=0.0)
    assert on_the_wire(Response(status=204), head=False, now=0.0).endswith(b"offhook\r\n\r\n")
    assert b" 299 \r\n" in on_the_wire(Response(status=299), head=False, now=0.0)


def test_a_tab_and_letters_beyond_ascii_are_no_control_characters() -> None:
    answer = Response(status=200, headers=(("X", "a\tb\u00a0c"),))
    assert "X: a\tb\u00a0c\r\n".encode() in on_the_wire(answer, head=False, now=0.0)
