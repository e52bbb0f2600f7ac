"""Where a desk dials, on loopback: open, refusing, or silent as if every SYN were lost.

The port is the desk's for as long as it plays: a second socket is bound to it and never listens,
so that nobody else gets the port while the door refuses. A silent door is a listener whose queue
is full, to which the kernel of Linux and others does not answer.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable

from offhook_scenarios.sim.listener import Door

LOOPBACK = "127.0.0.1"
_QUEUE = 128
_STUFFING = 3
"""More connections than a listener with a queue of none takes."""


class DeskDoor:
    """Must be made on the running loop, which must be able to watch sockets."""

    def __init__(self, accept: Callable[[socket.socket], None]) -> None:
        self._accept = accept
        self._loop = asyncio.get_running_loop()
        self._place = _bound(0)
        self.port: int = self._place.getsockname()[1]
        self._listening: socket.socket | None = None
        self._stuffing: list[socket.socket] = []
        self.door = Door.REFUSING

    def set(self, door: Door) -> None:
        """Whoever dials from now on finds this."""
        if door is self.door:
            return
        self._shut()
        self.door = door
        if door is Door.OPEN:
            self._listening = _bound(self.port)
            self._listening.listen(_QUEUE)
            self._loop.add_reader(self._listening.fileno(), self._take)
        elif door is Door.SILENT:
            self._listening = _bound(self.port)
            self._listening.listen(0)
            self._stuff()

    def close(self) -> None:
        """The port is anybody's."""
        self._shut()
        self._place.close()

    def _stuff(self) -> None:
        for _ in range(_STUFFING):
            waiting = socket.socket()
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect((LOOPBACK, self.port))
            self._stuffing.append(waiting)

    def _shut(self) -> None:
        for waiting in self._stuffing:
            waiting.close()
        self._stuffing.clear()
        if self._listening is not None:
            if self.door is Door.OPEN:
                self._loop.remove_reader(self._listening.fileno())
            self._listening.close()
            self._listening = None
        self.door = Door.REFUSING

    def _take(self) -> None:
        assert self._listening is not None, "somebody knocked at it"
        while True:
            try:
                taken, _ = self._listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            taken.setblocking(False)
            self._accept(taken)


def _bound(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "SO_REUSEPORT"):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((LOOPBACK, port))
    return sock
