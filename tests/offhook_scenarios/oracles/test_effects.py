"""Sets by the desk's own requests, and their presses."""

from tests.offhook_scenarios.oracles.stories import Story

from offhook.domain.views import Cause
from offhook_scenarios.oracles.effects import effects, others_between, own_writes


def test_only_what_a_request_made_is_the_desks_own() -> None:
    story = Story().writes(1, 1, muted=True).writes(2, 2, muted=False, cause=Cause.ADMIN)
    assert [write.version for write in own_writes(story.history)] == [(1, 1)]
    assert [write.version for write in others_between(story.history, 1, 9)] == [(1, 2)]
    assert others_between(story.history, 3, 9) == []


def test_each_effect_takes_the_earliest_press_that_is_not_older_than_the_one_before() -> None:
    story = Story().presses(1, muted=True).presses(2, muted=False).presses(3, muted=True)
    story = story.writes(4, 1, muted=True).writes(5, 2, muted=False).writes(6, 3, muted=True)
    assert [e.press and e.press.at for e in effects(story.history)] == [1, 2, 3]


def test_an_effect_before_its_press_has_none() -> None:
    story = Story().writes(1, 1, muted=True).presses(2, muted=True).writes(3, 2, muted=False)
    assert [effect.press for effect in effects(story.history)] == [None, None]
