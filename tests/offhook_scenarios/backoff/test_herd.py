"""A herd's values."""

from math import inf

from offhook_scenarios.backoff.herd import Herd, served_in


def test_a_run_may_last_fifty_times_the_ideal_and_an_hour() -> None:
    assert Herd(clients=100).latest_s(10.0, 7.0) == 7.0 + 500.0 + 3600.0


def test_no_run_may_last_longer_than_a_week() -> None:
    assert Herd(clients=100).latest_s(1e-9, 7.0) == 7 * 86_400.0


def test_served_are_counted_in_tenths_and_the_others_not_at_all() -> None:
    assert served_in([0.0, 0.09, 0.1, 0.25, inf], 4) == [2, 1, 1, 0]
