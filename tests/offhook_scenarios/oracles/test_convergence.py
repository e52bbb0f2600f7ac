"""I1: right at each checkpoint, for as long as nothing changes."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.adapters.adapter import Shown
from offhook_scenarios.oracles.convergence import Convergence

QUIET = ((10.0, 60.0),)


@pytest.mark.parametrize(
    "story",
    [
        Story().held(0, muted=True).shows(1, Shown.MUTED),
        Story().held(0, muted=True).shows(1, Shown.UNKNOWN).shows(59, Shown.MUTED),
        Story().held(0, muted=True).shows(1, Shown.LIVE).shows(30, Shown.MUTED),
        Story().held(0, muted=True).shows(1, Shown.MUTED).held(60, muted=False),
    ],
)
def test_right_in_the_end_is_enough(story: Story) -> None:
    assert story.judged(Convergence(), checkpoints=QUIET) == []


@pytest.mark.parametrize(
    ("story", "says"),
    [
        (Story().held(0, muted=True).shows(1, Shown.LIVE), "it says live, the device is"),
        (Story().held(0, muted=True).shows(1, Shown.UNKNOWN), "it says unknown"),
        (Story().held(0, muted=True).shows(1, Shown.MUTING), "it says muting"),
        (
            Story().held(0, muted=True).shows(1, Shown.MUTED).shows(59, Shown.UNKNOWN),
            "it says unknown",
        ),
        (Story().held(0, muted=True), "it says unknown, the device is connected and muted"),
        (Story(), "the device is not there"),
    ],
)
def test_wrong_or_silent_at_the_end_is_a_finding(story: Story, says: str) -> None:
    (words,) = story.judged(Convergence(), checkpoints=QUIET)
    assert "not right 50.0 s after all was quiet, at 60.0 s" in words
    assert says in words


def test_each_checkpoint_counts_for_itself() -> None:
    story = Story().held(0, muted=True).shows(1, Shown.MUTED).shows(70, Shown.LIVE)
    assert len(story.judged(Convergence(), checkpoints=((10, 60), (65, 90)))) == 1
