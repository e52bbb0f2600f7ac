"""Policies that are data: a range for each attempt, and what `Retry-After` does to it.

What is data can be computed for one client, for a million at once, or for a fluid of them.
"""

from collections.abc import Mapping
from enum import StrEnum
from random import Random

import msgspec

from offhook_scenarios.backoff.policy import Policy, retry_after_s


class Heed(StrEnum):
    """What a `Retry-After` does to the wait."""

    IGNORE = "ignore"
    INSTEAD = "instead"
    """It replaces the backoff, and with `share` is spread by a share of itself."""
    PLUS = "plus"
    """The backoff comes on top of it, or `share` of it if that is longer."""


_IGNORE = Heed.IGNORE
"""A member of an enumeration is slower to look up than a name."""


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """A policy without memory. Every wait is drawn uniformly from a range.

    Heeded, the wait is `Retry-After + U(low, max(high, share · Retry-After))`, where INSTEAD takes
    low and high for 0.
    """

    steps: tuple[tuple[float, float], ...]
    """(low, high) after failure 1, 2, …; the last one stands for all that follow."""
    attempts: int | None = None
    """How many attempts there are in all; None for as many as it takes."""
    heed: Heed = Heed.IGNORE
    share: float = 0.0
    longest_s: float | None = None
    """Cuts what was drawn, so that the longest waits are not spread."""
    statuses: frozenset[int] | None = None
    """What is retried; None for everything that a server answers here."""
    needs_header: bool = False
    """Whether an answer without `Retry-After` is final."""

    def __call__(
        self, attempt: int, status: int, headers: Mapping[str, str], _elapsed: float, rng: Random
    ) -> float | None:
        """The wait in seconds, or None to give up."""
        if self.attempts is not None and attempt >= self.attempts:
            return None
        if self.statuses is not None and status not in self.statuses:
            return None
        steps = self.steps
        low, high = steps[attempt - 1] if attempt < len(steps) else steps[-1]
        if self.heed is not _IGNORE:
            told = retry_after_s(headers)
            if told is not None:
                low, high = self.heeding(low, high, told)
            elif self.needs_header:
                return None
        wait = low + (high - low) * rng.random()
        return wait if self.longest_s is None else min(wait, self.longest_s)

    def heeding(self, low: float, high: float, told: float) -> tuple[float, float]:
        """What a range becomes when the server said `told`."""
        if self.heed is Heed.INSTEAD:
            return told, told + self.share * told
        return told + low, told + max(high, self.share * told)


class Decorrelated(msgspec.Struct, frozen=True, kw_only=True):
    """`min(cap, U(base, 3 · the last wait))`. It remembers, so each client needs a fresh one."""

    base_s: float
    cap_s: float

    def fresh(self) -> Policy:
        """The policy of one client."""
        last = self.base_s

        def delay(
            _attempt: int, _status: int, _headers: Mapping[str, str], _elapsed: float, rng: Random
        ) -> float:
            nonlocal last
            last = min(self.cap_s, rng.uniform(self.base_s, 3.0 * last))
            return last

        return delay

    def __call__(
        self, attempt: int, status: int, headers: Mapping[str, str], elapsed: float, rng: Random
    ) -> float | None:
        """The first wait of a client: without memory there is no other."""
        return self.fresh()(attempt, status, headers, elapsed, rng)


def doubling(base_s: float, cap_s: float) -> tuple[float, ...]:
    """base, 2·base, 4·base, … up to the cap."""
    found = [min(base_s, cap_s)]
    while found[-1] < cap_s:
        found.append(min(cap_s, 2.0 * found[-1]))
    return tuple(found)


def exponential(base_s: float, cap_s: float) -> Waits:
    """Doubles, and is not spread."""
    return Waits(steps=tuple((most, most) for most in doubling(base_s, cap_s)))


def full_jitter(base_s: float, cap_s: float) -> Waits:
    """Between nothing and the doubled wait."""
    return Waits(steps=tuple((0.0, most) for most in doubling(base_s, cap_s)))


def equal_jitter(base_s: float, cap_s: float) -> Waits:
    """Between half the doubled wait and all of it."""
    return Waits(steps=tuple((most / 2, most) for most in doubling(base_s, cap_s)))
