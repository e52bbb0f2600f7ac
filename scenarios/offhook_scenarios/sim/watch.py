"""Watches for a turn of the loop that does not end: a lock that nobody frees, a circle of its own.

The loop's budgets count turns, so what never comes back from one would be waited for. A timer of
the machine looks from outside: in the main thread, where the system has such a timer, nobody
else uses it, and no debugger is at work, in which a person may well stand still.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from offhook_scenarios.sim.loop import SimLoop

TICK_S = 1.0
"""On the wall."""
TICKS_MAX = 10
"""A machine that was asleep gives one tick when it wakes; many in the same turn are no accident."""
_PATIENCE = 10
"""How many times as long whoever swallows the error is left alone after it."""


class Watch:
    """Counts ticks in which the loop has not turned."""

    def __init__(self, loop: SimLoop, *, tick_s: float = TICK_S) -> None:
        self._loop = loop
        self._tick_s = tick_s
        self._turns = -1
        self._still = 0

    def tick(self) -> None:
        """Raises `EscapeError`, where the program is, once it has stood still for too long."""
        if self._loop.turns != self._turns:
            self._turns, self._still = self._loop.turns, 0
            return
        self._still += 1
        if self._still >= TICKS_MAX:
            length_s = self._still * self._tick_s
            # It is on its way out then, and must not be told of another place meanwhile.
            self._still = -_PATIENCE * TICKS_MAX
            raise self._loop.refuse(
                f"To block the whole loop, here for {length_s:g} s on the wall,"
            )


@contextmanager
def watched(loop: SimLoop, *, tick_s: float = TICK_S) -> Iterator[None]:
    """In here a turn that does not end is ended, if that can be."""
    if not _possible():
        yield
        return
    watch = Watch(loop, tick_s=tick_s)
    before = signal.signal(signal.SIGALRM, lambda _number, _frame: watch.tick())
    signal.setitimer(signal.ITIMER_REAL, tick_s, tick_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _possible() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
        and not _debugged()
    )


def _debugged() -> bool:
    monitoring = getattr(sys, "monitoring", None)  # From Python 3.12 on.
    by_monitoring = monitoring is not None and monitoring.get_tool(monitoring.DEBUGGER_ID)
    return sys.gettrace() is not None or bool(by_monitoring)
