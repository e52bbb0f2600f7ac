"""Whether another hand may have been there, of which the client had not heard."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Shown
from offhook_scenarios.oracles.overtaking import may_be_overtaken

KNOWS = Story().writes(0, 1, muted=False).hears(1, 1, muted=False).shows(1, Shown.LIVE)
BY_ADMIN = KNOWS.writes(4, 2, muted=True, cause=Cause.ADMIN)


def may_be(story: Story, *, watched: bool = True) -> bool:
    if not watched:
        story = story._changed(watched=False)
    history = story.presses(5, muted=False).history
    return may_be_overtaken(history, history.presses[-1], 10.0)


@pytest.mark.parametrize(
    "story",
    [
        BY_ADMIN,
        # Heard too shortly before to have been seen.
        BY_ADMIN.hears(4.95, 2, muted=True),
        KNOWS.shows(2, Shown.UNKNOWN),
        KNOWS.asks(3, path="/mute"),
    ],
)
def test_a_set_that_was_not_heard_of_and_an_answer_that_was_lost(story: Story) -> None:
    assert may_be(story)


def test_bytes_that_nobody_read_may_have_hidden_anything() -> None:
    assert may_be(KNOWS, watched=False)


@pytest.mark.parametrize(
    "story",
    [
        KNOWS,
        BY_ADMIN.hears(4.1, 2, muted=True),
        # The answer that tells of it counts as well, and an own set is nobody else's.
        BY_ADMIN.answered(4.1, rev=2, muted=True),
        KNOWS.writes(4, 2, muted=True),
        KNOWS.asks(3, path="/mute").answered(3.1, 204, path="/mute"),
        KNOWS.asks(3, path="/mute").answered(10.0, 503, path="/mute"),
    ],
)
def test_nobody_was_there(story: Story) -> None:
    assert not may_be(story)
