"""aiohttp's low-level server, whose answer to what is not HTTP is the platform's error body.

aiohttp answers by itself, in plain text and without CORS, what its parser cannot read: a
header line that is too long, a method that does not exist. A browser shows that to its page
as a network error, and an SDK has no body to decode.
"""

from collections.abc import Callable
from typing import Any

from aiohttp import web

Refuse = Callable[[int, str], web.Response]
"""Makes the answer of a status and of one line that says what was wrong."""


class Connection(web.RequestHandler):
    """One connection of a `Listener`."""

    __slots__ = ("_refuse",)

    def __init__(self, manager: "Listener", *, refuse: Refuse, **settings: Any) -> None:
        super().__init__(manager, **settings)
        self._refuse = refuse

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

    def __call__(self) -> Connection:
        """The protocol of one connection, as asyncio asks for it."""
        return Connection(self, loop=self._loop, **self._kwargs)
