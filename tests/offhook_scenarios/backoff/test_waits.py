"""Policies that are data."""

from collections.abc import Mapping

import msgspec
import pytest

from offhook_scenarios.backoff.policy import Policy, Remembering
from offhook_scenarios.backoff.streams import Stream
from offhook_scenarios.backoff.waits import (
    Decorrelated,
    Heed,
    Waits,
    doubling,
    equal_jitter,
    exponential,
    full_jitter,
)

TOLD = {"Retry-After": "10"}


def spread(
    policy: Policy, attempt: int, *, status: int = 429, headers: Mapping[str, str] = TOLD
) -> tuple[float, float] | None:
    """The least and the most of many draws, rounded; None for giving up."""
    stream = Stream()
    found = []
    for client in range(4000):
        stream.aim(client, attempt)
        wait = policy(attempt, status, headers, 0.0, stream)
        if wait is None:
            return None
        found.append(wait)
    return round(min(found), 1), round(max(found), 1)


@pytest.mark.parametrize(
    ("policy", "ranges"),
    [
        (exponential(1.0, 5.0), [(1, 1), (2, 2), (4, 4), (5, 5), (5, 5)]),
        (full_jitter(1.0, 5.0), [(0, 1), (0, 2), (0, 4), (0, 5), (0, 5)]),
        (equal_jitter(1.0, 5.0), [(0.5, 1), (1, 2), (2, 4), (2.5, 5), (2.5, 5)]),
        (Waits(steps=((3.0, 3.0),), longest_s=2.0), [(2, 2), (2, 2)]),
        (Waits(steps=((1.0, 3.0),), longest_s=2.0), [(1, 2)]),
    ],
)
def test_the_ranges_grow_to_the_cap(policy: Waits, ranges: list[tuple[float, float]]) -> None:
    assert [spread(policy, attempt) for attempt in range(1, len(ranges) + 1)] == ranges


@pytest.mark.parametrize(
    ("heed", "share", "heard", "unheard"),
    [
        (Heed.IGNORE, 1.0, (0, 2), (0, 2)),
        (Heed.INSTEAD, 0.0, (10, 10), (0, 2)),
        (Heed.INSTEAD, 1.0, (10, 20), (0, 2)),
        (Heed.PLUS, 0.0, (10, 12), (0, 2)),
        (Heed.PLUS, 0.1, (10, 12), (0, 2)),
        (Heed.PLUS, 0.5, (10, 15), (0, 2)),
    ],
)
def test_retry_after_is_heeded_in_three_ways(
    heed: Heed, share: float, heard: tuple[float, float], unheard: tuple[float, float]
) -> None:
    policy = Waits(steps=((0.0, 2.0),), heed=heed, share=share)
    assert spread(policy, 1) == heard
    assert spread(policy, 1, headers={}) == unheard


def test_what_is_final_gives_up() -> None:
    policy = Waits(
        steps=((1.0, 1.0),),
        attempts=3,
        heed=Heed.INSTEAD,
        statuses=frozenset({429}),
        needs_header=True,
    )
    assert spread(policy, 2) == (10, 10)
    assert spread(policy, 3) is None
    assert spread(policy, 2, status=503) is None
    assert spread(policy, 2, headers={}) is None
    without = msgspec.structs.replace(policy, needs_header=False)
    assert spread(without, 2, headers={}) == (1, 1)


def test_decorrelated_waits_remember_the_last_one_and_clients_do_not_share_it() -> None:
    policy = Decorrelated(base_s=1.0, cap_s=4.0)
    assert isinstance(policy, Remembering)
    assert spread(policy, 1) == (1, 3)
    stream = Stream()
    for client in range(50):
        one, last = policy.fresh(), 1.0
        for attempt in range(1, 8):
            stream.aim(client, attempt)
            wait = one(attempt, 429, TOLD, 0.0, stream)
            assert wait is not None
            assert 1.0 <= wait <= min(4.0, 3.0 * last)
            last = wait


def test_doubling_ends_at_the_cap() -> None:
    assert doubling(0.5, 3.0) == (0.5, 1.0, 2.0, 3.0)
    assert doubling(5.0, 3.0) == (3.0,)
