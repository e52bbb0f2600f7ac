"""Who waits for which wish, and how each is told."""

import asyncio

import msgspec

from offhook_client.errors import ClientError, SupersededError, TooLateError
from offhook_client.models import Belief


class _Waiter(msgspec.Struct, eq=False):
    generation: int
    muted: bool
    deadline: float
    future: asyncio.Future[Belief]


class Waiters:
    """The callers of `set_mute` that have not been told yet."""

    def __init__(self) -> None:
        self._waiters: list[_Waiter] = []

    def add(self, generation: int, *, muted: bool, deadline: float) -> asyncio.Future[Belief]:
        """A future for the fate of this wish."""
        future: asyncio.Future[Belief] = asyncio.get_running_loop().create_future()
        self._waiters.append(_Waiter(generation, muted, deadline, future))
        return future

    def supersede(self, generation: int, *, muted: bool) -> None:
        """The person wishes anew: the same wish is carried on, another one is overtaken."""
        for waiter in self._open():
            if waiter.muted == muted:
                waiter.generation = generation
            else:
                waiter.future.set_exception(SupersededError("A later wish took this one's place."))

    def confirm(self, generation: int, belief: Belief) -> None:
        """The wish of this generation is a fact."""
        for waiter in self._open():
            if waiter.generation == generation:
                waiter.future.set_result(belief)

    def fail(self, error: ClientError, *, generation: int | None = None) -> None:
        """Tell whoever waits for this generation, or everybody."""
        for waiter in self._open():
            if generation in {None, waiter.generation}:
                waiter.future.set_exception(error)

    def postpone(self, until: float, *, now: float, reason: str) -> None:
        """Nothing useful can happen before `until`: who has less time is told at once."""
        for waiter in self._open():
            if waiter.deadline < until:
                left_s = max(0.0, waiter.deadline - now)
                waiter.future.set_exception(
                    TooLateError(
                        f"{reason}: the next attempt makes sense in {until - now:.1f} s, "
                        f"the caller has {left_s:.1f} s.",
                        retry_in_s=until - now,
                    )
                )

    def _open(self) -> list[_Waiter]:
        self._waiters = [waiter for waiter in self._waiters if not waiter.future.done()]
        return list(self._waiters)
