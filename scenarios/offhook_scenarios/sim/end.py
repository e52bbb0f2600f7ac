"""One end of a connection, as the two pipes between the ends need it.

`offhook_scenarios.sim.transport` is one, in memory; others may stand before a real socket.
"""

from contextvars import Context
from typing import Protocol


class End(Protocol):
    """Reads from one pipe and writes into the other."""

    deaf: bool
    """Nobody will ever read here again: what still comes is answered with a reset."""

    @property
    def context(self) -> Context:
        """Where it is to be told that something has arrived."""

    @property
    def is_waiting(self) -> bool:
        """Whether what comes must wait in front of the door."""

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""

    def received(self, data: bytes) -> None:
        """Bytes have arrived."""

    def ended(self, *, reset: bool) -> None:
        """The peer has ended its side, or the connection is reset."""

    def spoken_to(self) -> None:
        """Bytes have come although nobody reads here any more."""

    def drained(self) -> None:
        """There is less to send than before."""

    def fail(self, error: OSError | None) -> None:
        """The connection is gone, and nothing more is sent; `error` is why, as asyncio says it."""
