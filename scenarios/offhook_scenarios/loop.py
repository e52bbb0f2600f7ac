"""An event loop whose clock runs fast, and waits for a machine that is slow.

A plain fast loop makes a busy machine look like a broken network: stand still for a tenth of a
second, and at twenty times the speed every timeout below two seconds fires. Here the clock
passes a timer only by what the loop itself was at work, and a turn of work counts for at most
`TURN_S`. What the machine spends elsewhere makes a run longer, and changes nothing in it.

Sound only as long as everybody who is waited for lives on this loop.
"""

import asyncio
import selectors
import time
from collections.abc import Callable

FASTEST = 100.0
TURN_S = 0.005
"""The most of the wall's time that one turn of the loop's own work counts for."""


class _PatientSelector(selectors.DefaultSelector):
    """Waits `speed` times as short as asked to, and tells the loop how long that was."""

    loop: "PatientLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        at, before, speed = self.loop.time(), time.monotonic(), self.loop.speed
        events = super().select(timeout if timeout is None else timeout / speed)
        waited = (time.monotonic() - before) * speed
        self.loop.begin_turn(at + (waited if timeout is None else min(waited, max(timeout, 0.0))))
        return events


class PatientLoop(asyncio.SelectorEventLoop):
    """The stock selector loop on a fast and patient clock, `speed` from 1 to 100."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._turn_began = time.monotonic()
        self._turn_began_at = 0.0
        selector = _PatientSelector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        """Seconds on the loop's clock, from 0."""
        worked = min(time.monotonic() - self._turn_began, TURN_S)
        return self._turn_began_at + worked * self.speed

    def begin_turn(self, at: float) -> None:
        """The selector has returned: work begins, and the clock shows `at`."""
        self._turn_began, self._turn_began_at = time.monotonic(), at


def loop_factory(speed: float) -> Callable[[], asyncio.AbstractEventLoop]:
    """For `asyncio.Runner(loop_factory=…)`. Raises `ValueError` for a speed out of range."""
    if not 1 <= speed <= FASTEST:
        raise ValueError(f"speed is {speed:g}; it must be from 1 to {FASTEST:g}.")
    return lambda: PatientLoop(speed)
