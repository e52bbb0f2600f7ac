"""A host that sleeps as a laptop does: nothing on it runs, and nothing on it is lost.

What becomes ready meanwhile, timers too, waits and runs in its order when the host wakes: its
clock goes on, as a browser's does. The network is not touched; whoever lets a host sleep must
decide what becomes of its connections. Works on any loop of asyncio's base, real ones too, by
a private name that 3.11, 3.12 and 3.13 share: `_ready`.
"""

import asyncio
from collections import deque
from typing import Any, cast

from offhook_scenarios.sim.host import HERE, host, host_of, living_on


class _Sieve:
    """Stands where the loop expects its queue, and keeps back what lives on a sleeping host."""

    def __init__(self, inner: "deque[asyncio.Handle]") -> None:
        self.inner = inner
        self.asleep: dict[str, int] = {}
        """How many have put each host to sleep."""
        self._kept: list[asyncio.Handle] = []
        # A turn of the loop has counted what is ready: that still runs.
        self.popleft = inner.popleft

    def append(self, handle: asyncio.Handle) -> None:
        """Take a handle, for now or for later."""
        context = handle._context  # type: ignore[attr-defined]  # noqa: SLF001 - no public way.
        if host_of(context) in self.asleep:
            self._kept.append(handle)
        else:
            self.inner.append(handle)

    def sift(self) -> None:
        """Let go on what lives on no sleeping host."""
        kept, self._kept = self._kept, []
        for handle in kept:
            self.append(handle)

    def clear(self) -> None:
        """The loop is closed."""
        self.inner.clear()
        self._kept.clear()

    def __len__(self) -> int:
        return len(self.inner)


async def sleep_here(lasts_s: float) -> None:
    """Let the caller's host sleep for so long. Returns when it is awake again.

    The caller must live on a host of its own (`living_on`): asleep, the harness wakes nobody.
    """
    name = host()
    assert name != HERE, "everybody would sleep, and nobody wake them"
    loop = asyncio.get_running_loop()
    with living_on(HERE):
        fall_asleep(loop, name)
        loop.call_later(lasts_s, wake, loop, name)
    # What is ready now still runs in this turn of the loop; the next one finds it asleep.
    woken = loop.create_future()
    loop.call_soon(_set, woken)
    await woken


def fall_asleep(loop: asyncio.AbstractEventLoop, name: str) -> None:
    """From the next turn of the loop on nothing runs on this host."""
    inside = cast("Any", loop)
    if not isinstance(inside._ready, _Sieve):  # noqa: SLF001 - see above.
        inside._ready = _Sieve(inside._ready)  # noqa: SLF001 - see above.
    asleep = inside._ready.asleep  # noqa: SLF001 - see above.
    asleep[name] = asleep.get(name, 0) + 1


def wake(loop: asyncio.AbstractEventLoop, name: str) -> None:
    """It runs on, once as many have woken it as put it to sleep. Awake it may be woken too."""
    inside = cast("Any", loop)
    sieve = inside._ready  # noqa: SLF001 - see above.
    if not isinstance(sieve, _Sieve) or name not in sieve.asleep:
        return
    sieve.asleep[name] -= 1
    if sieve.asleep[name]:
        return
    del sieve.asleep[name]
    sieve.sift()
    if not sieve.asleep:
        inside._ready = sieve.inner  # noqa: SLF001 - see above.


def wake_all(loop: asyncio.AbstractEventLoop) -> None:
    """Whoever sleeps runs on, whoever else wanted it to sleep."""
    sieve = cast("Any", loop)._ready  # noqa: SLF001 - see above.
    if isinstance(sieve, _Sieve):
        for name, count in tuple(sieve.asleep.items()):
            for _ in range(count):
                wake(loop, name)


def _set(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
