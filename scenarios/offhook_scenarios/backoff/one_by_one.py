"""The engine for any policy: one event after the other, in pure Python.

Nobody comes back sooner than a round trip after he was refused. So the events of one round trip
can be sorted and played before any of them has a successor: lists by round trip do what a heap
would, and are faster where the herd is large. What waits is kept as bare numbers: objects of a
large herd lie all over the memory, and most of the time goes into fetching them.
"""

import gc
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from types import MethodType

from offhook_scenarios.backoff.herd import (
    BINS_PER_S,
    Each,
    Herd,
    Outcome,
    Progress,
    served_in,
)
from offhook_scenarios.backoff.policy import LONGEST_S, Policy, Remembering, broken, sound
from offhook_scenarios.backoff.servers import Server
from offhook_scenarios.backoff.streams import CLIENT_SHIFT, LOW, LOW_GAMMA, Stream
from offhook_scenarios.backoff.trips import play_all

Event = tuple[float, int]
"""When, and which client."""


class _Run:
    """What has happened so far."""

    def __init__(self, herd: Herd, policy: Policy) -> None:
        self.herd = herd
        self.stream = Stream(herd.seed)
        self.started = array("d")
        for client in range(herd.clients):
            self.stream.aim(client, 0)
            self.started.append(self.stream.uniform(0.0, herd.start_within_s))
        self.policy = policy
        self.policies = (
            [policy.fresh() for _ in self.started] if isinstance(policy, Remembering) else None
        )
        self.served_at = array("d", [inf]) * herd.clients
        self.calls = array("L", [0]) * herd.clients
        self.arrivals: list[int] = []
        self.gave_up = self.told = self.early = 0
        self.later: dict[int, tuple[array[float], array[int]]] = {}
        """By round trip: when, and which client."""
        for client, at in enumerate(self.started):
            times, clients = self.later.setdefault(int(at / herd.round_trip_s), _nobody())
            times.append(at)
            clients.append(client)

    def play(self, server: Server, trip: int) -> tuple[int, int]:
        """The events of a round trip, in their order. They are no longer waited for."""
        times, clients = self.later.pop(trip)
        events = sorted(zip(times.tolist(), clients.tolist(), strict=True))
        return len(events), _play(self, server, events, trip)

    def outcome(self, ended: str | None) -> Outcome:
        """What is known now."""
        return Outcome(
            clients=self.herd.clients,
            arrivals=self.arrivals,
            served=served_in(self.served_at, len(self.arrivals)),
            total_calls=sum(self.calls),
            gave_up=self.gave_up,
            told=self.told,
            early=self.early,
            ended=ended,
            each=Each(
                started_at=self.started.tolist(),
                served_at=self.served_at.tolist(),
                calls=self.calls.tolist(),
            ),
        )


def _nobody() -> tuple["array[float]", "array[int]"]:
    return array("d"), array("L")


@contextmanager
def _no_collector() -> Iterator[None]:
    """Events make no cycles; looking for some in a large herd takes a tenth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def run(herd: Herd, policy: Policy, server: Server, *, progress: Progress | None = None) -> Outcome:
    """Play a herd until every client is served or has given up.

    Raises:
        BrokenPolicyError: The policy raised, or answered what is no wait.
    """
    with _no_collector():
        return play_all(_Run(herd, policy), server, progress)


def _count(arrivals: list[int], events: list[Event]) -> None:
    """Enter sorted events into their tenths of a second."""
    first, last = (int(events[place][0] * BINS_PER_S) for place in (0, -1))
    arrivals.extend([0] * (last + 1 - len(arrivals)))
    start = 0
    for number in range(first, last):
        end = bisect_right(events, number, lo=start, key=lambda event: int(event[0] * BINS_PER_S))
        arrivals[number] += end - start
        start = end
    arrivals[last] += len(events) - start


def _play(state: _Run, server: Server, events: list[Event], trip: int) -> int:
    """Play the events of one round trip; how many clients are done with.

    Everything is a local name here: this is the inner loop.
    """
    started, calls, policies = state.started, state.calls, state.policies
    stream, later, answer = state.stream, state.later, server.answer
    served_at, round_trip_s = state.served_at, state.herd.round_trip_s
    policy = _called(state.policy)
    rows = stream.rows
    done = told = early = 0
    _count(state.arrivals, events)
    for now, client in events:
        attempt = calls[client] = calls[client] + 1
        refusal = answer(now)
        if refusal is None:
            served_at[client] = now
            done += 1
            continue
        # As `stream.aim`, but without a call.
        if attempt >= len(rows):
            stream.reach(attempt)
        stream.state = ((client * LOW_GAMMA & LOW) << CLIENT_SHIFT) + rows[attempt]
        stream.gauss_next = None
        status, headers, elapsed = refusal.status, refusal.headers, now - started[client]
        delay = policy if policies is None else policies[client]
        try:
            wait = delay(attempt, status, headers, elapsed, stream)
        except (Exception, SystemExit) as error:
            raise broken(attempt, status, headers, elapsed, error) from error
        if wait is None:
            state.gave_up += 1
            done += 1
            continue
        if not (wait.__class__ is float and 0.0 <= wait <= LONGEST_S) and not sound(wait):
            raise broken(attempt, status, headers, elapsed, wait)
        if refusal.retry_after_s is not None:
            told += 1
            early += wait < refusal.retry_after_s
        again = now + round_trip_s + wait
        next_trip = int(again / round_trip_s)
        if next_trip <= trip:
            next_trip = trip + 1
        try:
            times, clients = later[next_trip]
        except KeyError:
            times, clients = later[next_trip] = _nobody()
        times.append(again)
        clients.append(client)
    state.told += told
    state.early += early
    return done


def _called(policy: Policy) -> Policy:
    """What is called to ask it: of an object, its bound method, which is quicker."""
    method = policy.__call__
    return method if isinstance(method, MethodType) else policy
