"""WebSockets by the thousand in one process, which only count bytes: the server is what limits."""

import base64
import os
import select
import socket
from http.client import HTTPConnection

from benchmarks.peers.harness import PATIENCE_S, Server

OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
_HEAD = 4
"""Bytes before what a frame of 126 bytes to 64 KiB says (RFC 6455 §5.2)."""


def _size(stream: bytearray, at: int) -> int:
    """Of the frame that begins there, in bytes."""
    return _HEAD + int.from_bytes(stream[at + 2 : at + _HEAD], "big")


class Fleet:
    """So many open sockets to `path`. Close them in the end."""

    def __init__(self, server: Server, path: str, count: int, *, offer: bool = False) -> None:
        """Open them. `offer`: each offers to compress."""
        self.sockets: list[socket.socket] = []
        self._poll = select.epoll()
        self._buffer = bytearray(1 << 20)
        for _ in range(count):
            self.sockets.append(_shaken(server, path, OFFER if offer else ""))
        for each in self.sockets:
            each.setblocking(False)
            self._poll.register(each, select.EPOLLIN)
        self._by_fd = {each.fileno(): each for each in self.sockets}

    def settle(self) -> None:
        """Take all that has come and comes within a tenth of a second."""
        while ready := self._poll.poll(0.1):
            for fd, _ in ready:
                assert self._by_fd[fd].recv_into(self._buffer), "the server closed a socket"

    def hear(self, frames: int) -> int:
        """Wait until each has received so many frames, the same for all; the size of the last."""
        first, stream, size = self.sockets[0].fileno(), bytearray(), 0
        at = taken = heard = 0
        while heard < frames or taken < at * len(self.sockets):
            ready = self._poll.poll(PATIENCE_S)
            assert ready, f"{heard} of {frames} frames came, and {taken} bytes in all"
            for fd, _ in ready:
                came = self._by_fd[fd].recv_into(self._buffer)
                taken += came
                if fd == first:
                    stream += self._buffer[:came]
            while len(stream) >= at + _HEAD and len(stream) >= at + (size := _size(stream, at)):
                at, heard = at + size, heard + 1
        assert (heard, taken) == (frames, at * len(self.sockets)), "more came than was expected"
        return size

    def close(self) -> None:
        """Leave without a goodbye."""
        self._poll.close()
        for each in self.sockets:
            each.close()


def _shaken(server: Server, path: str, more: str) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", server.at["port"]), PATIENCE_S)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    key = base64.b64encode(os.urandom(16)).decode()
    made.sendall(
        f"GET {path} HTTP/1.1\r\nHost: m\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Authorization: Bearer {server.at['token']}\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n{more}\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = made.recv(1)
        assert byte, f"no socket: {head!r}"
        head += byte
    assert head.startswith(b"HTTP/1.1 101"), head
    return made


class Presser:
    """Presses mute on one connection that stays, by turns on and off: each press is an event."""

    def __init__(self, server: Server) -> None:
        self._to = HTTPConnection("127.0.0.1", server.at["port"], timeout=PATIENCE_S)
        self._to.connect()
        self._socket = self._to.sock
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._bodies = [_press(server, muted=True), _press(server, muted=False)]

    def press(self) -> None:
        """Send it; the answer is not waited for."""
        self._socket.sendall(self._bodies[0])
        self._bodies.reverse()

    def answered(self) -> None:
        """Wait for the answer, which has no body."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._socket.recv(4096)
        assert head.startswith(b"HTTP/1.1 204"), head

    def close(self) -> None:
        """Leave."""
        self._to.close()


def _press(server: Server, *, muted: bool) -> bytes:
    body = b'{"muted":true}' if muted else b'{"muted":false}'
    head = (
        f"POST {server.at['path']}/mute HTTP/1.1\r\nHost: m\r\n"
        f"Authorization: Bearer {server.at['token']}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
