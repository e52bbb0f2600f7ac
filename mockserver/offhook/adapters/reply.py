"""Answers on the wire: our `Response` as aiohttp's, with the org's date."""

from email.utils import formatdate
from functools import lru_cache

from aiohttp import web
from multidict import CIMultiDict

from offhook.api.exchange import Response

_NO_CONTENT = frozenset({204, 304})
SERVER = "offhook"


@lru_cache(maxsize=4)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _headers(answer: Response, *, now: float) -> CIMultiDict[str]:
    headers = CIMultiDict(answer.headers)
    headers["Date"] = _http_date(int(now))
    headers["Server"] = SERVER
    return headers


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
