"""aiohttp's low-level server, with a short road, and the platform's words for what is not HTTP.

A whole request that comes in one segment on an idle connection is answered where it is read:
without a task, a waiter and a response object, which is most of what a small exchange costs. All
else takes aiohttp's own road. Both write the same bytes.

aiohttp answers by itself, in plain text and without CORS, what its parser cannot read: a header
line that is too long, a method that does not exist. A browser shows that to its page as a network
error, and an SDK has no body to decode.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from offhook.adapters.bounds import CONNECTIONS, HEAD_TIMEOUT_S
from offhook.adapters.heads import Head, Heads

Refuse = Callable[[int, str], web.Response]
"""Makes the answer of a status and of one line that says what was wrong."""

RefuseAtOnce = Callable[[str, str], bytes]
"""The same as bytes, of a code of the catalogue."""

AtOnce = Callable[[Head, bytes, asyncio.Transport], bool]
"""Answers a request on the transport; False when it must go the long way."""

Handle = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_LOST = -1

_LEANS_ON = ("_force_close", "_close", "_next_keepalive_close_time", "_keepalive_timeout")
SHORT_ROAD = all(hasattr(web.RequestHandler, name) for name in _LEANS_ON)
"""Whether aiohttp is built as the short road takes it to be. A version that is not gets the long
road for everything: slower, and right."""


class Connection(web.RequestHandler):
    """One connection of a `Listener`."""

    __slots__ = (
        "_at_once",
        "_head_timer",
        "_heads",
        "_listener",
        "_owed",
        "_refuse",
        "_refuse_at_once",
        "_serving",
        "_under_way",
    )

    def __init__(
        self,
        manager: "Listener",
        *,
        refuse: Refuse,
        refuse_at_once: RefuseAtOnce,
        at_once: AtOnce,
        heads: Heads,
        **settings: Any,
    ) -> None:
        super().__init__(manager, **settings)
        self._listener = manager
        self._refuse = refuse
        self._refuse_at_once = refuse_at_once
        self._head_timer: asyncio.TimerHandle | None = None
        self._serving = 0
        self._at_once = at_once
        self._heads = heads
        self._under_way = 0
        """Requests that aiohttp was given and that are not answered yet."""
        self._owed = 0 if SHORT_ROAD else _LOST
        """Bytes until the next request begins in what aiohttp was given; -1 when that cannot be
        told any more, and then every request takes the long road."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless there are too many."""
        super().connection_made(transport)
        self._listener.open_connections += 1
        if self._listener.open_connections > CONNECTIONS:
            self._turn_away("service.unavailable", f"The mock has {CONNECTIONS} connections.")

    def connection_lost(self, exc: BaseException | None) -> None:
        """The end, whoever made it."""
        if self._manager is not None:
            self._listener.open_connections -= 1
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Answer what is a whole request, if nothing is under way; leave the rest to aiohttp."""
        owed = self._owed
        if owed == _LOST or not data:  # aiohttp gives itself nothing to go on with what it has.
            self._wait_for_head()
            super().data_received(data)
            return
        read = None
        if owed == 0:
            read = self._heads.read(data, self)
            if read is not None:
                head, missing = read
                if not missing and self._is_idle() and self._answered(head, data):
                    return
                self._under_way += 1
            else:
                self._wait_for_head()
            self._owed = _LOST if read is None else read[1]
        else:
            self._owed = owed - len(data) if owed >= len(data) else _LOST
        super().data_received(data)

    def began(self) -> None:
        """A request that aiohttp was given has a whole head."""
        self._serving += 1
        self._wait_no_more()

    def ended(self) -> None:
        """It has been answered, to the last byte."""
        self._serving -= 1
        self._under_way -= 1

    def _wait_for_head(self) -> None:
        """Bytes have come that are no whole head: the rest must come in time."""
        if self._head_timer is None and not self._serving and not self._upgraded:
            self._head_timer = self._loop.call_later(HEAD_TIMEOUT_S, self._too_slow)

    def _wait_no_more(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        if not self._serving and not self._upgraded:
            self._turn_away("request.timeout", f"Its head took over {HEAD_TIMEOUT_S:g} s.")

    def _turn_away(self, code: str, problem: str) -> None:
        if self.transport is not None:
            self.transport.write(self._refuse_at_once(code, problem))
        self.force_close()

    def _is_idle(self) -> bool:
        return (
            self._under_way == 0
            and not self._force_close
            and not self._close
            and not self.writing_paused
        )

    def _answered(self, head: Head, data: bytes) -> bool:
        transport, manager = self.transport, self._manager
        if transport is None or manager is None:
            return False
        body = data[-head.length :] if head.length else b""
        if not self._at_once(head, body, transport):
            return False
        manager.requests_count += 1
        self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        return True

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """As aiohttp does, logging it, with a body of ours. It is the last of the connection."""
        super().handle_error(request, status, exc, message)
        answer = self._refuse(status, (message or "unreadable").partition("\n")[0].rstrip(":. "))
        answer.force_close()
        return answer


class Listener(web.Server):
    """Makes a `Connection` of each; `refuse` is asked when a parser or aiohttp gives up."""

    def __init__(self, handle: Handle, **settings: Any) -> None:
        async def counted(request: web.BaseRequest) -> web.StreamResponse:
            connection = request.protocol
            assert isinstance(connection, Connection), "made below"
            connection.began()
            try:
                return await handle(request)
            finally:
                connection.ended()

        super().__init__(counted, **settings)
        self.open_connections = 0

    def __call__(self) -> Connection:
        """The protocol of one connection, as asyncio asks for it."""
        return Connection(self, loop=self._loop, **self._kwargs)
