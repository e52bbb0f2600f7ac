"""An attempt to connect: there, and back again."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from offhook_scenarios.sim.connection import Connection, Ends
from offhook_scenarios.sim.path import Path
from offhook_scenarios.sim.trace import Kind, Trace, Way
from offhook_scenarios.sim.transport import SimTransport

if TYPE_CHECKING:
    from offhook_scenarios.sim.listener import Listener
    from offhook_scenarios.sim.loop import SimLoop


class Dial:
    """Takes a round trip, or as long as nobody answers. `send` once, then await `answered`."""

    def __init__(
        self,
        number: int,
        ends: Ends,
        *,
        loop: "SimLoop",
        paths: tuple[Path, Path],
        reach: Callable[["Dial"], "Listener | None"],
        join: Callable[["Dial"], Connection],
        trace: Trace,
    ) -> None:
        self.number = number
        self.ends = ends
        self.paths = paths
        """There, and back."""
        self._loop = loop
        self._reach = reach
        self._join = join
        self._trace = trace
        self._answer: asyncio.Future[Connection] = loop.create_future()
        self._connection: Connection | None = None

    def send(self) -> None:
        """Knock. A silent listener is knocked at again once it has been healed."""
        self._note(Kind.DIAL, Way.UP)
        self._after(self.paths[0], self._knock)

    async def answered(self) -> Connection:
        """The connection. Raises `ConnectionRefusedError`."""
        try:
            return await self._answer
        except asyncio.CancelledError:
            for path, step in zip(self.paths, (self._knock, self._come_back), strict=True):
                path.forget(step)
            if self._connection is not None:
                # The listener has it already, and finds that nobody is there.
                self._connection.up.reset()
            raise

    def open(
        self, factory: Callable[[], asyncio.BaseProtocol], connection: Connection
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """Take the dialling end. Must be called where whoever dials lives."""
        protocol = factory()
        extra: dict[str, Any] = {"peername": self.ends.remote, "sockname": self.ends.local}
        transport = SimTransport(
            protocol,
            loop=self._loop,
            incoming=connection.down,
            outgoing=connection.up,
            extra=extra,
        )
        transport.open()
        return transport, protocol

    def _after(self, path: Path, step: Callable[[], None]) -> None:
        self._loop.call_later(path.conditions.latency_s, step)

    def _knock(self) -> None:
        if self._answer.done():
            return
        if self.paths[0].held:
            self.paths[0].when_open(self._knock)
            return
        try:
            listener = self._reach(self)
        except ConnectionRefusedError as error:
            self._refusal = error
            self._after(self.paths[1], self._come_back)
            return
        if listener is not None:
            self._connection = self._join(self)
            self._note(Kind.ACCEPT, Way.UP)
            listener.accept(self._connection)
            self._after(self.paths[1], self._come_back)

    def _come_back(self) -> None:
        if self._answer.done():
            return
        if self.paths[1].held:
            self.paths[1].when_open(self._come_back)
        elif self._connection is not None:
            self._note(Kind.ACCEPT, Way.DOWN)
            self._answer.set_result(self._connection)
        else:
            self._note(Kind.REFUSED, Way.DOWN)
            self._answer.set_exception(self._refusal)

    def _note(self, kind: Kind, way: Way) -> None:
        self._trace.note(self._loop.time(), kind, self.number, way)
