"""Cutting a connection so that the peer sees it at once."""

import asyncio
import socket
import struct

_LINGER_NOT = struct.pack("ii", 1, 0)


def reset(transport: asyncio.Transport | None) -> None:
    """Reset a connection: what is still buffered is thrown away.

    With a real socket the peer gets a TCP RST instead of an orderly end (RFC 9293 §3.10.5);
    in-memory transports are aborted. A connection that is gone already is left alone.
    """
    if transport is None or transport.is_closing():
        return
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    transport.abort()
