"""Lengths of time as people write them."""

import math

import pytest

from offhook.testing.durations import seconds_of


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (0, 0.0),
        (0.5, 0.5),
        ("500ms", 0.5),
        ("2s", 2.0),
        (" 1.5 s ", 1.5),
        ("3m", 180.0),
        ("3 min", 180.0),
        ("24h", 86_400.0),
        ("1d", 86_400.0),
    ],
)
def test_seconds(written: float | str, seconds: float) -> None:
    assert seconds_of(written) == seconds


@pytest.mark.parametrize("written", [-1, math.inf, math.nan, "", "2", "s", "2 weeks", "-2s"])
def test_what_is_no_length_of_time_is_refused(written: float | str) -> None:
    with pytest.raises(ValueError, match="is no length of time"):
        seconds_of(written)
