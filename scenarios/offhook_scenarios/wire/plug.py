"""One end of a proxied connection: a real socket at one side, two simulated pipes at the other.

desk ══socket══ Plug ──up──▶ Plug ══socket══ server
◀─down──
"""

import asyncio
import contextlib
import contextvars

from offhook.adapters.cut import reset
from offhook_scenarios.sim.pipe import WINDOW_BYTES, Pipe


class Plug(asyncio.Protocol):
    """Hands what the socket says to one pipe, and says what comes out of the other."""

    def __init__(self, *, incoming: Pipe, outgoing: Pipe) -> None:
        self.context = contextvars.copy_context()
        self.deaf = False
        self._in, self._out = incoming, outgoing
        self._transport: asyncio.Transport | None = None
        self._writing_paused = False
        self._reading_paused = False
        self._said_end = self._heard_end = False
        outgoing.sender = self

    # What the socket tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The pipe may be read."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self.deaf:
            reset(transport)
        else:
            self._in.attach(self)

    def data_received(self, data: bytes) -> None:
        """Into the pipe, which may be full."""
        self._out.send(data)
        if self._out.unsent_bytes > WINDOW_BYTES and not self._reading_paused:
            assert self._transport is not None, "it has spoken"
            self._reading_paused = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """The peer has ended its side; the other goes on."""
        self._heard_end = True
        self._out.finish()
        self._close_if_over()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """A socket that broke is a reset for the other side."""
        if self.deaf:
            return
        self.deaf = True
        if exc is not None or not self._heard_end:
            self._out.reset()
        self._in.forsake()

    def pause_writing(self) -> None:
        """The peer reads slowly: what comes must wait."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """It may come."""
        self._writing_paused = False
        self._in.wake()

    # What the pipes ask and tell.

    @property
    def has_socket(self) -> bool:
        """Whether a socket has ever been there."""
        return self._transport is not None

    @property
    def is_waiting(self) -> bool:
        """Whether the peer reads too slowly."""
        return self._writing_paused and not self.deaf

    def is_closing(self) -> bool:
        """Whether the peer has let go of it."""
        return self.deaf or self._heard_end

    def received(self, data: bytes) -> None:
        """To the peer."""
        if self._transport is not None and not self._said_end:
            self._transport.write(data)

    def ended(self, *, reset: bool) -> None:
        """To the peer: an end, or a reset."""
        if reset:
            self.fail(None)
        elif self._transport is not None and not self._said_end and not self.deaf:
            self._said_end = True
            with contextlib.suppress(OSError):  # It may be gone already.
                self._transport.write_eof()
            self._close_if_over()

    def spoken_to(self) -> None:
        """Nobody is there."""
        self._out.reset()

    def drained(self) -> None:
        """The pipe has room again."""
        if self._out.unsent_bytes > WINDOW_BYTES // 4 or self.deaf:
            return
        if self._reading_paused and self._transport is not None:
            self._reading_paused = False
            self._transport.resume_reading()

    def fail(self, error: OSError | None) -> None:  # noqa: ARG002 - a peer is told by its own kernel.
        """The peer finds the connection reset."""
        self._out.stop()
        self._let_go()

    def _close_if_over(self) -> None:
        if self._said_end and self._heard_end and self._transport is not None:
            self._transport.close()

    def _let_go(self) -> None:
        if self.deaf:
            return
        self.deaf = True
        reset(self._transport)
        self._in.forsake()
