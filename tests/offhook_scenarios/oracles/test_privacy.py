"""I2 in words; its cases are in test_stretch."""

from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.adapters.adapter import Shown
from offhook_scenarios.oracles.privacy import Privacy


def test_it_says_who_could_hear_for_how_long() -> None:
    (words,) = Story().held(0, muted=False).shows(10, Shown.MUTED).judged(Privacy())
    assert words == (
        "screen muted, caller could hear for 90.000 s from 10.000 s on; at most 9.500 s can be "
        "excused"
    )
