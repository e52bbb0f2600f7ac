"""I3 in words; its cases are in test_stretch."""

from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.adapters.adapter import Shown
from offhook_scenarios.oracles.stale_live import StaleLive


def test_it_says_who_could_not_hear_for_how_long() -> None:
    (words,) = Story().held(0, muted=True).shows(10, Shown.LIVE).judged(StaleLive())
    assert words.startswith("screen live, caller could not for 90.000 s")
