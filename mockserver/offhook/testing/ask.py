"""How a handle reaches its server, wherever that runs."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from offhook.server import MockServer

T = TypeVar("T")


class Ask(Protocol):
    """Calls a question with the server, where the server runs, and returns the answer."""

    def __call__(self, question: Callable[[MockServer], T], /) -> T:
        """The answer must be a value: nothing that changes with the server."""
        ...
