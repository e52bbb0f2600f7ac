"""A client that dials the harness over a WebSocket. One connection is one run of it.

For browsers and programs with windows, which have no standard streams and cannot listen.
"""

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from functools import partial

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from offhook_scenarios.adapters.link import Link, LinkError, OpenLink, Receiver
from offhook_scenarios.adapters.messages import LINE_MAX
from offhook_scenarios.adapters.stdio import VARIABLE, Process, program

LOOPBACK = "127.0.0.1"
_BUSY = CloseCode.TRY_AGAIN_LATER
_GOODBYE_S = 1.0
"""How long a client may take to say goodbye."""


def listening(port: int = 0) -> socket.socket:
    """A socket of loopback that clients may dial from now on. Raises `LinkError`."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise LinkError(f"Cannot listen on {LOOPBACK}:{port}: {error.strerror}.") from error


def address(door: socket.socket) -> str:
    """Where to dial it."""
    return f"ws://{LOOPBACK}:{door.getsockname()[1]}/"


def awaited(door: socket.socket) -> OpenLink:
    """Links to whoever dials `door`, one after the other. The door stays the caller's."""
    return partial(_open, door, None)


def started(command: Sequence[str]) -> OpenLink:
    """Links to processes of this command, each of which dials a door of its own.

    Raises `LinkError` when there is no such program.
    """
    return partial(_open, None, program(command))


async def _open(
    door: socket.socket | None, command: Sequence[str] | None, receiver: Receiver
) -> Link:
    link = Dialled(receiver)
    try:
        await link.open(listening() if door is None else door.dup(), command)
    except BaseException:
        await link.close()
        raise
    return link


class Dialled:
    """A link over the first WebSocket that is opened; others hear that it is taken."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._process: Process | None = None
        self._server: Server | None = None
        self._there: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()
        self._sending = set[asyncio.Task[None]]()
        self._over = False

    async def open(self, door: socket.socket, command: Sequence[str] | None) -> None:
        """Listen on `door`, which is the link's from now on, and wait until somebody dials."""
        self._server = await serve(
            self._serve,
            sock=door,
            max_size=LINE_MAX,
            compression=None,
            ping_interval=None,
            close_timeout=_GOODBYE_S,
        )
        if command is not None:
            self._process = Process(_Logger(self))
            await self._process.start(command, {VARIABLE: address(door)}, speaks=False)
        await self._there

    def send(self, line: bytes) -> None:
        """A text frame."""
        task = asyncio.create_task(self._send(line))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """The connection, the door, the process."""
        self.end("was ended")
        if not self._there.done():
            self._there.cancel()
        elif not self._there.cancelled() and self._there.exception() is None:
            await self._there.result().close()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        if self._process is not None:
            await self._process.close()

    def note(self, line: bytes) -> None:
        """What the process wrote."""
        if not self._over:
            self._receiver.noted(line)

    def end(self, how: str) -> None:
        """The client is gone."""
        if not self._over:
            self._over = True
            if not self._there.done():
                self._there.set_exception(LinkError(f"The client {how} before it had dialled."))
            self._receiver.ended(how)

    async def _send(self, line: bytes) -> None:
        with contextlib.suppress(ConnectionClosed):
            await self._there.result().send(line.decode())

    async def _serve(self, connection: ServerConnection) -> None:
        assert self._server is not None, "it is served"
        if self._there.done():
            await connection.close(_BUSY, "another client was first")
            return
        self._there.set_result(connection)
        # Whoever dials now waits at the door for the next link.
        self._server.close(close_connections=False)
        how = "closed its WebSocket"
        try:
            async for frame in connection:
                line = frame.encode() if isinstance(frame, str) else frame
                for part in line.splitlines():
                    if not self._over:
                        self._receiver.heard(part)
        except ConnectionClosed as error:
            if error.sent is not None and error.sent.code == CloseCode.MESSAGE_TOO_BIG:
                how = f"sent a frame of more than {LINE_MAX} bytes"
            elif error.rcvd is None:
                how = "lost its WebSocket without a goodbye"
        self.end(how)


class _Logger:
    """The receiver of a process that speaks over a WebSocket."""

    def __init__(self, link: Dialled) -> None:
        self._link = link

    def heard(self, line: bytes) -> None:
        self._link.note(line)

    def noted(self, line: bytes) -> None:
        self._link.note(line)

    def ended(self, how: str) -> None:
        """A program that starts another one may end well before that one dials."""
        if how != "ended with exit code 0":
            self._link.end(how)
