"""What is due when: one deadline for each key, the next one found without a search.

A heap with lazy deletion: `set` and `clear` leave the old row behind, and it is passed over
when it comes up. Asking for the next deadline is done on every request, so it must not cost
a walk over all devices and sockets.
"""

import heapq
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

K = TypeVar("K")

_SLACK = 64
"""Old rows that may lie about before the heap is built anew."""


class LivesInTime(Protocol):
    """Whatever wants to be woken."""

    def next_deadline(self) -> float | None:
        """When, in org time; None: never."""


def soonest(parts: Iterable[LivesInTime]) -> float | None:
    """When the first of them wants to be woken; None when none does."""
    first = None
    for part in parts:
        at = part.next_deadline()
        if at is not None and (first is None or at < first):
            first = at
    return first


class Deadlines(Generic[K]):
    """Deadlines in org time, at most one for each key. Equal ones come in the order of setting."""

    def __init__(self) -> None:
        self._at: dict[K, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, K]] = []
        self._serial = 0

    def __len__(self) -> int:
        return len(self._at)

    def __contains__(self, key: K) -> bool:
        return key in self._at

    def set(self, key: K, at: float | None) -> None:
        """Let `key` be due at `at`, and at no other time. None: never."""
        held = self._at.get(key)
        if held is not None and held[0] == at:
            return
        if at is None:
            self._at.pop(key, None)
            return
        self._serial += 1
        self._at[key] = (at, self._serial)
        if len(self._heap) > 2 * len(self._at) + _SLACK:
            self._heap = [(when, serial, each) for each, (when, serial) in self._at.items()]
            heapq.heapify(self._heap)
        else:
            heapq.heappush(self._heap, (at, self._serial, key))

    def next_deadline(self) -> float | None:
        """The earliest deadline, or None."""
        while self._heap:
            at, serial, key = self._heap[0]
            if self._at.get(key) == (at, serial):
                return at
            heapq.heappop(self._heap)
        return None

    def take_due(self, *, now: float) -> K | None:
        """One key whose deadline is `now` or earlier, earliest first; its deadline is gone."""
        due = self.next_deadline()
        if due is None or due > now:
            return None
        _, _, key = heapq.heappop(self._heap)
        del self._at[key]
        return key
