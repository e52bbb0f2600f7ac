"""I8: effects in the order of the presses."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Ending
from offhook_scenarios.oracles.monotonic_writes import MonotonicWrites


def twice() -> Story:
    """Mute and unmute, pressed in one instant."""
    return Story().presses(1, muted=True).presses(1, muted=False)


@pytest.mark.parametrize(
    "story",
    [
        twice().writes(2, 1, muted=True).writes(3, 2, muted=False),
        twice().writes(2, 1, muted=False),
        twice().writes(2, 1, muted=True).writes(3, 2, muted=True).writes(4, 3, muted=False),
        # A mute that was adopted from somebody else, and set again.
        Story()
        .presses(1, muted=False)
        .writes(2, 1, muted=False)
        .writes(3, 2, muted=True, cause=Cause.ADMIN)
        .writes(4, 3, muted=False, cause=Cause.DEFAULT_RESET)
        .writes(5, 4, muted=True),
        # What a client does before anybody has pressed anything.
        Story().writes(2, 1, muted=True).presses(5, muted=False).writes(6, 2, muted=False),
        Story().writes(2, 1, muted=True),
    ],
)
def test_in_the_order_of_the_presses_all_is_well(story: Story) -> None:
    assert story.judged(MonotonicWrites()) == []


def test_effects_that_changed_places_are_found() -> None:
    story = twice().writes(2, 1, muted=False).writes(3, 2, muted=True)
    assert story.judged(MonotonicWrites()) == ["an older mute took effect after a later press had"]


def test_numbers_are_believed_where_there_are_any() -> None:
    story = twice().writes(2, 1, muted=True, intent="a:2").writes(3, 2, muted=True, intent="a:1")
    assert story.judged(MonotonicWrites()) == ["intent 1 took effect after intent 2"]
    other = Story().writes(2, 1, muted=True, intent="a:2").writes(3, 2, muted=True, intent="b:1")
    assert other.judged(MonotonicWrites()) == []


@pytest.mark.parametrize(("status", "count"), [(403, 0), (503, 1)])
def test_a_mute_that_undoes_what_was_refused_for_good_is_no_new_one(
    status: int, count: int
) -> None:
    story = Story().presses(1, muted=True).writes(2, 1, muted=True)
    story = story.presses(5, muted=False, ended_at=6, ending=Ending.FAILED)
    story = story.answered(5.9, status, path="/mute")
    story = story.writes(8, 2, muted=False).writes(9, 3, muted=True)
    assert len(story.judged(MonotonicWrites())) == count
