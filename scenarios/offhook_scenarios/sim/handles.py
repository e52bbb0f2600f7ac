"""What the simulated loop runs: asyncio's handles, made in one call instead of four.

asyncio asks the loop at each handle, and at each cancelling, whether somebody debugs. In the
simulated loop nobody does, and a session makes a thousand. What a handle does is asyncio's.

The private names that are set here are all that a handle has, in Python 3.11, 3.12 and 3.13
(`tests/offhook_scenarios/sim/test_handles.py` holds them against asyncio's own).
"""

import asyncio
from collections.abc import Callable, Sequence
from contextvars import Context, copy_context
from typing import Any


class SimHandle(asyncio.Handle):
    """Something that is to run as soon as possible."""

    __slots__ = ()

    def __init__(
        self,
        callback: Callable[..., object],
        args: Sequence[Any],
        loop: asyncio.AbstractEventLoop,
        context: Context | None,
    ) -> None:
        self._context = copy_context() if context is None else context
        self._loop = loop
        self._callback = callback
        self._args = args
        self._cancelled = False
        self._repr = self._source_traceback = None


class SimTimer(asyncio.TimerHandle):
    """Something that is to run at `when`. The loop must have it among its timers already."""

    __slots__ = ()

    def __init__(
        self,
        when: float,
        callback: Callable[..., object],
        args: Sequence[Any],
        loop: asyncio.AbstractEventLoop,
        context: Context | None,
    ) -> None:
        self._context = copy_context() if context is None else context
        self._loop = loop
        self._callback: Callable[..., object] | None = callback
        self._args: Any = args
        self._cancelled = False
        self._repr = self._source_traceback = None
        self._when = when
        self._scheduled = True

    def cancel(self) -> None:
        """Never run."""
        if not self._cancelled:
            self._cancelled = True
            self._loop._timer_handle_cancelled(self)  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio's own are private.
            self._callback = self._args = None
