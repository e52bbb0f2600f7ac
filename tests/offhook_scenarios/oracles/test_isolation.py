"""I11: frames about another device."""

import msgspec
import pytest
from tests.offhook_scenarios.oracles.stories import THEIRS, Story

from offhook_scenarios.adapters.adapter import Shown
from offhook_scenarios.oracles.isolation import Isolation


def stray() -> Story:
    story = Story().held(0, muted=False).shows(0, Shown.LIVE)
    return story.hears(10, 5, muted=True, device=THEIRS)


@pytest.mark.parametrize(
    "story",
    [
        stray(),
        stray().shows(20, Shown.MUTED),
        # Something of its own came at the same time.
        stray().hears(10, 1, muted=True).shows(10, Shown.MUTED),
        stray().answered(10).shows(10, Shown.MUTED),
        stray().presses(10, muted=True).shows(10, Shown.MUTING),
        # What changed is not what is shown.
        stray().shows(10, Shown.LIVE, version=(1, 0)),
        Story()
        .held(0, muted=False)
        .shows(0, Shown.LIVE)
        .hears(10, 1, muted=True)
        .shows(10, Shown.MUTED),
    ],
)
def test_a_change_with_a_reason_of_its_own_is_fine(story: Story) -> None:
    assert story.judged(Isolation()) == []


def both(one: Story) -> list[str]:
    """Beside a desk that hears of its own device at 10."""
    case = one.case()
    other = Story(desk="desk 2").held(0, muted=False, device=THEIRS)
    other = other.hears(10, 5, muted=True, device=THEIRS)
    case = msgspec.structs.replace(case, histories=(*case.histories, other.history))
    return [finding.words for finding in Isolation().judge(case)]


def test_a_change_in_the_instant_in_which_another_desk_was_told_is_found() -> None:
    one = Story().held(0, muted=False).shows(1, Shown.LIVE)
    assert both(one.shows(10, Shown.MUTED)) == [
        "a frame muteChanged about d2 turned the screen from live to muted"
    ]
    assert both(one.shows(10.05, Shown.MUTED)) == []
    assert both(one.streams(2, 10).shows(10, Shown.UNKNOWN)) == []
    assert both(one.hears(10, 1, muted=True).shows(10, Shown.MUTED)) == []


def test_a_change_that_only_the_stray_frame_explains_is_found() -> None:
    assert stray().shows(10.01, Shown.MUTED).judged(Isolation()) == [
        "a frame muteChanged about d2 turned the screen from live to muted"
    ]
