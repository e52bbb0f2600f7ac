"""I2 and I3: a lie within the bound is excused, a longer one is not, and each counts its own."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.adapters.adapter import Gate, Shown
from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.oracles.privacy import Privacy
from offhook_scenarios.oracles.stale_live import StaleLive
from offhook_scenarios.oracles.stretch import TooLong

BOUND_S = 9.5


@pytest.mark.parametrize("oracle", [Privacy(), StaleLive()])
@pytest.mark.parametrize(
    ("shown", "muted", "lasts_s", "found"),
    [
        (Shown.MUTED, False, BOUND_S, None),
        (Shown.MUTED, False, BOUND_S + 0.1, Invariant.I2),
        (Shown.LIVE, True, BOUND_S, None),
        (Shown.LIVE, True, BOUND_S + 0.1, Invariant.I3),
        (Shown.UNKNOWN, False, 90.0, None),
        (Shown.MUTING, False, 90.0, None),
    ],
)
def test_a_lie_is_a_finding_beyond_the_bound_only(
    oracle: TooLong, shown: Shown, *, muted: bool, lasts_s: float, found: Invariant | None
) -> None:
    story = Story().held(0, muted=muted).shows(1, shown).shows(1 + lasts_s, Shown.UNKNOWN)
    assert bool(story.judged(oracle)) is (found is oracle.id)


def test_a_finding_is_sure_when_the_bound_has_run_out_and_shows_what_it_is_about() -> None:
    story = Story().held(0, muted=False).shows(20, Shown.MUTED).hears(1, 1).hears(25, 2)
    (found,) = Privacy().judge(story.case())
    assert (found.at_s, found.desk, found.advisory) == (29.5, "desk 1", False)
    assert found.witness is not None
    assert [frame.at for frame in found.witness.heard] == [25]
    assert found.witness.truths == story.history.truths


def test_a_gate_that_is_cut_lets_nobody_hear() -> None:
    story = Story().held(0, muted=False).shows(1, Shown.MUTED, gate=Gate.CUT)
    assert story.judged(Privacy()) == []
