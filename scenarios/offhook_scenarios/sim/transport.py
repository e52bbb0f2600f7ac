"""A transport as asyncio's protocols know it, over two pipes instead of a socket."""

import asyncio
import contextvars
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from offhook_scenarios.sim.pipe import Pipe

if TYPE_CHECKING:
    from offhook_scenarios.sim.loop import SimLoop

HIGH_WATER_BYTES = 65_536
"""asyncio's own default: more backlog than this pauses the writing protocol."""


class SimTransport(asyncio.Transport):
    """One end of a connection. It lives in the context of whoever dialled or listens."""

    def __init__(
        self,
        protocol: asyncio.BaseProtocol,
        *,
        loop: "SimLoop",
        incoming: Pipe,
        outgoing: Pipe,
        extra: dict[str, Any],
    ) -> None:
        super().__init__(extra)
        self._loop = loop
        self._protocol = protocol
        self._in, self._out = incoming, outgoing
        self.context = contextvars.copy_context()
        """Where its protocol's callbacks run."""
        self._reading = True
        self.deaf = False
        """Nobody will ever read here again: what still comes is answered with a reset."""
        self._high, self._low = HIGH_WATER_BYTES, HIGH_WATER_BYTES // 4
        self._closing = False
        self._eof = False
        self._write_paused = False
        outgoing.sender = self

    def open(self) -> None:
        """Tell the protocol, and begin to read. Must be called in the transport's context."""
        self._protocol.connection_made(self)
        self._in.attach(self)

    # What the pipes call.

    def received(self, data: bytes) -> None:
        """Bytes have arrived."""
        protocol = self._protocol
        if isinstance(protocol, asyncio.BufferedProtocol):
            _feed(protocol, data)
        else:
            assert isinstance(protocol, asyncio.Protocol)
            protocol.data_received(data)

    def ended(self, *, reset: bool) -> None:
        """The peer has ended its side, or the connection is reset."""
        if reset:
            self.fail(ConnectionResetError(104, "Connection reset by peer"))
        elif not self._closing:
            protocol = self._protocol
            assert isinstance(protocol, asyncio.Protocol | asyncio.BufferedProtocol)
            if not protocol.eof_received():
                self.close()

    def spoken_to(self) -> None:
        """Bytes have come although nobody reads here any more."""
        self._out.reset()

    def drained(self) -> None:
        """There is less to send than before."""
        if self._write_paused and self._out.unsent_bytes <= self._low:
            self._write_paused = False
            self._loop.call_soon(self._protocol.resume_writing, context=self.context)
        if self._closing and not self._out.unsent_bytes:
            self._lose(None)

    def fail(self, error: OSError | None) -> None:
        """The connection is gone, and nothing more is sent; `error` is why, as asyncio says it."""
        self._out.stop()
        self._lose(error)

    # What protocols call.

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes; after the end they are thrown away, as asyncio does."""
        if self._eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        if self._closing or not data:
            return
        if self._in.reset_has_arrived:
            self.fail(BrokenPipeError(32, "Broken pipe"))
            return
        self._out.send(bytes(data))
        if not self._write_paused and self._out.unsent_bytes > self._high:
            self._write_paused = True
            self._protocol.pause_writing()

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """As one write."""
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        """End this side; the other may go on."""
        if not self._eof and not self._closing:
            self._eof = True
            self._out.finish()

    def can_write_eof(self) -> bool:
        """As a TCP connection can."""
        return True

    def close(self) -> None:
        """Send what is left, then end. Nothing more is read."""
        if self._closing:
            return
        self._closing = True
        self._out.finish()
        if not self._out.unsent_bytes:
            self._lose(None)

    def abort(self) -> None:
        """Reset the connection: what is not yet sent is thrown away."""
        self._out.reset()
        self._lose(None)

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""
        return self._closing

    def is_reading(self) -> bool:
        """Whether the protocol wants to be handed bytes."""
        return self._reading and not self._closing

    @property
    def is_waiting(self) -> bool:
        """Whether what comes must wait in front of the door."""
        return not self.deaf and (self._closing or not self._reading)

    def pause_reading(self) -> None:
        """Leave what comes where it is: the window fills, and the peer must wait."""
        self._reading = False

    def resume_reading(self) -> None:
        """Read on."""
        if not self._reading:
            self._reading = True
            self._in.wake()

    def get_write_buffer_size(self) -> int:
        """Bytes that do not fit into the window."""
        return self._out.unsent_bytes

    def get_write_buffer_limits(self) -> tuple[int, int]:
        """Low, high."""
        return self._low, self._high

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """As asyncio's: the default is 64 KiB, and a quarter of it."""
        if high is None:
            high = HIGH_WATER_BYTES if low is None else 4 * low
        low = high // 4 if low is None else low
        if not high >= low >= 0:
            raise ValueError(f"high ({high!r}) must be >= low ({low!r}) must be >= 0")
        self._high, self._low = high, low

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """From now on it speaks to this one."""
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """The one it speaks to."""
        return self._protocol

    def _lose(self, error: OSError | None) -> None:
        self._closing = True
        if not self.deaf:
            self.deaf = True
            self._loop.call_soon(self._protocol.connection_lost, error, context=self.context)
            self._in.forsake()


def _feed(protocol: asyncio.BufferedProtocol, data: bytes) -> None:
    while data:
        buffer = protocol.get_buffer(len(data))
        size = min(len(buffer), len(data))  # type: ignore[arg-type]  # - a buffer has a length.
        memoryview(buffer)[:size] = data[:size]
        protocol.buffer_updated(size)
        data = data[size:]
