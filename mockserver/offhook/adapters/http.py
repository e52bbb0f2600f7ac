"""The road of one HTTP request: bytes in, through the core, bytes out. I/O and no rule.

aiohttp's low-level server leaves four things to us: `Expect: 100-continue`, the limit of
bodies, closing sockets before the clean-up, and shutdown timeouts. The last two are done
by `offhook.server`.
"""

import logging
from urllib.parse import quote

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from offhook.adapters.carry import Carrier
from offhook.adapters.pump import Pump
from offhook.adapters.reply import made, written
from offhook.adapters.upgrade import SocketShell
from offhook.api.apply import apply
from offhook.api.exchange import (
    CONTROL_BODY_BYTES,
    Advance,
    ChannelUpgrade,
    Request,
    Response,
    Upgrade,
)
from offhook.api.headers import with_common
from offhook.api.refusal import refusal_answer
from offhook.api.resolve import Resolved, resolve
from offhook.domain.errors import DomainError
from offhook.faults.verdicts import HttpVerdict
from offhook.policies import EventTiming
from offhook.tenancy import Tenancy

logger = logging.getLogger("offhook.http")
access = logging.getLogger("offhook.access")

wire = logging.getLogger("offhook.wire")
"""What aiohttp has to say, once `server` hands it over."""

_SERVER_ERROR = 500
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class HttpShell:
    """Answers the requests of one org's listener."""

    def __init__(self, tenancy: Tenancy, pump: Pump) -> None:
        self._tenancy = tenancy
        self._pump = pump
        self._carrier = Carrier(tenancy, pump)
        self._sockets = SocketShell(tenancy, pump)
        self.url = ""
        """Where the listener is; for requests that do not say whom they ask."""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request. What goes wrong in here is ours: 500, and in the journal."""
        try:
            answer = await self._answer(request)
        except Exception as error:
            logger.exception("An exchange broke: %s %s", request.method, split_target(request)[0])
            answer = await self._broken(request, error)
        finally:
            self._pump.flush()
        return answer

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            message = await self._read(request)
        except ConnectionError:
            # The peer left in the middle of its request: nothing has happened.
            return web.Response()
        except web.RequestPayloadError as error:
            return await self._unreadable(request, error)
        resolved = resolve(self._tenancy, message, now=self._pump.now())
        answer = await self._exchange(request, resolved)
        if access.isEnabledFor(logging.INFO):
            access.info(
                "%s %s %d %s", message.method, message.path, answer.status, resolved.correlation_id
            )
        return answer

    async def _read(self, request: web.BaseRequest) -> Request:
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(_CONTINUE)
            # aiohttp counts these bytes as the answer's, and would then not send its head.
            request.writer.output_size = 0
        path, query = split_target(request)
        headers = lower_headers(request)
        host = headers.get("host")
        return Request(
            method=request.method,
            path=path,
            query=query,
            headers=headers,
            body=await self._body(request),
            origin=f"http://{host}" if host else self.url,
        )

    async def _body(self, request: web.BaseRequest) -> bytes:
        """The body, or one byte more of it than may be: enough to be refused."""
        if not request.body_exists:
            return b""
        rest = max(self._tenancy.org.policies.max_body_bytes, CONTROL_BODY_BYTES) + 1
        chunks: list[bytes] = []
        while rest > 0 and (chunk := await request.content.read(rest)):
            chunks.append(chunk)
            rest -= len(chunk)
        return b"".join(chunks)

    async def _exchange(self, request: web.BaseRequest, resolved: Resolved) -> web.StreamResponse:
        verdict = self._verdict(resolved)
        over = await self._carrier.before(verdict, request, resolved)
        if over is not None:
            return over
        now = self._pump.now()
        if now > resolved.arrived_at:
            # It was held up on its way in: what its token is worth now is what counts.
            resolved = resolve(
                self._tenancy, resolved.request, now=now, correlation_id=resolved.correlation_id
            )
        answer = apply(self._tenancy, resolved, now=now)
        if isinstance(answer, Advance):
            await self._pump.advance(answer.seconds)
            answer = answer.then()
        response = answer if isinstance(answer, Response) else None
        over = await self._carrier.after(verdict, request, resolved, response)
        if over is not None:
            return over
        if isinstance(answer, Upgrade | ChannelUpgrade):
            return await self._sockets.serve(
                request, answer, correlation_id=resolved.correlation_id
            )
        if self._tenancy.org.policies.event_timing is EventTiming.EVENT_FIRST:
            self._pump.flush()
        return await written(request, answer, now=self._pump.now())

    def _verdict(self, resolved: Resolved) -> HttpVerdict | None:
        if resolved.target is None:
            return None
        return self._tenancy.faults.decide(
            resolved.target,
            device_id=resolved.device_id,
            token_id=resolved.token_id,
            now=resolved.arrived_at,
        )

    async def _unreadable(self, request: web.BaseRequest, error: Exception) -> web.StreamResponse:
        refusal = DomainError("bad.request", f"The body breaks off: {error}.")
        return await self._refuse(request, refusal, last=True)

    async def _broken(self, request: web.BaseRequest, error: Exception) -> web.StreamResponse:
        self._tenancy.org.journal.record(
            "error",
            at=self._pump.now(),
            error=repr(error),
            method=request.method,
            path=split_target(request)[0],
        )
        return await self._refuse(request, DomainError("internal.server.error"), last=True)

    async def _refuse(
        self, request: web.BaseRequest, refusal: DomainError, *, last: bool
    ) -> web.StreamResponse:
        return await written(request, self._refusal(refusal), now=self._pump.now(), last=last)

    def not_http(self, status: int, problem: str) -> web.Response:
        """The answer to bytes that never became a request."""
        code = "internal.server.error" if status >= _SERVER_ERROR else "bad.request"
        refusal = DomainError(code, f"The request cannot be read: {problem}.")
        return made(self._refusal(refusal), now=self._pump.now())

    def _refusal(self, refusal: DomainError) -> Response:
        correlation_id = self._tenancy.org.entropy.id("correlation")
        answer = refusal_answer(refusal, correlation_id)
        return msgspec.structs.replace(answer, headers=with_common(answer.headers, correlation_id))


def calm(record: logging.LogRecord) -> bool:
    """Bytes that are not HTTP are the peer's mistake: a line for it, and no traceback."""
    error = record.exc_info[1] if record.exc_info else None
    if not isinstance(error, HttpProcessingError):
        return True
    record.msg, record.args = "Not HTTP: %s", (str(error.message).partition("\n")[0],)
    record.levelno, record.levelname = logging.INFO, "INFO"
    record.exc_info = None
    return wire.isEnabledFor(logging.INFO)


wire.addFilter(calm)


def split_target(request: web.BaseRequest) -> tuple[str, str]:
    """Path and query as on the wire; the absolute form loses its origin (RFC 9112 §3.2.2)."""
    target, _, query = request.raw_path.partition("?")
    if "://" in target and not target.startswith("/"):
        rest = target.partition("://")[2]
        target = "/" + rest.partition("/")[2]
    return quoted(target), quoted(query)


def quoted(text: str) -> str:
    """Percent-encode what should have been (RFC 3986 §2.1): aiohttp lets raw bytes pass."""
    if text.isascii():
        return text
    return "".join(
        letter if letter.isascii() else quote(letter.encode("utf-8", "surrogateescape"))
        for letter in text
    )


def lower_headers(request: web.BaseRequest) -> dict[str, str]:
    """Header fields by lower-case name, repeated ones joined by a comma (RFC 9110 §5.3).

    Bytes beyond ASCII are read as Latin-1 (§5.5), so that every value is text that can be
    encoded again.
    """
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        text = (
            value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("latin-1")
        )
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers
