"""The engine for a million clients: numpy over all arrivals of a round trip at once.

Draws, servers and order are those of `offhook_scenarios.backoff.one_by_one`, and so is every
result, to the last bit. Policies must be data (`Waits`, `Decorrelated`). Needs the extra
`offhook[herd]`.
"""

import numpy as np
from numpy.typing import NDArray

from offhook_scenarios.backoff.batches import Answers, answer_all
from offhook_scenarios.backoff.herd import (
    BINS_PER_S,
    Each,
    Herd,
    Outcome,
    Progress,
    served_in,
)
from offhook_scenarios.backoff.servers import Server
from offhook_scenarios.backoff.streams import (
    ATTEMPT_SHIFT,
    CLIENT_SHIFT,
    FIRST,
    GAMMA,
    MASK,
    SECOND,
    UNIT,
    mix,
)
from offhook_scenarios.backoff.trips import play_all
from offhook_scenarios.backoff.waits import Decorrelated, Heed, Waits

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def draws(seed: int, clients: Integers, attempts: Integers) -> Floats:
    """The first number of [0, 1) of each client's attempt, as `Stream.random` gives it."""
    place = clients.astype(np.uint64) << np.uint64(CLIENT_SHIFT)
    place |= attempts.astype(np.uint64) << np.uint64(ATTEMPT_SHIFT)
    place += np.uint64(1)
    number = place * np.uint64(GAMMA) + np.uint64(mix(seed & MASK))
    number = (number ^ (number >> np.uint64(30))) * np.uint64(FIRST)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(SECOND)
    number ^= number >> np.uint64(31)
    result: Floats = (number >> np.uint64(11)).astype(np.float64) * UNIT
    return result


def waits_after(
    policy: Waits, attempts: Integers, status: Integers, told: Floats, chance: Floats
) -> Floats:
    """What `policy` answers to each of these failures; NaN for giving up. `told` NaN: no header."""
    steps = np.array(policy.steps)
    low, high = steps[np.minimum(attempts, len(steps)) - 1].T
    if policy.heed is not Heed.IGNORE:
        heard = ~np.isnan(told)
        if policy.heed is Heed.INSTEAD:
            heeding = told, told + policy.share * told
        else:
            heeding = told + low, told + np.maximum(high, policy.share * told)
        low, high = np.where(heard, heeding[0], low), np.where(heard, heeding[1], high)
    wait: Floats = low + (high - low) * chance
    if policy.longest_s is not None:
        wait = np.minimum(wait, policy.longest_s)
    if policy.attempts is not None:
        wait[attempts >= policy.attempts] = np.nan
    if policy.statuses is not None:
        wait[~np.isin(status, list(policy.statuses))] = np.nan
    if policy.needs_header:
        wait[np.isnan(told)] = np.nan
    return wait


class _Run:
    """What has happened so far."""

    def __init__(self, herd: Herd, policy: Waits | Decorrelated) -> None:
        self.herd = herd
        self.policy = policy
        clients = np.arange(herd.clients)
        self.calls = np.zeros(herd.clients, np.int64)
        self.started = 0.0 + herd.start_within_s * draws(herd.seed, clients, self.calls)
        self.served_at = np.full(herd.clients, np.inf)
        self.last = (
            np.full(herd.clients, float(policy.base_s))
            if isinstance(policy, Decorrelated)
            else None
        )
        self.arrivals = np.zeros(1024, np.int64)
        self.bins = 0
        self.gave_up = self.told = self.early = 0
        self.later: dict[int, list[tuple[Floats, Integers]]] = {}
        self.send(self.started, clients, trip=-1)

    def send(self, at: Floats, clients: Integers, *, trip: int) -> None:
        """Let these clients arrive, after round trip `trip`."""
        trips = np.maximum((at / self.herd.round_trip_s).astype(np.int64), trip + 1)
        order = np.argsort(trips, kind="stable")
        at, clients, trips = at[order], clients[order], trips[order]
        borders = np.flatnonzero(np.diff(trips)) + 1
        starts = [0, *borders.tolist()]
        ends = [*borders.tolist(), len(trips)]
        for number, start, end in zip(trips[starts].tolist(), starts, ends, strict=True):
            self.later.setdefault(number, []).append((at[start:end], clients[start:end]))

    def count(self, at: Floats) -> None:
        """Enter arrivals into their tenths of a second."""
        self.bins = int(at[-1] * BINS_PER_S) + 1
        while self.bins > len(self.arrivals):
            self.arrivals = np.concatenate([self.arrivals, np.zeros_like(self.arrivals)])
        tenths = (at * BINS_PER_S).astype(np.int64)
        first = int(tenths[0])
        counts = np.bincount(tenths - first)
        self.arrivals[first : first + len(counts)] += counts

    def ask(self, clients: Integers, attempts: Integers, answers: Answers) -> Floats:
        """The waits of those who were refused."""
        chance = draws(self.herd.seed, clients, attempts)
        policy = self.policy
        if isinstance(policy, Waits):
            return waits_after(policy, attempts, answers.status, answers.told, chance)
        assert self.last is not None, "a policy that remembers has a memory"
        base = policy.base_s
        wait: Floats = np.minimum(policy.cap_s, base + (3.0 * self.last[clients] - base) * chance)
        self.last[clients] = wait
        return wait

    def play(self, server: Server, trip: int) -> tuple[int, int]:
        """The events of a round trip. They are no longer waited for."""
        parts = self.later.pop(trip)
        at = np.concatenate([part[0] for part in parts])
        clients = np.concatenate([part[1] for part in parts])
        return len(at), _play(self, server, at, clients, trip)

    def outcome(self, ended: str | None) -> Outcome:
        """What is known now."""
        served_at, calls = self.served_at.tolist(), self.calls.tolist()
        return Outcome(
            clients=self.herd.clients,
            arrivals=self.arrivals[: self.bins].tolist(),
            served=served_in(served_at, self.bins),
            total_calls=int(self.calls.sum()),
            gave_up=self.gave_up,
            told=self.told,
            early=self.early,
            ended=ended,
            each=Each(started_at=self.started.tolist(), served_at=served_at, calls=calls),
        )


def run(
    herd: Herd, policy: Waits | Decorrelated, server: Server, *, progress: Progress | None = None
) -> Outcome:
    """Play a herd until every client is served or has given up."""
    return play_all(_Run(herd, policy), server, progress)


def _play(state: _Run, server: Server, at: Floats, clients: Integers, trip: int) -> int:
    """Play the events of one round trip; how many clients are done with."""
    order = np.lexsort((clients, at))
    at, clients = at[order], clients[order]
    state.count(at)
    attempts = state.calls[clients] + 1
    state.calls[clients] = attempts
    answers = answer_all(server, at)
    served = answers.served
    state.served_at[clients[served]] = at[served]
    refused = ~served
    if not refused.any():
        return len(at)
    at, clients, attempts = at[refused], clients[refused], attempts[refused]
    wait = state.ask(clients, attempts, answers)
    tries = ~np.isnan(wait)
    told = answers.told[tries]
    state.gave_up += len(wait) - int(tries.sum())
    state.told += int((~np.isnan(told)).sum())
    state.early += int((wait[tries] < told).sum())
    if tries.any():
        again = at[tries] + state.herd.round_trip_s + wait[tries]
        state.send(again, clients[tries], trip=trip)
    return len(served) - int(tries.sum())
