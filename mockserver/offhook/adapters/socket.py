"""One event socket: aiohttp shakes hands and reads, we write frames to the transport ourselves.

There is no task and no queue per socket: the transport's write buffer is the queue, and a
reader who lets it grow beyond `HIGH_WATER` is closed by the delivery. Nobody is judged for
being silent.
"""

import asyncio
import logging
from collections.abc import Callable

from aiohttp import WSCloseCode, WSMsgType, web

from offhook.adapters.cut import reset
from offhook.adapters.frames import close_frame
from offhook.api.exchange import ChannelUpgrade, Upgrade
from offhook.domain.close_codes import CUT
from offhook.faults.line import Line

HIGH_WATER = 262_144
"""Bytes that may wait for a reader before the reader counts as too slow."""
LARGEST_MESSAGE = 65_536
"""Bytes of the largest message a peer may send; more is answered 1009."""
CLOSE_GRACE_S = 2.0
"""How long a peer may take to answer a close frame, in the loop's seconds."""

_ECHOED = frozenset({*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)})
"""The codes that may stand in a close frame (RFC 6455 §7.4)."""

# The library names the subprotocols a client offered when it takes none of them, and one of
# ours is a secret: `bearer.<token>`.
logging.getLogger("aiohttp.websocket").setLevel(logging.ERROR)

logger = logging.getLogger("offhook.socket")


class EventSocket:
    """The writing side of an event socket. Its `line` decides what is written when."""

    # Thousands of these may idle.
    __slots__ = ("_grace", "_stalled", "_transport", "code", "device_id", "id", "line", "token_id")

    def __init__(
        self,
        upgrade: Upgrade | ChannelUpgrade,
        *,
        id: str,  # noqa: A002 - the domain's word.
        transport: asyncio.Transport,
    ) -> None:
        self.id = id
        self.device_id = upgrade.device_id if isinstance(upgrade, Upgrade) else None
        """None: the socket of a notification channel."""
        self.token_id = upgrade.token_id
        self.line: Line | None = None
        """None until a frame had to pass one: what is not held up goes to the wire directly."""
        self.code: int | None = None
        """The code it was closed with from this side, or None."""
        self._transport = transport
        self._stalled = False
        self._grace: asyncio.TimerHandle | None = None

    @property
    def is_clear(self) -> bool:
        """Whether a frame without a fault would go out at once, with nothing before it."""
        return self.line is None or self.line.is_clear

    @property
    def backlog(self) -> int:
        """Bytes written that the peer's side has not taken yet."""
        return self._transport.get_write_buffer_size()

    def send(self, frame: bytes) -> bool:
        """Write a frame, unless the socket is closing. True: its reader is too far behind."""
        transport = self._transport
        if self.code is None and not transport.is_closing():
            transport.write(frame)
        return transport.get_write_buffer_size() > HIGH_WATER

    def close(self, code: int, reason: str) -> None:
        """Say goodbye and give the peer `CLOSE_GRACE_S` to answer. The first call counts.

        1006 cuts, and so does any code on a stalled link, through which no goodbye would pass.
        """
        if self.code is not None:
            return
        self.code = code
        if code == CUT or self._stalled or self._transport.is_closing():
            reset(self._transport)
            return
        self._transport.write(close_frame(code, reason))
        self._grant_grace()

    def stall(self) -> None:
        """Read nothing more, so that not even a ping is answered: the link is half-open."""
        self._stalled = True
        self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        self._stalled = False
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def finish(self) -> None:
        """The reading side is over: close the transport once its buffer is empty."""
        if self.backlog:
            self._grant_grace()
        elif self._grace is not None:
            self._grace.cancel()
        self._transport.close()

    def _grant_grace(self) -> None:
        if self._grace is None:
            loop = asyncio.get_running_loop()
            self._grace = loop.call_later(CLOSE_GRACE_S, self._transport.abort)


def handshake(upgrade: Upgrade | ChannelUpgrade) -> web.WebSocketResponse:
    """Aiohttp's half of the socket: it answers pings; no compression, no heartbeat of its own."""
    subprotocol = upgrade.subprotocol if isinstance(upgrade, Upgrade) else None
    protocols = () if subprotocol is None else (subprotocol,)
    return web.WebSocketResponse(
        protocols=protocols,
        compress=False,
        autoclose=False,
        max_msg_size=LARGEST_MESSAGE,
        timeout=CLOSE_GRACE_S,
    )


async def read(
    ws: web.WebSocketResponse,
    socket: EventSocket,
    take: Callable[[EventSocket, str | bytes], None],
) -> int:
    """Hand every message to `take` until the socket ends. Returns the code it ended with."""
    try:
        async for message in ws:
            if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                take(socket, message.data)
    except ConnectionError as error:
        # aiohttp answers pings while it reads, and the peer may be gone by then: an end too.
        logger.debug("A peer has gone before its ping was answered: %r", error)
    if socket.code is None and not ws.closed:
        theirs = ws.close_code
        code = WSCloseCode.OK if theirs is None or theirs not in _ECHOED else theirs
        await ws.close(code=code, drain=False)
    socket.finish()
    return socket.code or ws.close_code or CUT
