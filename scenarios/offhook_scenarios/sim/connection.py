"""A connection: two pipes, two ends, and what can befall both."""

import asyncio
import random
from collections.abc import Callable, Sequence

import msgspec

from offhook_scenarios.sim.path import Path
from offhook_scenarios.sim.pipe import Pipe, Route
from offhook_scenarios.sim.tap import Action, Sending
from offhook_scenarios.sim.trace import Kind, Trace, Way
from offhook_scenarios.sim.watcher import Watcher

Address = tuple[str, int]


class Ends(msgspec.Struct, frozen=True, kw_only=True):
    """Who speaks with whom."""

    dialler: str
    listener: str
    """The names of the hosts."""
    local: Address
    remote: Address
    """As the dialler sees them."""


class Connection:
    """Made by the network, which numbers them from 1 as they are dialled."""

    def __init__(
        self,
        number: int,
        ends: Ends,
        *,
        loop: asyncio.AbstractEventLoop,
        paths: tuple[Path, Path],
        taps: Sequence[Callable[[Sending], Action | None]],
        watchers: Sequence[Watcher],
        chance: Callable[[], random.Random],
        trace: Trace,
    ) -> None:
        self.number = number
        self.ends = ends
        self._loop = loop
        self._trace = trace
        self._chance = chance
        self._rng: random.Random | None = None
        self.up, self.down = (
            Pipe(
                Route(
                    connection=number,
                    way=way,
                    port=ends.remote[1],
                    path=path,
                    taps=taps,
                    watchers=watchers,
                ),
                loop=loop,
                chance=self._stream,
                trace=trace,
                broken=self._broken[way],
            )
            for way, path in zip(Way, paths, strict=True)
        )

    def _stream(self) -> random.Random:
        """Made when it is first drawn from: without jitter nothing is left to chance."""
        if self._rng is None:
            self._rng = self._chance()
        return self._rng

    @property
    def _broken(self) -> tuple[Callable[[], None], Callable[[], None]]:
        return lambda: self._fail(Way.UP), lambda: self._fail(Way.DOWN)

    @property
    def is_open(self) -> bool:
        """Whether either end still has it."""
        ends = (self.up.sender, self.down.sender)
        return any(end is not None and not end.is_closing() for end in ends)

    def reset(self) -> None:
        """Both sides find it reset, now; what is under way is lost.

        A side that has not taken its end yet finds it reset as soon as it does.
        """
        for way in Way:
            self._note(Kind.RESET, way)
            self._fail(way)
        for mine, other in ((self.up, self.down), (self.down, self.up)):
            mine.clear()
            if other.sender is None:
                mine.reset()

    def cut(self, *, tells_dialler: bool, tells_listener: bool, in_order: bool) -> None:
        """It ends for one side or both; who is told nothing finds out when it next speaks.

        In order: what is under way still arrives, and then an end.
        """
        if in_order:
            if tells_listener:
                self.finish(Way.UP)
            if tells_dialler:
                self.finish(Way.DOWN)
        elif tells_dialler and tells_listener:
            self.reset()
        else:
            self.forget(Way.UP if tells_dialler else Way.DOWN)

    def pipe(self, way: Way) -> Pipe:
        """The one of this direction."""
        return self.up if way is Way.UP else self.down

    def finish(self, way: Way) -> None:
        """Whoever receives this way is told of an orderly end, after what is under way.

        Whoever sends it is told nothing; what it still says is lost.
        """
        self.pipe(way).finish()

    def forget(self, way: Way) -> None:
        """The side that sends `way` has no memory of it, and tells nobody.

        The other side finds out when it says something: it is answered with a reset.
        """
        self.pipe(way).clear()
        self._fail(way)

    def hold(self) -> None:
        """Nothing arrives any more, either way: half-open, until `release`."""
        self.up.hold()
        self.down.hold()

    def release(self) -> None:
        """Let arrive what was held."""
        self.up.release()
        self.down.release()

    def hurry(self) -> None:
        """Let arrive what is under way as soon as it would without delays."""
        self.up.hurry()
        self.down.hurry()

    def _fail(self, way: Way) -> None:
        """The end that sends this way finds the connection reset."""
        end = self.pipe(way).sender
        if end is not None:
            end.fail(ConnectionResetError(104, "Connection reset by peer"))

    def _note(self, kind: Kind, way: Way) -> None:
        self._trace.note(self._loop.time(), kind, self.number, way)
