"""The limits, at literal times."""

import pytest

from offhook_scenarios.backoff.servers import (
    BacklogAware,
    FixedWindow,
    Outage,
    Refusal,
    Server,
    TokenBucket,
    refusal,
)


def told(server: Server, *times: float) -> list[float | None]:
    """What each arrival is told to wait; 0 for those who are served."""
    answers = [server.answer(at) for at in times]
    return [0.0 if answer is None else answer.retry_after_s for answer in answers]


def test_a_bucket_serves_a_burst_and_then_one_for_each_interval() -> None:
    server = TokenBucket(8.0, burst=3, retry_after_s=2)
    assert told(server, 0.0, 0.0, 0.0, 0.0, 0.06, 0.125, 0.13) == [0, 0, 0, 2, 2, 0, 2]
    assert told(server, 60.0, 60.0, 60.0, 60.0) == [0, 0, 0, 2]


def test_a_bucket_may_say_nothing() -> None:
    server = TokenBucket(1.0, burst=1, retry_after_s=None)
    assert server.answer(0.0) is None
    assert server.answer(0.0) == Refusal(429, {}, None)


def test_a_window_serves_its_quota_and_tells_the_time_to_the_next() -> None:
    server = FixedWindow(2, window_s=10.0)
    assert server.capacity_per_s == 0.2
    assert told(server, 1.0, 2.0, 3.5, 9.9, 10.0, 10.1, 10.2) == [0, 0, 7, 1, 0, 0, 10]
    exact = FixedWindow(1, window_s=10.0, whole_seconds=False)
    assert told(exact, 1.0, 3.5) == [0, 6.5]


def test_a_backlog_gives_each_a_place_of_his_own() -> None:
    server = BacklogAware(2.0, whole_seconds=False)
    assert told(server, 0.0, 0.0, 0.0, 0.0, 0.0) == [0, 0, 0.5, 1.0, 1.5]
    assert told(server, 0.25, 9.0) == [1.75, 0]
    whole = BacklogAware(2.0)
    assert told(whole, 0.0, 0.0, 0.0, 0.0, 0.0) == [0, 0, 1, 1, 2]


def test_an_outage_says_unavailable_and_then_hands_over() -> None:
    server = Outage(TokenBucket(1.0, burst=1), length_s=5.0)
    assert (server.capacity_per_s, server.idle_s) == (1.0, 5.0)
    down = server.answer(4.9)
    assert down == Refusal(503, {}, None)
    assert told(server, 5.0, 5.1) == [0, 1]


@pytest.mark.parametrize(("seconds", "text"), [(1, "1"), (7.0, "7"), (0.25, "0.25")])
def test_a_header_is_written_as_short_as_it_can_be(seconds: float, text: str) -> None:
    assert refusal(429, seconds).headers == {"Retry-After": text}
    assert float(refusal(429, 1 / 3).headers["Retry-After"]) == 1 / 3
