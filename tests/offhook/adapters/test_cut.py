"""A reset is seen as one by the peer."""

import asyncio

import pytest

from offhook.adapters.cut import reset


async def test_the_peer_gets_a_reset_and_none_of_what_was_buffered() -> None:
    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x" * 50_000_000)
        transport = writer.transport
        assert isinstance(transport, asyncio.Transport)
        reset(transport)

    async with await asyncio.start_server(serve, "127.0.0.1") as server:
        host, port = server.sockets[0].getsockname()
        reader, writer = await asyncio.open_connection(host, port)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()


class InMemory(asyncio.Transport):
    """A transport without a socket."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = 0

    def is_closing(self) -> bool:
        return self.aborted > 0

    def abort(self) -> None:
        self.aborted += 1


def test_a_transport_without_a_socket_is_aborted_once() -> None:
    transport = InMemory()
    reset(transport)
    reset(transport)
    assert transport.aborted == 1


def test_a_connection_that_is_gone_is_left_alone() -> None:
    reset(None)
