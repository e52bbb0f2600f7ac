"""Whoever wants to know what each end of a connection was really told, without touching it.

A tap sees what is sent; a watcher sees what was handed over, which is what somebody can be held
to. The trace sees it too, and keeps no bytes.
"""

from typing import Protocol

from offhook_scenarios.sim.trace import Way


class Watcher(Protocol):
    """Told by the network, at the moment itself. It must change nothing, nor raise."""

    def dialled(self, connection: int, host: str) -> None:
        """`host` tries to connect."""

    def wrote(self, connection: int, way: Way, data: bytes) -> None:
        """The end that sends this way has handed these bytes to the network."""

    def delivered(self, connection: int, way: Way, data: bytes) -> None:
        """The end that reads this way has been handed these bytes."""

    def ended(self, connection: int, way: Way) -> None:
        """The end that reads this way has let go of the connection: it hears nothing more."""
