"""The named policies: each does what its words say."""

import pytest

from offhook_client.options import DEFAULT
from offhook_client.retry import spread_after
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.policy import Remembering, ask
from offhook_scenarios.backoff.streams import Stream


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_policy_answers_every_failure_soundly(name: str) -> None:
    named = CATALOGUE[name]
    assert named.words
    assert named.source
    stream = Stream()
    for client in range(20):
        policy = named.policy
        one = policy.fresh() if isinstance(policy, Remembering) else policy
        for attempt in range(1, 40):
            for status in (0, 429, 503):
                for headers in ({}, {"Retry-After": "0"}, {"Retry-After": "30"}):
                    stream.aim(client, attempt)
                    ask(one, attempt, status, headers, 1.0, stream)


def test_ours_is_what_the_client_does() -> None:
    ours = CATALOGUE["offhook"].policy
    low, high = Stream(), Stream()
    low.random = lambda: 0.0  # type: ignore[method-assign]  # - the bounds of chance.
    high.random = lambda: 1.0  # type: ignore[method-assign]  # - the bounds of chance.
    for told in (0.0, 1.0, 7.0, 60.0):
        headers = {"Retry-After": f"{told:g}"}
        for attempt in range(1, DEFAULT.attempts):
            spread = spread_after(
                attempt,
                told,
                base_s=DEFAULT.backoff_base_s,
                cap_s=DEFAULT.backoff_cap_s,
                spread=DEFAULT.spread,
            )
            assert ours(attempt, 429, headers, 0.0, low) == told
            assert ours(attempt, 429, headers, 0.0, high) == pytest.approx(told + spread)
        assert ours(DEFAULT.attempts, 429, headers, 0.0, low) is None


@pytest.mark.parametrize(
    ("name", "status", "told", "waits"),
    [
        ("tutorial", 429, "7", [1, 2, None]),
        ("tutorial", 503, None, [None]),
        ("genesys-python-sdk", 429, "7", [7] * 10 + [None]),
        ("genesys-python-sdk", 503, "7", [7] * 10 + [None]),
        ("genesys-python-sdk", 429, None, [None]),
        ("genesys-python-sdk", 500, "7", [None]),
        ("genesys-js-sdk", 429, "7", [None]),
        ("none", 429, "7", [None]),
        ("exponential", 429, "7", [1, 2, 4, 8, 16, 20, 20]),
        ("fixed", 429, "7", [1, 1, 1]),
        ("retry-after", 429, "7", [7, 7, 7]),
    ],
)
def test_policies_without_chance_wait_as_observed(
    name: str, status: int, told: str | None, waits: list[float | None]
) -> None:
    policy, stream = CATALOGUE[name].policy, Stream()
    headers = {} if told is None else {"Retry-After": told}
    found = [policy(n, status, headers, 0.0, stream) for n in range(1, len(waits) + 1)]
    assert found == waits


def test_delays_of_the_websockets_iterator_grow_by_the_golden_ratio() -> None:
    policy, stream = CATALOGUE["websockets"].policy, Stream()
    found = [policy(n, 503, {}, 0.0, stream) for n in range(2, 12)]
    assert found[:3] == pytest.approx([3.1, 5.02, 8.12], abs=0.01)
    assert found[-1] == 90.0


def test_the_last_waits_of_stamina_are_not_spread() -> None:
    policy, stream = CATALOGUE["stamina"].policy, Stream()
    assert [policy(n, 503, {}, 0.0, stream) for n in (7, 8, 9, 10)] == [5.0, 5.0, 5.0, None]
