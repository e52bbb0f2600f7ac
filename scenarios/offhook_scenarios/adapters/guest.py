"""A guest: a client that is not ours, in whatever language, on a clock of its own.

An adapter like any other, which also says who it is, and whose log is kept.
"""

from collections.abc import Callable
from typing import Protocol

from offhook_scenarios.adapters.adapter import Adapter
from offhook_scenarios.adapters.client_log import ClientLog
from offhook_scenarios.adapters.messages import Hello


class Guest(Adapter, Protocol):
    """A client outside this process."""

    @property
    def log(self) -> ClientLog:
        """What it logs, its last lines."""

    @property
    def broke(self) -> str | None:
        """How it broke in the middle of a session; None when it did not. A finding."""

    async def greet(self) -> Hello:
        """Bring it up, before `start`, and hear who it is. Raises `LinkError`."""


MakeGuest = Callable[[int], Guest]
"""From a seed to a guest that has not been started."""
