"""From what an engine saw to the figures of the report."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import ceil, inf

import msgspec

from offhook_scenarios.backoff.herd import BINS_PER_S, Each, Outcome
from offhook_scenarios.backoff.servers import Server

_TREND = 50
"""Waves are what differs from the mean of so many bins: five seconds."""
_HOUR = 3600 * BINS_PER_S
"""Waves are looked for in the first hour after all have begun."""
_LAGS = range(1, _TREND + 1)
"""Lags at which waves are looked for: up to 5 s."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy did to a server. None where an engine cannot tell, or it never happened."""

    calls_per_client: float
    calls_per_success: float | None
    """None when nobody succeeded."""
    calls_p99: float | None
    """99 of 100 clients made no more calls than this."""
    gave_up: float
    """Share of the clients that stopped trying."""
    t50: float | None
    """When half of the clients were served, as a multiple of the ideal time for all."""
    t99: float | None
    t100: float | None
    peak: float
    """The busiest tenth of a second after everybody has begun, as a multiple of the capacity."""
    first_peak: float
    """The same of the time before."""
    early: float | None
    """Share of the retries after a `Retry-After` that came sooner than it asked."""
    fairness: float | None
    """Jain's index of how long clients waited: 1 when all as long, near 0 when a few longest."""
    slow_to_median: float | None
    """The wait of the 99th of 100 clients, as a multiple of the median."""
    dispersion: float
    """Variance over mean of arrivals round their trend: about 1 for strangers, more for waves."""
    period_s: float | None
    """The lag at which arrivals resemble themselves more than at those next to it, and most."""
    resemblance: float | None
    """How much, from -1 to 1: the autocorrelation at that lag."""
    ideal_s: float
    """Clients over capacity."""
    ended: str | None
    """Why the run was ended early."""


def figures(outcome: Outcome, server: Server, *, start_within_s: float) -> Figures:
    """The figures of a run."""
    ideal_s = outcome.clients / server.capacity_per_s
    served = list(accumulate(outcome.served))
    one_bin = server.capacity_per_s / BINS_PER_S
    begun = ceil(max(start_within_s, server.idle_s) * BINS_PER_S)
    later = outcome.arrivals[begun:]
    successes = served[-1] if served else 0.0
    dispersion, period_s, resemblance = _waves(later[:_HOUR])
    fairness, slow, calls_p99 = (None, None, None)
    if outcome.each is not None:
        fairness, slow = _fairness(outcome.each)
        calls_p99 = _quantile(sorted(outcome.each.calls), 0.99)

    def reached(share: float) -> float | None:
        at_s = _reached(outcome, served, share)
        return None if at_s is None else max(0.0, at_s - server.idle_s) / ideal_s

    return Figures(
        calls_per_client=outcome.total_calls / outcome.clients,
        calls_per_success=outcome.total_calls / successes if successes else None,
        calls_p99=calls_p99,
        gave_up=outcome.gave_up / outcome.clients,
        t50=reached(0.5),
        t99=reached(0.99),
        t100=reached(1.0),
        peak=max(later, default=0.0) / one_bin,
        first_peak=max(outcome.arrivals[:begun], default=0.0) / one_bin,
        early=outcome.early / outcome.told if outcome.told else None,
        fairness=fairness,
        slow_to_median=slow,
        dispersion=dispersion,
        period_s=period_s,
        resemblance=resemblance,
        ideal_s=ideal_s,
        ended=outcome.ended,
    )


def _reached(outcome: Outcome, served: Sequence[float], share: float) -> float | None:
    """When this share of all clients was served; exactly, or to a part of a bin."""
    wanted = share * outcome.clients - (0.5 if outcome.each is None else 0.0)
    if not served or served[-1] < wanted:
        return None
    if outcome.each is not None:
        return sorted(outcome.each.served_at)[ceil(wanted) - 1]
    after = bisect_left(served, wanted)
    before = served[after - 1] if after else 0.0
    part = (wanted - before) / (served[after] - before)
    return (after + part) / BINS_PER_S


def _fairness(each: Each) -> tuple[float | None, float | None]:
    waits = sorted(
        at - began for at, began in zip(each.served_at, each.started_at, strict=True) if at < inf
    )
    squares = sum(wait * wait for wait in waits)
    if not squares:
        return (None, None)
    jain = sum(waits) ** 2 / (len(waits) * squares)
    median = _quantile(waits, 0.5)
    return jain, _quantile(waits, 0.99) / median if median else None


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def _waves(counts: Sequence[float]) -> tuple[float, float | None, float | None]:
    """Dispersion round the trend, and the lag of the strongest echo with its strength."""
    if len(counts) <= 2 * _TREND:
        return (1.0, None, None)
    total = [0.0, *accumulate(counts)]
    half = _TREND // 2
    places = range(half, len(counts) - half)
    trend = [(total[i + half + 1] - total[i - half]) / (2 * half + 1) for i in places]
    waves = [counts[i] - mean for i, mean in zip(places, trend, strict=True)]
    power = sum(wave * wave for wave in waves)
    level = sum(trend)
    if not power or not level:
        return (0.0, None, None)
    echoes = {
        lag: sum(a * b for a, b in zip(waves, waves[lag:], strict=False)) / power for lag in _LAGS
    }
    peaks = [
        (echo, lag)
        for lag, echo in echoes.items()
        if echoes.get(lag - 1, inf) < echo > echoes.get(lag + 1, inf)
    ]
    if not peaks:
        return (power / level, None, None)
    echo, lag = max(peaks)
    return power / level, lag / BINS_PER_S, echo
