"""The engine for any policy, on herds that can be worked out by hand."""

from collections.abc import Mapping
from math import inf
from random import Random

import msgspec
import pytest

from offhook_scenarios.backoff.herd import FLOOD, Herd
from offhook_scenarios.backoff.one_by_one import run
from offhook_scenarios.backoff.policy import BrokenPolicyError, Policy
from offhook_scenarios.backoff.servers import Outage, TokenBucket
from offhook_scenarios.backoff.waits import Decorrelated, Waits, full_jitter

ONE = Waits(steps=((1.0, 1.0),))


def test_ten_clients_are_served_one_a_wave() -> None:
    herd = Herd(clients=10, start_within_s=0.0, round_trip_s=0.25)
    outcome = run(herd, ONE, TokenBucket(1.0, burst=1))
    each = outcome.each
    assert each is not None
    assert each.served_at == [1.25 * n for n in range(10)]
    assert each.calls == list(range(1, 11))
    assert outcome.total_calls == 55
    assert [outcome.arrivals[n] for n in (0, 12, 25, 37)] == [10, 9, 8, 7]
    assert [outcome.served[n] for n in (0, 1, 12)] == [1, 0, 1]
    assert (outcome.told, outcome.early, outcome.gave_up) == (45, 0, 0)


def test_who_gives_up_is_never_served() -> None:
    herd = Herd(clients=3, start_within_s=0.0)
    twice = msgspec.structs.replace(ONE, attempts=2)
    outcome = run(herd, twice, TokenBucket(0.5, burst=1, retry_after_s=2))
    assert outcome.gave_up == 2
    assert outcome.told == outcome.early == 2
    assert outcome.each is not None
    assert outcome.each.served_at == [0.0, inf, inf]


def test_a_policy_is_told_what_the_server_said_and_how_long_it_took() -> None:
    seen = []

    def delay(
        attempt: int, status: int, headers: Mapping[str, str], elapsed: float, rng: Random
    ) -> float:
        seen.append((attempt, status, dict(headers), round(elapsed, 6)))
        return 0.5

    server = Outage(TokenBucket(0.25, burst=1), length_s=0.2)
    herd = Herd(clients=2, start_within_s=0.0, round_trip_s=0.125)
    run(herd, delay, server)
    assert seen[0] == (1, 503, {}, 0.0)
    assert seen[2] == (2, 429, {"Retry-After": "1"}, 0.625)


@pytest.mark.parametrize("policy", [full_jitter(1.0, 20.0), Decorrelated(base_s=0.5, cap_s=20.0)])
def test_the_same_seed_gives_the_same_run_and_another_seed_another(policy: Policy) -> None:
    runs = [run(Herd(clients=200, seed=seed), policy, TokenBucket(10.0)) for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_one_client_more_changes_nobody_elses_start_or_draws() -> None:
    few, more = (
        run(Herd(clients=n), full_jitter(1.0, 20.0), Outage(TokenBucket(1e6), length_s=30.0)).each
        for n in (50, 51)
    )
    assert few is not None
    assert more is not None
    assert few.served_at == more.served_at[:50]
    assert few.calls == more.calls[:50]


def test_a_flood_is_ended_and_told() -> None:
    outcome = run(Herd(clients=20), Waits(steps=((0.0, 0.0),)), TokenBucket(0.01, burst=1))
    assert outcome.ended == f"a flood: more than {FLOOD} calls for each client"
    assert outcome.total_calls < 1.1 * FLOOD * 20


def test_a_herd_that_is_never_done_is_ended_and_told() -> None:
    slow = Waits(steps=((4000.0, 4000.0),))
    outcome = run(Herd(clients=9, start_within_s=0.0), slow, TokenBucket(10.0, burst=1))
    assert outcome.ended is not None
    assert outcome.ended.startswith("8 clients were not done after 3645 s")


def test_a_week_is_the_longest_and_days_without_an_arrival_take_no_time() -> None:
    daily = Waits(steps=((86_400.0, 86_400.0),))
    outcome = run(Herd(clients=300), daily, TokenBucket(1e-9, burst=1))
    assert outcome.ended == "299 clients were not done after 604800 s"


def test_a_policy_that_breaks_late_is_a_finding_with_its_question() -> None:
    def delay(attempt: int, *_: object) -> float:
        return 1.0 if attempt < 5 else -1.0

    with pytest.raises(BrokenPolicyError, match=r"delay\(5, 429, .* returned -1 s"):
        run(Herd(clients=20), delay, TokenBucket(1.0, burst=1))


def test_progress_is_told_from_nothing_to_all() -> None:
    told: list[float] = []
    run(Herd(clients=50), ONE, TokenBucket(25.0), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
