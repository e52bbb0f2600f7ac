"""The engine for any policy: one event after the other, in pure Python.

Nobody comes back sooner than a round trip after he was refused. So the events of one round trip
can be sorted and played before any of them has a successor: lists by round trip do what a heap
would, and are faster where the herd is large.
"""

from bisect import bisect_right
from math import inf

from offhook_scenarios.backoff.herd import (
    BINS_PER_S,
    FLOOD,
    Each,
    Herd,
    Outcome,
    Progress,
    served_in,
)
from offhook_scenarios.backoff.policy import LONGEST_S, Policy, Remembering, broken, sound
from offhook_scenarios.backoff.servers import Server
from offhook_scenarios.backoff.streams import Stream

Event = tuple[float, int]
"""When, and which client."""


class _Run:
    """What has happened so far."""

    def __init__(self, herd: Herd, policy: Policy) -> None:
        self.herd = herd
        self.stream = Stream(herd.seed)
        self.started: list[float] = []
        for client in range(herd.clients):
            self.stream.aim(client, 0)
            self.started.append(self.stream.uniform(0.0, herd.start_within_s))
        self.policy = policy
        self.policies = (
            [policy.fresh() for _ in self.started] if isinstance(policy, Remembering) else None
        )
        self.served_at = [inf] * herd.clients
        self.calls = [0] * herd.clients
        self.arrivals: list[int] = []
        self.gave_up = self.told = self.early = 0
        self.later: dict[int, list[Event]] = {}
        for event in zip(self.started, range(herd.clients), strict=True):
            self.later.setdefault(int(event[0] / herd.round_trip_s), []).append(event)

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
            each=Each(started_at=self.started, served_at=self.served_at, calls=self.calls),
        )


def run(herd: Herd, policy: Policy, server: Server, *, progress: Progress | None = None) -> Outcome:
    """Play a herd until every client is served or has given up.

    Raises:
        BrokenPolicyError: The policy raised, or answered what is no wait.
    """
    state = _Run(herd, policy)
    latest = int(herd.latest_s(server.capacity_per_s, server.idle_s) / herd.round_trip_s)
    waiting, calls, trip = herd.clients, 0, 0
    while state.later:
        if trip not in state.later:
            trip = min(state.later)
        if trip > latest:
            at_s = latest * herd.round_trip_s
            return state.outcome(f"{waiting} clients were not done after {at_s:.0f} s")
        events = state.later.pop(trip)
        events.sort()
        calls += len(events)
        waiting -= _play(state, server, events, trip)
        if progress is not None:
            progress(1.0 - waiting / herd.clients)
        trip += 1
        if calls > FLOOD * herd.clients:
            return state.outcome(f"a flood: more than {FLOOD} calls for each client")
    return state.outcome(None)


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
    served_at, policy, round_trip_s = state.served_at, state.policy, state.herd.round_trip_s
    aim = stream.aim
    done = told = early = 0
    _count(state.arrivals, events)
    for now, client in events:
        attempt = calls[client] = calls[client] + 1
        refusal = answer(now)
        if refusal is None:
            served_at[client] = now
            done += 1
            continue
        aim(client, attempt)
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
            later[next_trip].append((again, client))
        except KeyError:
            later[next_trip] = [(again, client)]
    state.told += told
    state.early += early
    return done
