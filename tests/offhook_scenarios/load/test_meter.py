"""Counts: in the shape that Locust merges, and ours."""

import msgspec
import pytest

from offhook_scenarios.load.meter import Meter, Tally, rounded_ms

LOCUSTS = {
    "name",
    "method",
    "last_request_timestamp",
    "start_time",
    "num_requests",
    "num_none_requests",
    "num_failures",
    "total_response_time",
    "max_response_time",
    "min_response_time",
    "total_content_length",
    "response_times",
    "num_reqs_per_sec",
    "num_fail_per_sec",
}
"""The fields of a `StatsEntry` on the wire, Locust 2.47.0."""


def test_requests_are_told_as_locust_tells_them() -> None:
    meter = Meter(now=100.0)
    meter.request("POST", "/mute", now=101.2, took_ms=12.4, size=0, status=204)
    meter.request("POST", "/mute", now=101.9, took_ms=7.6, size=50, status=429)
    meter.request("GET", "/me", now=102.0, took_ms=1.0, size=9, status=0)
    report, tally = meter.take(now=103.0)
    stats, total = report["stats"], report["stats_total"]
    assert isinstance(stats, list)
    assert isinstance(total, dict)
    assert all(set(entry) == LOCUSTS for entry in (*stats, total))
    mute = stats[0]
    assert (mute["num_requests"], mute["num_failures"]) == (2, 1)
    assert (mute["min_response_time"], mute["max_response_time"]) == (7.6, 12.4)
    assert mute["response_times"] == {"12": 1, "8": 1} or mute["response_times"] == {12: 1, 8: 1}
    assert total["num_requests"] == 3
    assert report["errors"] == {
        "POST./mute.429": {
            "name": "/mute",
            "method": "POST",
            "error": "429",
            "occurrences": 1,
            "first_seen": 103.0,
            "last_seen": 103.0,
        },
        "GET./me.no answer": {
            "name": "/me",
            "method": "GET",
            "error": "no answer",
            "occurrences": 1,
            "first_seen": 103.0,
            "last_seen": 103.0,
        },
    }
    assert (tally.attempts, tally.statuses) == (3, {"204": 1, "429": 1, "no answer": 1})


def test_what_was_taken_is_not_told_again() -> None:
    meter = Meter(now=0.0)
    meter.request("GET", "/me", now=1.0, took_ms=1.0, size=0, status=200)
    meter.take(now=2.0)
    report, tally = meter.take(now=3.0)
    assert report["stats"] == []
    assert tally == Tally()


def test_waits_and_operations_are_counted() -> None:
    meter = Meter(now=0.0)
    meter.wait(asked_s=None, planned_s=1.0, waited_s=1.0)
    meter.wait(asked_s=2.0, planned_s=2.5, waited_s=2.5)
    meter.wait(asked_s=2.0, planned_s=1.5, waited_s=1.5)
    meter.wait(asked_s=2.0, planned_s=1.5, waited_s=None)
    meter.operation(gave_up=False)
    meter.operation(gave_up=True)
    tally = meter.tally
    assert (tally.told, tally.early, tally.asked_s, tally.waited_s) == (2, 1, 4.0, 4.0)
    assert (tally.operations, tally.gave_up) == (2, 1)


def test_tallies_add_up() -> None:
    one = Tally(operations=1, attempts=3, statuses={"204": 1}, asked_s=1.0)
    one.join(Tally(operations=2, gave_up=1, waiting=1, statuses={"204": 2, "429": 1}, waited_s=2.0))
    assert msgspec.structs.asdict(one) == {
        "operations": 3,
        "attempts": 3,
        "gave_up": 1,
        "told": 0,
        "early": 0,
        "asked_s": 1.0,
        "waited_s": 2.0,
        "waiting": 1,
        "statuses": {"204": 3, "429": 1},
    }


@pytest.mark.parametrize(
    ("took", "place"), [(0.4, 0), (99.4, 99), (147.0, 150), (3432.0, 3400), (58760.0, 58800)]
)
def test_times_are_rounded_as_locust_rounds_them(took: float, place: int) -> None:
    assert rounded_ms(took) == place
