"""Answers on the wire: our `Response` as aiohttp's, with the org's date."""

import re
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from aiohttp import web
from multidict import CIMultiDict

from offhook.api.exchange import Response
from offhook.api.headers import COMMON

_NO_CONTENT = frozenset({204, 304})
SERVER = "offhook"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n")
"""What no field may hold (RFC 9110 §5.5); what ends one is counted."""
_COMMON_LINES = "".join(f"{name}: {value}\r\n" for name, value in COMMON)


@lru_cache(maxsize=4)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _headers(answer: Response, *, now: float) -> CIMultiDict[str]:
    headers = CIMultiDict(answer.headers)
    headers["Date"] = _http_date(int(now))
    headers["Server"] = SERVER
    return headers


@lru_cache(maxsize=64)
def _status_line(status: int) -> str:
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = ""
    return f"HTTP/1.1 {status} {reason}\r\n"


@lru_cache(maxsize=4)
def _date_and_server(second: int) -> str:
    return f"Date: {_http_date(second)}\r\nServer: {SERVER}\r\n"


def on_the_wire(answer: Response, *, head: bool, now: float) -> bytes:
    """The answer as bytes, the same that aiohttp writes. `head`: it answers HEAD.

    Raises `ValueError` for a header that would end before its end.
    """
    headers, body = answer.headers, answer.body
    own = headers[: -len(COMMON)] if headers[-len(COMMON) :] == COMMON else headers
    lines = "".join([f"{name}: {value}\r\n" for name, value in own])
    # What is printable holds no control character, and is told much faster.
    if not lines.replace("\r\n", "").isprintable() or lines.count("\r") != len(own):
        _check(lines, len(own))
    common = "" if own is headers else _COMMON_LINES
    if answer.status in _NO_CONTENT or head:
        size, body = "", b""
    else:
        size = f"Content-Length: {len(body)}\r\n"
    top = f"{_status_line(answer.status)}{lines}{common}{_date_and_server(int(now))}{size}\r\n"
    return top.encode() + body


def _check(lines: str, count: int) -> None:
    if lines.count("\r") != count or _CONTROL.search(lines):
        raise ValueError("A control character in a header: it would begin another one.")


def made(answer: Response, *, now: float) -> web.Response:
    """The answer as aiohttp's, not yet written."""
    body = None if answer.status in _NO_CONTENT else answer.body
    return web.Response(status=answer.status, headers=_headers(answer, now=now), body=body)


async def written(
    request: web.BaseRequest, answer: Response, *, now: float, last: bool = False
) -> web.StreamResponse:
    """Write the answer, and give back what aiohttp wants to be returned.

    After the `last` one the connection is closed: where the next request would begin is not
    known. A peer that is gone is no error: the effect has happened all the same.
    """
    response = made(answer, now=now)
    if last:
        response.force_close()
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionError:
        pass
    return response


async def written_in_part(
    request: web.BaseRequest, answer: Response, *, size: int, now: float
) -> web.StreamResponse:
    """Write the head with the whole length, `size` bytes of the body, and end the connection."""
    response = web.StreamResponse(status=answer.status, headers=_headers(answer, now=now))
    if answer.status not in _NO_CONTENT:
        response.content_length = len(answer.body)
    transport = request.transport
    try:
        writer = await response.prepare(request)
        if request.method != "HEAD":
            await response.write(answer.body[:size])
        if writer is not None:
            writer.send_headers()
    except ConnectionError:
        pass
    if transport is not None:
        transport.close()
    return response
