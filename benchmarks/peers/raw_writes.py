"""A floor: one frame, made once, written to each socket, and nothing else. On uvloop.

    python -m benchmarks.peers.raw_writes SIZE

A burst writes a frame of SIZE bytes to all open WebSockets.
"""

import asyncio
import base64
import hashlib
import json
import sys
from typing import cast

import uvloop
from benchmarks.peers.burst import listen

SIZE = int(sys.argv[1])
FRAME = b"\x81\x7e" + (SIZE - 4).to_bytes(2, "big") + b" " * (SIZE - 4)
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Raw(asyncio.Protocol):
    """A connection, which becomes a socket or presses."""

    everyone: set[asyncio.Transport] = set()  # noqa: RUF012 - all share it.
    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature.
        """The end."""
        self.everyone.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        """One whole request."""
        if b"Sec-WebSocket-Key: " in data:
            key = data.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
            accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())  # noqa: S324 - RFC 6455 §4.2.2.
            self.transport.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
            self.everyone.add(self.transport)
        else:
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def _write() -> None:
    for transport in Raw.everyone:
        transport.write(FRAME)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Raw, "127.0.0.1", 0, backlog=4096)
    told = {
        "port": server.sockets[0].getsockname()[1],
        "token": "t",
        "events": "/",
        "burst": await listen(_write),
    }
    print(json.dumps(told), flush=True)  # noqa: T201 - how the harness finds it.
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
