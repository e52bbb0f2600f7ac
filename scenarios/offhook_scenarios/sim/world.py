"""One simulation: a loop, a network, their chance and their trace, made from one seed."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from inspect import CORO_CREATED, getcoroutinestate
from types import TracebackType
from typing import Any, Self, TypeVar

from offhook_scenarios.sim.entropy import EPOCH, Entropy
from offhook_scenarios.sim.errors import SimulationError
from offhook_scenarios.sim.escapes import shut
from offhook_scenarios.sim.loop import LENGTH_MAX_S, START, SimLoop
from offhook_scenarios.sim.net import Network
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.ready import Order, ready_queue
from offhook_scenarios.sim.seeds import Seeds
from offhook_scenarios.sim.trace import Trace
from offhook_scenarios.sim.watch import watched

T = TypeVar("T")

_GARBAGE_MAX = 100_000
"""Objects that may be made and not freed before garbage is looked for: a few dozen MB."""


class World:
    """A world of its own. A context manager; must not be used inside a running loop.

    `run` may be called many times: the world stands still between. `trace` takes down what went
    over the network; one that keeps its records is compared with another's by `first_divergence`.
    """

    def __init__(
        self,
        seed: int,
        *,
        order: Order = Order.FIFO,
        conditions: Conditions = Conditions(),  # noqa: B008 - a frozen value.
        epoch: float = EPOCH,
        length_max_s: float = LENGTH_MAX_S,
        trace: Trace | None = None,
    ) -> None:
        self.seeds = Seeds(seed)
        self.trace = Trace() if trace is None else trace
        self.loop = SimLoop(
            ready=ready_queue(order, self.seeds.stream("order")), length_max_s=length_max_s
        )
        self.network = Network(self.loop, seeds=self.seeds, trace=self.trace, conditions=conditions)
        self.loop.network = self.network
        self.troubles: list[str] = []
        """What asyncio would have logged: exceptions that nobody took, and the like."""
        self.loop.set_exception_handler(_noting(self.troubles))
        self._failed = False
        self._entropy = Entropy(self.seeds, now=self.loop.time, start=START, epoch=epoch)
        self._open = ExitStack()

    @property
    def elapsed_s(self) -> float:
        """Virtual seconds since it was made."""
        return self.loop.time() - START

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """Run until `main` is over, and return what it returns.

        Raises what it raises, and `DeadlockError`, `LivelockError` and `EscapeError`.
        """
        try:
            # Outermost: inside, even the door to the timer is shut.
            with (
                watched(self.loop),
                self._entropy.patched(),
                shut(self.loop.refuse),
                _little_collecting(),
            ):
                result = self.loop.run_until_complete(main)
                if self.loop.escape is not None:
                    raise self.loop.escape
        except SimulationError:
            self._failed = True
            # What breaks when all is torn down tells nothing.
            self.loop.set_exception_handler(_noting([]))
            raise
        finally:
            # Ctrl-C may come before it has begun; Python would complain of it then.
            if getcoroutinestate(main) == CORO_CREATED:
                main.close()
        return result

    def close(self) -> None:
        """Cancel what is unfinished, in the order in which it was begun, and close the loop.

        What even then will not end is abandoned, if the simulation had failed before.
        """
        failed = self._failed
        self.loop.let_go()
        try:
            self._end()
        except SimulationError:
            if not failed:
                raise
        finally:
            self.loop.close()
            self.network.close()
            # What lived in it has nobody left, and is still young. Sooner it would be walked
            # through and kept; and what it has to say of exceptions that nobody took is due now.
            gc.collect(0)
            _collect_older()

    def _end(self) -> None:
        unfinished = self.loop.unfinished()
        for task in unfinished:
            task.cancel()
        self.loop.begin_anew()
        if not self.loop.is_idle:
            self.run(self._wind_up(unfinished))

    async def _wind_up(self, unfinished: "list[asyncio.Task[Any]]") -> None:
        if unfinished:
            await asyncio.gather(*unfinished, return_exceptions=True)
        await self.loop.shutdown_asyncgens()

    def __enter__(self) -> Self:
        self._open.enter_context(_little_collecting())
        self._open.callback(self.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()


def _noting(troubles: list[str]) -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]:
    """Without the world itself, which would be held by its own loop."""

    def note(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        what = context.get("message", "")
        troubles.append(f"{loop.time():.6f} s: {what}{f': {error!r}' if error else ''}")

    return note


def _collect_older() -> None:
    """Come to what has outlived its world in its turn: asking for the young alone never does."""
    _, middle, old = gc.get_count()
    _, middle_max, old_max = gc.get_threshold()
    if old > old_max:
        gc.collect()
    elif middle > middle_max:
        gc.collect(1)


@contextmanager
def _little_collecting() -> Iterator[None]:
    """Look for garbage rarely: a session makes little, and each look walks the whole program."""
    before = gc.get_threshold()
    gc.set_threshold(_GARBAGE_MAX, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
