"""A served org, raw connections to it, and a good client who must be served all the while."""

import asyncio
import re
from collections.abc import AsyncIterator

import msgspec
import pytest

from offhook import DEFAULT, ManualClock, MockServer
from offhook.domain.inputs import OpenDevice

PATIENCE_S = 20.0


class Peer:
    """One raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self) -> tuple[int, bytes]:
        """Status and body of the next answer."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        size = re.search(rb"Content-Length: (\d+)", head)
        body = await self.reader.readexactly(int(size[1])) if size else b""
        return int(head.split()[1]), body

    async def rest(self) -> bytes:
        """Everything until the end of the connection."""
        data = b""
        try:
            while piece := await asyncio.wait_for(self.reader.read(65_536), PATIENCE_S):
                data += piece
        except ConnectionError:
            pass  # A reset is an end too.
        return data


class House:
    """The server, and what its visitors need."""

    def __init__(self, server: MockServer) -> None:
        self.server = server
        self.token = server.token()
        self.user_id = server.org.users()[0].id
        self.device_id = server.receive(OpenDevice(user_id=self.user_id, name="default")).id
        self.path = f"/api/v2/webrtc/clients/{self.device_id}"
        self.peers: list[Peer] = []

    async def peer(self) -> Peer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        self.peers.append(Peer(reader, writer))
        return self.peers[-1]

    def request(self, line: str, *fields: str, body: bytes = b"") -> bytes:
        sized = (f"Content-Length: {len(body)}", "Content-Type: application/json") if body else ()
        head = [f"{line} HTTP/1.1", "Host: mock", f"Authorization: Bearer {self.token}"]
        return "\r\n".join([*head, *fields, *sized, "", ""]).encode() + body

    async def ask(self, line: str, *fields: str, body: bytes = b"") -> tuple[int, bytes]:
        """A good client's request, on a connection of its own."""
        peer = await self.peer()
        peer.send(self.request(line, *fields, body=body))
        try:
            return await peer.answer()
        finally:
            peer.writer.close()

    async def is_well(self) -> None:
        """Others are served, and nothing broke inside."""
        status, _ = await self.ask(f"GET {self.path}")
        assert status == 200
        assert self.server.errors == ()

    def handshake(self, *fields: str, path: str | None = None) -> bytes:
        """What asks for an event socket."""
        where = path or f"{self.path}/events?role=observer"
        return self.request(
            f"GET {where}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            *fields,
        )

    async def socket(self, *fields: str, path: str | None = None) -> Peer:
        """An event socket, past its handshake."""
        peer = await self.peer()
        peer.send(self.handshake(*fields, path=path))
        head = await asyncio.wait_for(peer.reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        assert head.startswith(b"HTTP/1.1 101")
        assert b"permessage-deflate" not in head
        return peer


@pytest.fixture
async def house() -> AsyncIterator[House]:
    limits = ("rate_per_token", "rate_per_user", "rate_per_user_and_client")
    plenty: dict[str, object] = dict.fromkeys(limits, 10**9)
    settings = msgspec.structs.replace(DEFAULT, policies=DEFAULT.policies.changed(plenty))
    async with MockServer(settings, seed=1, clock=ManualClock()) as server:
        made = House(server)
        await server.advance(DEFAULT.policies.connect_delay_s)
        yield made
        for peer in made.peers:
            peer.writer.transport.abort()
        assert server.errors == (), "something broke inside the mock"


def frame(payload: bytes, *, opcode: int = 1, fin: bool = True, reserved: int = 0) -> bytes:
    """A masked frame (RFC 6455 §5.2), its mask all zeros."""
    first = (0x80 if fin else 0) | reserved | opcode
    size = len(payload)
    if size <= 125:
        head = bytes((first, 0x80 | size))
    elif size <= 0xFFFF:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


async def close_code(peer: Peer) -> int | None:
    """The code of the close frame that ends the stream; None: it was cut."""
    data = await peer.rest()
    at = 0
    while at + 2 <= len(data):
        size = data[at + 1] & 0x7F
        start = at + 2
        if size == 126:
            size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
        elif size == 127:
            size, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
        if data[at] & 0x0F == 8:
            return int.from_bytes(data[start : start + 2], "big")
        at = start + size
    return None
