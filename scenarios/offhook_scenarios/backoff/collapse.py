"""Metastable collapse: whether retries keep a server down when its trouble is long over.

The server works first come first served, also on requests whose clients no longer wait. A client
waits `timeout_s` and then asks its policy. What arrives while the server is slow costs it
`slowness` times the work. Open loop: new requests come as a Poisson stream whatever happens.
"""

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from math import inf

import msgspec

from offhook_scenarios.backoff.policy import NO_ANSWER, Policy, Remembering, ask
from offhook_scenarios.backoff.streams import Stream

GOOD = 0.95
"""Goodput of this share of the offered load is recovery."""
FLOOD = 20.0
"""Calls in a second, as a multiple of the capacity, at which a course is ended."""
LOADS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
"""Of a ramp, as shares of the capacity."""
STEADY_S = 5
"""Recovery must last so many seconds."""
_ARRIVALS = 0
"""The stream of new requests; requests have those from 1 on."""


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """A server, those who call it, and the trouble that it has for a while."""

    capacity_per_s: float = 1000.0
    timeout_s: float = 1.0
    length_s: float = 300.0
    slow_from_s: float = 60.0
    slow_until_s: float = 70.0
    slowness: float = 2.0
    budget: float | None = None
    """Retries allowed per request, for the whole fleet; None for as many as the policy wants."""
    budget_most: float = 100.0
    """How many retries can be saved up."""
    seed: int = 1


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How it went, second by second."""

    offered: Sequence[int]
    """New requests."""
    calls: Sequence[int]
    """Requests and retries."""
    good: Sequence[int]
    """Requests and retries whose answer somebody still waited for, by when they were sent."""


Load = Callable[[float], float]
"""New requests per second at a time."""


def constant(per_s: float) -> Load:
    """The same load at all times."""
    return lambda _at: per_s


def play(fleet: Fleet, policy: Policy, load: Load) -> Course:
    """Let a fleet call its server.

    Raises:
        BrokenPolicyError: The policy raised, or answered what is no wait.
    """
    seconds = int(fleet.length_s)
    offered, calls, good = ([0] * seconds for _ in range(3))
    stream = Stream(fleet.seed)
    fresh = policy.fresh if isinstance(policy, Remembering) else lambda: policy
    cost_s = 1.0 / fleet.capacity_per_s
    free_at, saved, requests = 0.0, fleet.budget_most, 0
    retries: list[tuple[float, int, int, float, Policy]] = []
    stream.aim(_ARRIVALS, requests)
    following = stream.expovariate(load(0.0))
    while True:
        if retries and retries[0][0] < following:
            now, request, attempt, began, delay = heappop(retries)
        else:
            now, attempt, began = following, 1, following
            requests += 1
            request = requests
            delay = fresh()
            stream.aim(_ARRIVALS, requests)
            following = now + stream.expovariate(load(now))
            saved = min(fleet.budget_most, saved + (fleet.budget or 0.0))
        if now >= fleet.length_s:
            break
        slow = fleet.slow_from_s <= now < fleet.slow_until_s
        offered[int(now)] += attempt == 1
        calls[int(now)] += 1
        free_at = max(free_at, now) + cost_s * (fleet.slowness if slow else 1.0)
        if free_at - now <= fleet.timeout_s:
            good[int(now)] += 1
            continue
        if calls[int(now)] > FLOOD * fleet.capacity_per_s:
            break
        stream.aim(request, attempt)
        elapsed = now + fleet.timeout_s - began
        wait = ask(delay, attempt, NO_ANSWER, {}, elapsed, stream)
        if wait is None or (fleet.budget is not None and saved < 1.0):
            continue
        saved -= 1.0 if fleet.budget is not None else 0.0
        heappush(retries, (now + fleet.timeout_s + wait, request, attempt + 1, began, delay))
    return Course(offered=offered, calls=calls, good=good)


def recovery_s(course: Course, *, after_s: float) -> float | None:
    """How long after the trouble goodput was that of the load again; None for never."""
    for second in range(int(after_s), len(course.good) - STEADY_S):
        window = slice(second, second + STEADY_S)
        offered = sum(course.offered[window])
        if offered and sum(course.good[window]) >= GOOD * offered:
            return second - after_s
    return None


SMALL = Fleet(capacity_per_s=200.0, slow_from_s=20.0, slow_until_s=30.0, length_s=200.0)
"""For a quick look: a smaller server, and shorter trouble-free times."""


def collapse_load(policy: Policy, fleet: Fleet = SMALL, *, step: float = 0.01) -> float:
    """The highest load, as a share of the capacity, from which the fleet still recovers.

    Found by bisection down to `step`; 0 when it recovers from none.
    """
    low, high = 0.0, 1.0
    while high - low > step:
        share = (low + high) / 2
        course = play(fleet, policy, constant(share * fleet.capacity_per_s))
        if recovery_s(course, after_s=fleet.slow_until_s) is None:
            high = share
        else:
            low = share
    return low


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One load of a ramp. Everything is a share of the capacity."""

    load: float
    up: float
    """Goodput on the way up."""
    down: float
    """Goodput on the way down. Lower than `up`: the server is kept down by what it caused."""


def ramp(
    policy: Policy, fleet: Fleet = SMALL, *, loads: Sequence[float] = LOADS, hold_s: int = 10
) -> tuple[Step, ...]:
    """Goodput at rising loads and at the same loads falling, without any other trouble."""
    course_loads = [*loads, *reversed(loads)]
    calm = msgspec.structs.replace(
        fleet, length_s=float(hold_s * len(course_loads)), slow_from_s=inf, slow_until_s=inf
    )
    capacity = fleet.capacity_per_s

    def load(at: float) -> float:
        return course_loads[min(int(at / hold_s), len(course_loads) - 1)] * capacity

    course = play(calm, policy, load)
    half = hold_s // 2
    good = [
        sum(course.good[start + half : start + hold_s]) / ((hold_s - half) * capacity)
        for start in range(0, int(calm.length_s), hold_s)
    ]
    return tuple(
        Step(load=share, up=up, down=down)
        for share, up, down in zip(loads, good, reversed(good), strict=False)
    )
