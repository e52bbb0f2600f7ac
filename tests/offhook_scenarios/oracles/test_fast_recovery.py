"""I12: back in time after one clean drop."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.adapters.adapter import Ending, Gate, Shown
from offhook_scenarios.history import Probe
from offhook_scenarios.oracles.fast_recovery import FastRecovery

DROP = (Probe(at=80.0, until=83.0),)


@pytest.mark.parametrize(("back_at", "found"), [(82.9, False), (83.0, True), (90.0, True)])
def test_it_must_be_right_again_before_the_bound(back_at: float, *, found: bool) -> None:
    story = Story().held(0, muted=True).shows(0, Shown.MUTED).shows(80, Shown.UNKNOWN)
    words = story.shows(back_at, Shown.MUTED).judged(FastRecovery(), probes=DROP)
    assert bool(words) is found
    assert not words or "3.0 s after one clean drop" in words[0]


@pytest.mark.parametrize(
    ("closed_at", "code", "found"),
    [(19.0, 4401, True), (21.0, 4401, False), (21.0, 1000, True), (81.0, 4401, True)],
)
def test_whom_the_server_had_closed_meanwhile_was_not_healthy_for_so_long(
    closed_at: float, code: int, *, found: bool
) -> None:
    """Seed 917433: a token that had expired, 54 s before the drop; 60 s were declared."""
    story = Story().held(0, muted=True).shows(0, Shown.MUTED).shows(80, Shown.UNKNOWN)
    story = story.streams(1, closed_at, closed_at=closed_at, code=code).shows(90, Shown.MUTED)
    assert bool(story.judged(FastRecovery(), probes=DROP)) is found


def test_a_press_is_no_drop() -> None:
    press = (Probe(at=80.0, until=83.0, wish=True),)
    assert Story().judged(FastRecovery(), probes=press) == []


@pytest.mark.parametrize("gate", [Gate.CUT, Gate.OPEN])
def test_after_a_mute_in_vain_there_is_nothing_to_come_back_to(gate: Gate) -> None:
    path = "/api/v2/webrtc/clients/d1/mute"
    story = Story().held(0, muted=False).presses(10, muted=True, ending=Ending.FAILED)
    story = story.asks(10, path=path, muted=True).answered(10.1, 403, path=path)
    story = story.shows(10.1, Shown.UNKNOWN, gate=gate)
    assert bool(story.judged(FastRecovery(), probes=DROP)) is (gate is Gate.OPEN)
