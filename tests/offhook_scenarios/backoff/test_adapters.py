"""Other people's retry logic as policies, beside the libraries themselves."""

import random
from collections.abc import Callable
from typing import Any

import aiohttp_retry
import backoff
import pytest
import stamina
import tenacity
from urllib3.util.retry import Retry

from offhook_scenarios.backoff import one_by_one
from offhook_scenarios.backoff.adapters import (
    FromBackoff,
    FromUrllib3,
    RefusedAnswer,
    chance_of,
    from_aiohttp_retry,
    from_stamina,
    from_tenacity,
)
from offhook_scenarios.backoff.herd import Herd
from offhook_scenarios.backoff.policy import Policy, Remembering
from offhook_scenarios.backoff.servers import TokenBucket
from offhook_scenarios.backoff.streams import Stream

POLICIES: dict[str, Callable[[], Policy]] = {
    "tenacity": lambda: from_tenacity(
        tenacity.Retrying(
            wait=tenacity.wait_random_exponential(multiplier=1, max=20),
            stop=tenacity.stop_after_attempt(8),
        )
    ),
    "stamina": lambda: from_stamina(timeout=None),
    "backoff": lambda: FromBackoff(backoff.expo, jitter=backoff.full_jitter, max_value=20),
    "urllib3": lambda: FromUrllib3(
        Retry(total=9, backoff_factor=0.5, backoff_jitter=1.0, status_forcelist=[503])
    ),
    "aiohttp-retry": lambda: from_aiohttp_retry(
        aiohttp_retry.JitterRetry(attempts=6, statuses={429})
    ),
}


def waits(
    policy: Policy, *, status: int = 429, told: str | None = None, attempts: int = 12, **_: Any
) -> list[float | None]:
    """Answers of one client's policy until it gives up. Each failure takes a second."""
    stream, found = Stream(1), list[float | None]()
    one = policy.fresh() if isinstance(policy, Remembering) else policy
    for attempt in range(1, attempts + 1):
        stream.aim(0, attempt)
        headers = {} if told is None else {"Retry-After": told}
        found.append(one(attempt, status, headers, float(attempt), stream))
        if found[-1] is None:
            break
    return found


@pytest.mark.parametrize("name", POLICIES)
def test_a_herd_of_them_repeats_itself_and_leaves_the_shared_generator_alone(name: str) -> None:
    random.seed(5)
    before = random.getstate()
    runs = [one_by_one.run(Herd(clients=60), POLICIES[name](), TokenBucket(5.0)) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0].total_calls > 60
    assert random.getstate() == before


def test_tenacity_waits_and_stops_as_it_does() -> None:
    retrying = tenacity.AsyncRetrying(
        wait=tenacity.wait_exponential(multiplier=0.5, max=3)
        + tenacity.wait_exception(lambda error: error.status / 100.0),  # type: ignore[attr-defined]  # - of RefusedAnswer.
        stop=tenacity.stop_after_attempt(5) | tenacity.stop_after_delay(100),
    )
    assert waits(from_tenacity(retrying), status=300) == [3.5, 4.0, 5.0, 6.0, None]
    timed = tenacity.Retrying(wait=tenacity.wait_fixed(1), stop=tenacity.stop_after_delay(3))
    assert waits(from_tenacity(timed)) == [1, 1, None]


def test_stamina_waits_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs: list[float] = []
    caller = stamina.RetryingCaller(
        attempts=9, timeout=None, wait_initial=0.2, wait_max=4.0, wait_jitter=0.0
    )

    def told(details: stamina.instrumentation.RetryDetails) -> None:
        theirs.append(details.wait_for)
        monkeypatch.setattr("time.sleep", lambda _seconds: None)

    stamina.instrumentation.set_on_retry_hooks([told])
    try:
        with pytest.raises(ZeroDivisionError):
            caller(ZeroDivisionError, lambda: 1 / 0)
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)
    found = waits(
        from_stamina(attempts=9, timeout=None, wait_initial=0.2, wait_max=4.0, wait_jitter=0.0)
    )
    assert found[-1] is None
    assert found[:-1] == pytest.approx(theirs)
    assert found[:-1] == [0.2, 0.4, 0.8, 1.6, 3.2, 4.0, 4.0, 4.0]
    assert waits(from_stamina(timeout=3.0, wait_jitter=0.0)) == [0.1, 0.2, None]


def test_backoff_asks_its_generator_for_each_client() -> None:
    policy = FromBackoff(backoff.expo, max_tries=5, max_value=4)
    assert waits(policy) == [1, 2, 4, 4, None]
    assert waits(policy) == [1, 2, 4, 4, None]
    assert waits(FromBackoff(backoff.constant, max_time=3.5, interval=2)) == [2, 1.5, 0.5, None]
    assert waits(FromBackoff(backoff.constant, interval=[1, 2])) == [1, 2, None]
    asked = FromBackoff(backoff.runtime, value=lambda error: error.status / 10)
    assert waits(asked, status=20, attempts=2) == [2.0, 2.0]


def test_urllib3_heeds_retry_after_and_its_list_of_statuses() -> None:
    retry = Retry(total=3, backoff_factor=0.5, status_forcelist=[500])
    assert waits(FromUrllib3(retry), told="7") == [7, 7, 7, None]
    assert waits(FromUrllib3(retry), told=None) == [None]
    assert waits(FromUrllib3(retry), status=500) == [0, 1.0, 2.0, None]
    assert waits(FromUrllib3(retry), status=0) == [0, 1.0, 2.0, None]
    assert waits(FromUrllib3(retry, method="POST"), told="7") == [None]
    deaf = Retry(
        total=2, backoff_factor=1, status_forcelist=[429], respect_retry_after_header=False
    )
    assert waits(FromUrllib3(deaf), told="7") == [0, 2.0, None]


def test_aiohttp_retry_does_not_retry_429_unless_told_to() -> None:
    options = aiohttp_retry.ExponentialRetry(attempts=3, start_timeout=1.0)
    assert waits(from_aiohttp_retry(options), status=429) == [None]
    assert waits(from_aiohttp_retry(options), status=503) == [2.0, 4.0, None]
    assert waits(from_aiohttp_retry(options), status=0) == [2.0, 4.0, None]
    told = aiohttp_retry.ExponentialRetry(attempts=3, start_timeout=1.0, statuses={429})
    assert waits(from_aiohttp_retry(told), told="7") == [2.0, 4.0, None]


@pytest.mark.parametrize("policy", [FromBackoff(backoff.expo), FromUrllib3(Retry(total=1))])
def test_what_remembers_answers_for_a_first_failure_by_itself(policy: Policy) -> None:
    assert policy(1, 0, {}, 0.0, Stream()) is not None


def test_the_shared_generator_follows_a_stream_for_a_while() -> None:
    stream, found = Stream(1), []
    for _ in range(2):
        stream.aim(3, 3)
        with chance_of(stream):
            found.append(random.random())
    assert found[0] == found[1]


def test_a_refused_answer_shows_what_hooks_look_for() -> None:
    error = RefusedAnswer(429, {"Retry-After": "7"})
    assert (error.status, error.headers, str(error)) == (429, {"Retry-After": "7"}, "status 429")
