"""A herd, and what became of it."""

from collections.abc import Callable, Sequence
from math import inf

import msgspec

BINS_PER_S = 10
"""Arrivals are counted for each tenth of a second."""
FLOOD = 500
"""Calls per client, on average, at which a run ends: the policy floods."""
PATIENCE = 50.0
"""A run ends after so many times the ideal drain time, and an hour more."""

LONGEST_S = 7 * 86_400.0
"""No run goes on for longer than a week of its own time."""

Progress = Callable[[float], None]
"""Told from time to time what share of the clients is done with."""


class Herd(msgspec.Struct, frozen=True, kw_only=True):
    """So many clients, each of which needs one success."""

    clients: int
    seed: int = 1
    start_within_s: float = 1.0
    """They begin at times drawn uniformly from this."""
    round_trip_s: float = 0.05
    """From an arrival until the next one, if the policy waits for nothing."""

    def latest_s(self, capacity_per_s: float, idle_s: float) -> float:
        """When a run is given up."""
        return min(LONGEST_S, idle_s + PATIENCE * self.clients / capacity_per_s + 3600.0)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine saw. Times are those of arrival at the server. A fluid's counts are broken."""

    clients: int
    arrivals: Sequence[float]
    """In each tenth of a second."""
    served: Sequence[float]
    """In each tenth of a second."""
    total_calls: float
    gave_up: float
    told: float
    """Retries after an answer with `Retry-After`."""
    early: float
    """Those of them that came sooner than it asked."""
    ended: str | None
    """Why the run ended before all clients were done."""
    each: "Each | None" = None
    """None of a fluid."""


class Each(msgspec.Struct, frozen=True, kw_only=True):
    """The same of each client."""

    started_at: Sequence[float]
    served_at: Sequence[float]
    """Infinite where it never was."""
    calls: Sequence[int]


def served_in(times: Sequence[float], bins: int) -> list[int]:
    """How many were served in each tenth of a second."""
    found = [0] * bins
    for at in times:
        if at < inf:
            found[int(at * BINS_PER_S)] += 1
    return found
