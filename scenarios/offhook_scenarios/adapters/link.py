"""A link: what carries lines between the harness and one client. Two kinds are there.

`stdio` starts a process and speaks over its standard streams; `dialled` waits for a client that
dials a WebSocket.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from offhook.server import SurroundingsError


class LinkError(SurroundingsError):
    """There is no link to a client: a command exits with 3. The message says why."""


class Receiver(Protocol):
    """Who hears what comes over a link. Called on the loop that opened it; must not raise."""

    def heard(self, line: bytes) -> None:
        """A line or a frame of the client."""

    def noted(self, line: bytes) -> None:
        """A line that can only be log."""

    def ended(self, how: str) -> None:
        """The client is gone, and this is how. Called once, and nothing is heard after it."""


class Link(Protocol):
    """An open link."""

    def send(self, line: bytes) -> None:
        """Send a line, without its end. To a client that is gone it goes nowhere."""

    async def close(self) -> None:
        """Free everything; a process that still runs is killed. Never raises. Twice is once."""


OpenLink = Callable[[Receiver], Coroutine[Any, Any, Link]]
"""Opens a link to a new run of the client. Raises `LinkError`."""
