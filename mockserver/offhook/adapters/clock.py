"""An org's clocks: one that runs with the loop, and one that stands until it is advanced.

Both tell seconds since the Unix epoch and never go back. A clock wakes nobody: that is the
pump's task, which asks `loop_time` when to be woken.
"""

import asyncio
import time
from typing import Literal, Protocol

from offhook.tenancy import ClockControl

MANUAL_START = 1_767_225_600.0
"""Where a manual clock stands unless told otherwise: 2026-01-01T00:00:00Z."""


class Clock(ClockControl, Protocol):
    """What the shell needs of a clock, besides what the control API may ask of it."""

    def move_to(self, at: float) -> None:
        """Jump forward to `at`; a clock that is there already stays."""

    def loop_time(self, at: float) -> float | None:
        """What the loop's clock shows when this one shows `at`; None while it stands."""


class SystemClock:
    """The running loop's clock, anchored once to `epoch` (the wall's time when None).

    On a simulated loop it is virtual, on a `FastLoop` fast. Must be made on a running loop.
    """

    mode: Literal["system"] = "system"

    def __init__(self, *, epoch: float | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        anchor = time.time() if epoch is None else epoch
        self._offset_s = anchor - self._loop.time()
        self._stands_at: float | None = None
        self.speed = float(getattr(self._loop, "speed", 1.0))

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self._stands_at is not None

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        if self._stands_at is not None:
            return self._stands_at
        return self._loop.time() + self._offset_s

    def pause(self) -> None:
        """Stand still; pausing twice is once."""
        self._stands_at = self.now()

    def resume(self) -> None:
        """Go on from where it stands, however long that was."""
        if self._stands_at is not None:
            self._offset_s = self._stands_at - self._loop.time()
            self._stands_at = None

    def move_to(self, at: float) -> None:
        """Jump forward, also while it stands."""
        if self._stands_at is not None:
            self._stands_at = max(self._stands_at, at)
        else:
            self._offset_s += max(0.0, at - self.now())

    def loop_time(self, at: float) -> float | None:
        """What the loop's clock shows then; None while it stands still."""
        return None if self.paused else at - self._offset_s


class ManualClock:
    """Stands still: only `MockServer.advance` moves it. Pausing it changes nothing."""

    mode: Literal["manual"] = "manual"
    speed = 1.0
    paused = False

    def __init__(self, at: float = MANUAL_START) -> None:
        self._at = at

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return self._at

    def pause(self) -> None:
        """It stands already."""

    def resume(self) -> None:
        """It goes on when it is advanced."""

    def move_to(self, at: float) -> None:
        """Jump forward."""
        self._at = max(self._at, at)

    def loop_time(self, at: float) -> float | None:  # noqa: ARG002 - the Protocol's signature.
        """Never by itself."""
        return None
