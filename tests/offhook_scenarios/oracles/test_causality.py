"""I7: another hand's mute is not undone by an older press."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook.domain.views import Cause
from offhook_scenarios.oracles.causality import Causality

ADMIN = Cause.ADMIN


@pytest.mark.parametrize(
    "story",
    [
        # Before; pressed since; undone by the administrator; by the headset; no unmute at all.
        Story()
        .presses(1, muted=False)
        .writes(2, 1, muted=False)
        .writes(3, 2, muted=True, cause=ADMIN),
        Story()
        .writes(3, 1, muted=True, cause=ADMIN)
        .presses(4, muted=False)
        .writes(5, 2, muted=False),
        Story()
        .presses(1, muted=False)
        .writes(3, 1, muted=True, cause=ADMIN)
        .writes(4, 2, muted=False, cause=ADMIN)
        .writes(5, 3, muted=False),
        Story()
        .writes(3, 1, muted=True, cause=ADMIN)
        .writes(5, 2, muted=False, cause=Cause.HEADSET),
        Story()
        .presses(1, muted=True)
        .writes(3, 1, muted=True, cause=ADMIN)
        .writes(5, 2, muted=True),
        # The server's own policy had undone it when the link came back.
        Story()
        .presses(1, muted=False)
        .writes(3, 1, muted=True, cause=ADMIN)
        .writes(4, 2, muted=False, cause=Cause.DEFAULT_RESET)
        .writes(5, 3, muted=False),
        # Another epoch: what was forced went with the server's memory.
        Story()
        .presses(1, muted=False)
        .writes(3, 1, muted=True, cause=ADMIN)
        .writes(5, 1, muted=False, epoch=2),
    ],
)
def test_what_does_not_pass_a_mute_is_fine(story: Story) -> None:
    assert story.judged(Causality()) == []


def test_an_older_unmute_that_passed_is_found_and_is_advisory_while_nobody_could_know() -> None:
    story = Story().presses(1, muted=False).writes(3, 1, muted=True, cause=ADMIN)
    (found,) = Causality().judge(story.writes(5, 2, muted=False).case())
    assert "took effect 2.000 s after an administrator's mute" in found.words
    assert found.advisory


@pytest.mark.parametrize("knows_at", [3.5, 4.5])
def test_it_is_firm_once_the_news_had_been_delivered_before_the_request(knows_at: float) -> None:
    story = Story().presses(1, muted=False).writes(3, 1, muted=True, cause=ADMIN)
    story = story.hears(knows_at, 1, muted=True).writes(5, 2, muted=False, asked_at=4)
    (found,) = Causality().judge(story.case())
    assert found.advisory is (knows_at > 4)


def test_a_request_that_had_left_when_the_news_came_is_nobodys_mistake() -> None:
    # However long it was on its way: what counts is when it was sent, not when it arrived.
    story = Story().presses(1, muted=False).asks(1, path="/d1/mute", muted=False)
    story = story.writes(3, 1, muted=True, cause=ADMIN).hears(3.5, 1, muted=True)
    (found,) = Causality().judge(story.writes(5, 2, muted=False, asked_at=4.9).case())
    assert found.advisory
    again = story.answered(4, 503, path="/d1/mute").asks(4.5, path="/d1/mute", muted=False)
    (found,) = Causality().judge(again.writes(5, 2, muted=False, asked_at=4.9).case())
    assert not found.advisory


def test_a_mute_by_the_headset_is_meant_as_much() -> None:
    story = Story().presses(1, muted=False).writes(3, 1, muted=True, cause=Cause.HEADSET)
    story = story.hears(3.1, 1, muted=True)
    (found,) = Causality().judge(story.writes(5, 2, muted=False).case())
    assert "took effect 2.000 s after a headset's mute" in found.words
    assert not found.advisory
    assert story.presses(4, muted=False).writes(5, 2, muted=False).judged(Causality()) == []
    unmuted = story.writes(4, 2, muted=False, cause=Cause.HEADSET)
    assert unmuted.writes(5, 3, muted=False).judged(Causality()) == []


def test_what_the_server_mutes_by_itself_is_nobodys_word() -> None:
    story = Story().presses(1, muted=False).writes(3, 1, muted=True, cause=Cause.SYSTEM)
    assert story.writes(5, 2, muted=False).judged(Causality()) == []


def test_a_reset_that_mutes_undoes_nothing() -> None:
    story = Story().presses(1, muted=False).writes(3, 1, muted=True, cause=ADMIN)
    story = story.writes(4, 2, muted=True, cause=Cause.DEFAULT_RESET).writes(5, 3, muted=False)
    assert len(story.judged(Causality())) == 1


def in_one_breath() -> Story:
    """Mute and unmute are pressed; an administrator's mute lands before the first of them."""
    story = Story().presses(1, muted=True).presses(1.1, muted=False)
    return story.writes(2, 1, muted=True, cause=ADMIN).writes(3, 2, muted=True)


def test_a_mute_that_the_own_one_has_covered_untold_is_not_passed() -> None:
    story = in_one_breath().hears(3.5, 2, muted=True).writes(5, 3, muted=False, asked_at=4)
    assert story.judged(Causality()) == []


def test_it_is_once_it_was_told_of_by_itself() -> None:
    story = in_one_breath().hears(3.5, 1, muted=True).writes(5, 3, muted=False, asked_at=4)
    (found,) = Causality().judge(story.case())
    assert not found.advisory


def test_a_mute_that_comes_upon_the_own_one_is_not_covered_by_it() -> None:
    story = in_one_breath().writes(3.6, 3, muted=True, cause=ADMIN)
    assert len(story.writes(5, 4, muted=False, asked_at=4).judged(Causality())) == 1
