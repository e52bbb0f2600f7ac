"""The road of one HTTP request: bytes in, through the core, bytes out. I/O and no rule.

aiohttp's low-level server leaves four things to us: `Expect: 100-continue`, the limit of
bodies, closing sockets before the clean-up, and shutdown timeouts. The last two are done
by `offhook.server`.
"""

import asyncio
import logging
from typing import NamedTuple

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from offhook.adapters.bounds import BODY_TIMEOUT_S
from offhook.adapters.carry import Carrier
from offhook.adapters.heads import Head, lower_headers, split_target
from offhook.adapters.pump import Pump
from offhook.adapters.reply import made, on_the_wire, written
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
from offhook.api.recording import shown_path
from offhook.api.refusal import refusal_answer
from offhook.api.resolve import Meaning, Resolved, resolve, understand
from offhook.api.table import Bound
from offhook.domain.errors import REFUSALS, DomainError
from offhook.faults.verdicts import HttpVerdict
from offhook.policies import EventTiming
from offhook.tenancy import Tenancy

logger = logging.getLogger("offhook.http")
access = logging.getLogger("offhook.access")

wire = logging.getLogger("offhook.wire")
"""What aiohttp has to say, once `server` hands it over."""

_ACCESS = "%s %s %d %s"
_SERVER_ERROR = 500
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class _Opening(NamedTuple):
    """A socket that is to be opened: what is kept of its request while it lives, perhaps for days.

    Thousands may idle, so nothing of the exchange is held by whoever waits for their ends.
    """

    upgrade: Upgrade | ChannelUpgrade
    method: str
    path: str
    correlation_id: str


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
            if isinstance(answer, _Opening):
                opening = answer
                answer = await self._sockets.serve(
                    request, opening.upgrade, correlation_id=opening.correlation_id
                )
                self._tell(opening.method, opening.path, answer.status, opening.correlation_id)
        except Exception as error:
            path = split_target(request.raw_path)[0]
            logger.exception("An exchange broke: %s %s", request.method, path)
            broken = self._broken(error, request.method, path)
            answer = await written(request, broken, now=self._pump.now(), last=True)
        finally:
            self._pump.flush()
        return answer

    def at_once(self, head: Head, body: bytes, transport: asyncio.Transport) -> bool:
        """Answer a whole request without waiting for anything. False: it must go the long way.

        It must where a fault befalls it, where it becomes a socket, where it is control's, which
        may move the clock, and where what it does must be durable before it is answered.
        """
        if self._tenancy.log is not None:
            return False
        meaning = self._meaning(head)
        if meaning.bound is None or not meaning.bound.prompt:
            return False
        ruled = bool(self._tenancy.faults)
        if ruled and self._is_hit(meaning, meaning.bound):
            return False
        request = head.with_body(body)
        try:
            self._reply(request, meaning, transport, ruled=ruled)
        except Exception as error:
            logger.exception("An exchange broke: %s %s", request.method, request.path)
            answer = self._broken(error, request.method, request.path)
            transport.write(on_the_wire(answer, head=False, now=self._pump.now()))
            transport.close()
        finally:
            self._pump.flush()
        return True

    def _meaning(self, head: Head) -> Meaning:
        tenancy = self._tenancy
        if tenancy.stubs or tenancy.definition is not None:
            return understand(tenancy, head.request)  # They may have changed since the last time.
        if head.meaning is None:
            head.meaning = understand(tenancy, head.request)
        return head.meaning

    def _is_hit(self, meaning: Meaning, bound: Bound) -> bool:
        tenancy = self._tenancy
        secret = meaning.credentials.secret
        token = None if secret is None else tenancy.org.oauth.token(secret)
        return tenancy.faults.awaits(
            bound.operation.id,
            device_id=meaning.device_id,
            token_id=None if token is None else token.id,
        )

    def _reply(
        self, request: Request, meaning: Meaning, transport: asyncio.Transport, *, ruled: bool
    ) -> None:
        tenancy, pump = self._tenancy, self._pump
        now = pump.now()
        resolved = resolve(tenancy, request, now=now, meaning=meaning)
        if ruled:
            verdict = self._verdict(resolved)
            assert verdict is None, "no rule was about to decide, and the others only count"
        answer = apply(tenancy, resolved, now=now)
        assert isinstance(answer, Response), "what is prompt is answered by a response"
        if tenancy.org.policies.event_timing is EventTiming.EVENT_FIRST:
            pump.flush()
        transport.write(on_the_wire(answer, head=request.method == "HEAD", now=now))
        self._tell(request.method, request.path, answer.status, resolved.correlation_id)

    async def _answer(self, request: web.BaseRequest) -> "web.StreamResponse | _Opening":
        try:
            message = await self._read(request)
        except ConnectionError:
            # The peer left in the middle of its request: nothing has happened.
            return web.Response()
        except web.RequestPayloadError as error:
            return await self._unreadable(request, error)
        except TimeoutError:
            told = f"{REFUSALS['request.timeout'].message} Its body took over {BODY_TIMEOUT_S:g} s."
            return await self._refuse(request, DomainError("request.timeout", told), last=True)
        resolved = resolve(self._tenancy, message, now=self._pump.now())
        answer = await self._exchange(request, resolved)
        if not isinstance(answer, _Opening):
            self._tell(message.method, message.path, answer.status, resolved.correlation_id)
        return answer

    def _tell(self, method: str, path: str, status: int, correlation_id: str) -> None:
        if access.isEnabledFor(logging.INFO):
            shown = shown_path(self._tenancy, path, status)
            access.info(_ACCESS, method, shown, status, correlation_id)

    async def _read(self, request: web.BaseRequest) -> Request:
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(_CONTINUE)
            # aiohttp counts these bytes as the answer's, and would then not send its head.
            request.writer.output_size = 0
        path, query = split_target(request.raw_path)
        headers = lower_headers(request.headers)
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
        async with asyncio.timeout(BODY_TIMEOUT_S):
            while rest > 0 and (chunk := await request.content.read(rest)):
                chunks.append(chunk)
                rest -= len(chunk)
        return b"".join(chunks)

    async def _exchange(
        self, request: web.BaseRequest, resolved: Resolved
    ) -> "web.StreamResponse | _Opening":
        verdict = self._verdict(resolved)
        if verdict is not None:
            await self._saved()  # A fault that is used up stays used up.
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
        await self._saved()
        response = answer if isinstance(answer, Response) else None
        over = await self._carrier.after(verdict, request, resolved, response)
        if over is not None:
            return over
        if isinstance(answer, Upgrade | ChannelUpgrade):
            asked = resolved.request
            return _Opening(answer, asked.method, asked.path, resolved.correlation_id)
        if self._tenancy.org.policies.event_timing is EventTiming.EVENT_FIRST:
            self._pump.flush()
        return await written(request, answer, now=self._pump.now())

    async def _saved(self) -> None:
        """Let what this exchange has changed be durable, where anything is."""
        if self._tenancy.log is not None:
            await self._tenancy.log.saved()

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

    def _broken(self, error: Exception, method: str, path: str) -> Response:
        self._tenancy.org.journal.record(
            "error", at=self._pump.now(), error=repr(error), method=method, path=path
        )
        return self._refusal(DomainError("internal.server.error"))

    async def _refuse(
        self, request: web.BaseRequest, refusal: DomainError, *, last: bool
    ) -> web.StreamResponse:
        return await written(request, self._refusal(refusal), now=self._pump.now(), last=last)

    def not_http(self, status: int, problem: str) -> web.Response:
        """The answer to bytes that never became a request."""
        code = "internal.server.error" if status >= _SERVER_ERROR else "bad.request"
        refusal = DomainError(code, f"The request cannot be read: {problem}.")
        return made(self._refusal(refusal), now=self._pump.now())

    def refused_at_once(self, code: str, problem: str) -> bytes:
        """The answer to who is turned away before there is a request; the last of its kind."""
        answer = self._refusal(DomainError(code, f"{REFUSALS[code].message} {problem}"))
        closing = msgspec.structs.replace(
            answer, headers=(("Connection", "close"), *answer.headers)
        )
        return on_the_wire(closing, head=False, now=self._pump.now())

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
