"""Who listens on a host, and whether he answers."""

import asyncio
import contextvars
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Self

from offhook_scenarios.sim.connection import Address, Connection
from offhook_scenarios.sim.transport import SimTransport

if TYPE_CHECKING:
    from offhook_scenarios.sim.loop import SimLoop

Factory = Callable[[], asyncio.BaseProtocol]

ANYWHERE = "0.0.0.0"  # noqa: S104 - a name in a simulation.
"""The address of who listens on all addresses of its host."""


class Door(Enum):
    """What somebody who dials finds."""

    OPEN = auto()
    REFUSING = auto()
    SILENT = auto()
    """No answer at all, until the network is healed."""


class ListeningSocket:
    """What is asked of a server's socket, and nothing else."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def getsockname(self) -> Address:
        """Where it listens."""
        return self._address


class Listener(asyncio.AbstractServer):
    """A server as asyncio gives it. Its protocols live where it was started."""

    def __init__(
        self,
        factory: Factory,
        *,
        loop: "SimLoop",
        address: Address,
        context: contextvars.Context,
        closed: Callable[[], object],
    ) -> None:
        self.door = Door.OPEN
        self.address = address
        self._factory = factory
        self._loop = loop
        self._context = context
        self._closed = closed
        self._open = True

    @property
    def sockets(self) -> tuple[ListeningSocket, ...]:
        """One while it listens."""
        return (ListeningSocket(self.address),) if self._open else ()

    def is_at(self, address: str) -> bool:
        """Whether it listens on this address of its host."""
        return self.address[0] in {ANYWHERE, address}

    def accept(self, connection: Connection) -> None:
        """Take the listening end of a connection."""
        self._context.copy().run(self._take, connection)

    def _take(self, connection: Connection) -> None:
        extra: dict[str, Any] = {
            "peername": connection.ends.local,
            "sockname": connection.ends.remote,
        }
        SimTransport(
            self._factory(),
            loop=self._loop,
            incoming=connection.up,
            outgoing=connection.down,
            extra=extra,
        ).open()

    def close(self) -> None:
        """Listen no more; connections stay."""
        if self._open:
            self._open = False
            self._closed()

    async def wait_closed(self) -> None:
        """It is closed as soon as it is told."""

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Where it listens."""
        return self._loop

    def is_serving(self) -> bool:
        """Whether it listens."""
        return self._open

    async def start_serving(self) -> None:
        """It does from the start."""

    async def serve_forever(self) -> None:
        """Until cancelled; then it is closed."""
        try:
            await self._loop.create_future()
        finally:
            self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
