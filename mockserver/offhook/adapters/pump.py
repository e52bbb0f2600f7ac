"""The one timer of an org, and the only thing that makes its time pass.

One `call_at` for the nearest of the org's, the lines' and the sleepers' deadlines, whatever
their number. `advance` is the same by hand: deadline by deadline, flushing between.
"""

import asyncio
import heapq
import itertools
import logging
from collections.abc import Callable

from offhook.adapters.clock import Clock
from offhook.adapters.delivery import Delivery
from offhook.tenancy import Tenancy

logger = logging.getLogger("offhook.pump")

_SETTLING_TURNS = 4
"""Turns of the loop after each deadline of an advance: a sleeper that wakes is resumed in the
first, its answer is written in it too, and what it started gets the others."""


class Pump:
    """Meets deadlines. `flush` must be called after whatever may have changed the org."""

    def __init__(self, tenancy: Tenancy, clock: Clock) -> None:
        self.delivery = Delivery(tenancy)
        self._tenancy = tenancy
        self._clock = clock
        self._latest = clock.now()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_for: float | None = None
        self._advancing = asyncio.Lock()
        self._running = True
        self.observers: list[Callable[[], None]] = []
        """Called whenever the org may have changed. They must not change it, nor raise."""

    def now(self) -> float:
        """Seconds since the Unix epoch on the org's clock; never less than it was before."""
        now = self._clock.now()
        self._latest = max(self._latest, now)
        return self._latest

    def flush(self) -> None:
        """Deliver what the org has to say, and set the timer anew."""
        self.delivery.run(now=self.now())
        self._tell_observers()
        self._arm()

    def next_deadline(self) -> float | None:
        """The nearest of all deadlines, on the org's clock."""
        soonest = self._tenancy.next_deadline()
        if self._sleepers and (soonest is None or self._sleepers[0][0] < soonest):
            soonest = self._sleepers[0][0]
        line = self.delivery.next_deadline()
        return line if line is not None and (soonest is None or line < soonest) else soonest

    async def sleep_until(self, at: float) -> None:
        """Wait until the org's clock shows `at`, however it gets there."""
        if at <= self.now():
            return
        sleeper = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (at, next(self._count), sleeper))
        self._arm()
        await sleeper

    def lift_faults(self) -> None:
        """Let go on now what faults hold up: requests, answers, frames."""
        self.delivery.lift_faults(now=self.now())
        sleepers, self._sleepers = self._sleepers, []
        for _, _, sleeper in sorted(sleepers, key=lambda entry: entry[:2]):
            if not sleeper.done():
                sleeper.set_result(None)
        self.flush()

    async def advance(self, seconds: float) -> None:
        """Move the clock by so much, from 0.

        Every deadline on the way is met in its order, and what it makes the org say is
        written to the transports before the next one. What peers answer is taken when it
        arrives, which may be after the return: advancing judges nobody's silence.
        """
        async with self._advancing:
            self._disarm()
            target = self.now() + seconds
            while (deadline := self.next_deadline()) is not None and deadline <= target:
                self._clock.move_to(deadline)
                self._meet(deadline)
                await self._settle()
            self._clock.move_to(target)
            self._tenancy.handle_timer(now=self.now())  # Nothing is due; the org is told the time.
            self._tenancy.org.journal.record("clock", at=self.now(), advanced_s=seconds)
        self.flush()
        await self._settle()

    def stop(self) -> None:
        """Meet no more deadlines; whoever sleeps is cancelled."""
        self._running = False
        self._disarm()
        for _, _, sleeper in self._sleepers:
            sleeper.cancel()
        self._sleepers.clear()

    def _meet(self, asked: float) -> None:
        """Do what is due. A clock may show a hair less than it was asked for: the later counts."""
        self._latest = now = max(asked, self.now())
        due = self._tenancy.next_deadline()
        if due is not None and due <= now:
            self._tenancy.handle_timer(now=now)
        self.delivery.run(now=now)
        self._tell_observers()
        while self._sleepers and self._sleepers[0][0] <= now:
            _, _, sleeper = heapq.heappop(self._sleepers)
            if not sleeper.done():
                sleeper.set_result(None)

    def _tell_observers(self) -> None:
        for observer in self.observers:
            observer()

    def _wake(self, asked: float) -> None:
        self._timer = self._timer_for = None
        try:
            self._meet(asked)
        except Exception as error:
            # A broken invariant is ours. Without a new timer it cannot turn into a loop.
            logger.exception("A deadline could not be met")
            self._tenancy.org.journal.record("error", at=self.now(), error=repr(error))
            return
        self._arm()

    def _arm(self) -> None:
        if not self._running or self._advancing.locked():
            return
        deadline = self.next_deadline()
        at = None if deadline is None else self._clock.loop_time(deadline)
        if at == self._timer_for:
            return
        self._disarm()
        if at is not None and deadline is not None:
            loop = asyncio.get_running_loop()
            self._timer, self._timer_for = loop.call_at(at, self._wake, deadline), at

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._timer_for = None

    @staticmethod
    async def _settle() -> None:
        for _ in range(_SETTLING_TURNS):
            await asyncio.sleep(0)
