"""In which order tasks run that are ready at the same instant.

Only steps of tasks change places, and only with neighbours: none passes a plain callback. Asyncio
promises their order, and transports rely on it: aiohttp, for one, expects a request that has
arrived to be looked at before the connection is lost.

* First in, first out is a plain deque, as asyncio has it.
* `RandomReady` finds shallow races.
* `PctReady` finds what needs one task to be slow all along: probabilistic concurrency testing,
  which hits a bug of depth d with probability 1/(n·k^(d-1)) at least, for n tasks and k choices
  (Burckhardt et al., ASPLOS 2010).
"""

import asyncio
import random
from abc import abstractmethod
from collections import deque
from enum import StrEnum
from typing import Any

DEPTH = 3
"""How many places in an order PCT expects a bug to need."""
CHOICES = 40
"""How many choices PCT expects a run to have, unless told; a first run tells (`choices`)."""


class Order(StrEnum):
    """The task orders that there are."""

    FIFO = "fifo"
    RANDOM = "random"
    PCT = "pct"


Handles = deque[asyncio.Handle]


def ready_queue(order: Order, rng: random.Random) -> Handles:
    """A new queue of this order."""
    match order:
        case Order.FIFO:
            return deque()
        case Order.RANDOM:
            return RandomReady(rng)
        case Order.PCT:
            return PctReady(rng)


def stepped(handle: asyncio.Handle) -> "asyncio.Task[Any] | None":
    """The task of which this handle is a step; None for a plain callback."""
    callback = handle._callback  # type: ignore[attr-defined]  # noqa: SLF001 - no public way.
    owner = getattr(callback, "__self__", None)
    return owner if isinstance(owner, asyncio.Task) else None


class _Choosing(Handles):
    """A queue that asks `_choose` wherever more than one task could go on."""

    def __init__(self) -> None:
        super().__init__()
        self.choices = 0
        """How often there was something to choose."""

    def popleft(self) -> asyncio.Handle:
        """The next handle to run."""
        if stepped(self[0]) is None:
            return super().popleft()
        steps = []
        for at, handle in enumerate(self):
            task = stepped(handle)
            if task is None:
                break
            steps.append((at, task))
        if len(steps) == 1:
            return super().popleft()
        self.choices += 1
        at = self._choose(steps)
        # The chosen one runs in the first one's place, and that one waits in its.
        self[0], self[at] = self[at], self[0]
        return super().popleft()

    @abstractmethod
    def _choose(self, steps: "list[tuple[int, asyncio.Task[Any]]]") -> int:
        """The place of the one that runs next. Only called with two or more."""


class RandomReady(_Choosing):
    """Any of them, all alike."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def _choose(self, steps: "list[tuple[int, asyncio.Task[Any]]]") -> int:
        return self._rng.choice(steps)[0]


class PctReady(_Choosing):
    """The one of the highest priority; at `depth` - 1 choices it falls below all others."""

    def __init__(
        self, rng: random.Random, *, depth: int = DEPTH, choices_expected: int = CHOICES
    ) -> None:
        super().__init__()
        self._rng = rng
        self._priorities: dict[int, float] = {}
        """By the order in which tasks were first seen: an address may be used again."""
        self._numbers: dict[asyncio.Task[Any], int] = {}
        self._lowest = 0.0
        self._changes = {rng.randrange(1, choices_expected + 1) for _ in range(depth - 1)}

    def _choose(self, steps: "list[tuple[int, asyncio.Task[Any]]]") -> int:
        self._forget_the_done()
        at, task = max(steps, key=lambda step: self._priority(step[1]))
        if self.choices in self._changes:
            self._lowest -= 1.0
            self._priorities[self._numbers[task]] = self._lowest
            at, _ = max(steps, key=lambda step: self._priority(step[1]))
        return at

    def _priority(self, task: "asyncio.Task[Any]") -> float:
        number = self._numbers.get(task)
        if number is None:
            number = self._numbers[task] = len(self._priorities)
            self._priorities[number] = self._rng.random()
        return self._priorities[number]

    def _forget_the_done(self) -> None:
        for task in [task for task in self._numbers if task.done()]:
            del self._numbers[task]
