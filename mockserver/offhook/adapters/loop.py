"""An event loop whose clock runs `speed` times as fast as the wall's.

Meant for a server and clients that share it: whoever asks `loop.time()` sees minutes where
the wall sees seconds. A client on a clock of its own would take it for a broken server.
"""

import asyncio
import selectors
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

FASTEST = 100.0
"""Beyond this the loop's own work, some 100 µs a turn, is no longer small against the time."""


class _HastySelector(selectors.DefaultSelector):
    """Waits `speed` times as short as it is asked to."""

    speed = 1.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout if timeout is None else timeout / self.speed)


class FastLoop(asyncio.SelectorEventLoop):
    """The stock selector loop, its `time()` running `speed` times as fast."""

    def __init__(self, speed: float) -> None:
        selector = _HastySelector()
        selector.speed = speed
        super().__init__(selector)
        self.speed = speed

    def time(self) -> float:
        """Seconds on the loop's clock. Its zero means nothing, as on every loop."""
        return super().time() * self.speed


def loop_factory(speed: float) -> Callable[[], asyncio.AbstractEventLoop]:
    """For `asyncio.Runner(loop_factory=…)`: the stock loop at speed 1, else a fast one."""
    if not 1 <= speed <= FASTEST:
        raise ValueError(f"speed is {speed:g}; it must be from 1 to {FASTEST:g}.")
    if speed == 1:
        return asyncio.new_event_loop
    return lambda: FastLoop(speed)


def serving_loop(speed: float) -> Callable[[], asyncio.AbstractEventLoop]:
    """The loop of `offhook serve`: uvloop's where `offhook[speed]` is installed, at speed 1."""
    if speed == 1 and find_spec("uvloop") is not None:
        factory: Callable[[], asyncio.AbstractEventLoop] = import_module("uvloop").new_event_loop
        return factory
    return loop_factory(speed)
