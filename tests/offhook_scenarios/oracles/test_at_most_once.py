"""I5: second effects, by number and by counting."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Ending, Restart
from offhook_scenarios.faults.client import WORDS
from offhook_scenarios.oracles.at_most_once import AtMostOnce


@pytest.mark.parametrize(
    "story",
    [
        Story().presses(1, muted=True).writes(1, 1, muted=True, intent="a:1"),
        # The same number after the server has lost its memory, and in two epochs.
        Story()
        .writes(1, 1, muted=True, intent="a:1")
        .writes(9, 1, muted=True, intent="a:1", epoch=2),
        # A mute is set again because it did not hold.
        Story()
        .presses(1, muted=True)
        .writes(1, 1, muted=True, intent="a:1")
        .writes(2, 2, muted=False, cause=Cause.DEFAULT_RESET)
        .writes(3, 3, muted=True, intent="a:2"),
        # It was undone by nobody, or wanted by others before there was this device.
        Story()
        .writes(1, 1, muted=True, cause=Cause.ADMIN)
        .writes(2, 2, muted=False, cause=Cause.DEFAULT_RESET)
        .writes(3, 3, muted=True),
        Story().writes(1, 1, muted=True, cause=Cause.ADMIN).writes(9, 1, muted=True, epoch=2),
        # The headset's mute, undone by an own unmute that was on its way (seed 4581, no versions).
        Story()
        .presses(1, muted=False)
        .writes(2, 1, muted=True, cause=Cause.HEADSET)
        .writes(3, 2, muted=False)
        .writes(4, 3, muted=True),
        # Two presses, two effects; a no-op makes nobody live.
        Story()
        .presses(1, muted=False)
        .writes(1, 1, muted=False)
        .writes(2, 2, muted=True, cause=Cause.ADMIN)
        .presses(3, muted=False)
        .writes(3, 3, muted=False)
        .writes(4, 4, muted=False),
    ],
)
def test_one_effect_for_one_intent(story: Story) -> None:
    assert story.judged(AtMostOnce()) == []


def test_the_same_number_twice_is_found() -> None:
    story = Story().writes(1, 1, muted=True, intent="a:1").writes(3, 2, muted=True, intent="a:1")
    assert story.judged(AtMostOnce()) == ["intent a:1 took effect twice, 2.000 s apart"]


def test_a_press_that_made_the_microphone_live_twice_is_found() -> None:
    story = Story().presses(1, muted=False).writes(1, 1, muted=False)
    story = story.writes(2, 2, muted=True, cause=Cause.ADMIN).writes(3, 3, muted=False)
    assert story.judged(AtMostOnce()) == [
        "the client made the microphone live 2 times, and unmute was pressed 1 times"
    ]


@pytest.mark.parametrize("cause", [Cause.ADMIN, Cause.HEADSET])
def test_a_mute_that_a_person_has_undone_is_not_set_again(cause: Cause) -> None:
    story = Story().presses(1, muted=True).writes(1, 1, muted=True)
    story = story.writes(2, 2, muted=False, cause=cause).hears(2, 2, muted=False)
    assert story.writes(3, 3, muted=True).judged(AtMostOnce()) == [
        "the client made the microphone muted 2 times, and mute was pressed 1 times"
    ]


def test_a_mute_of_others_that_they_have_undone_is_no_wish_to_set_again() -> None:
    # Only an own unmute that was on its way gives it back.
    story = Story().presses(1, muted=True).writes(1, 1, muted=True)
    story = story.writes(2, 2, muted=False, cause=Cause.ADMIN)
    story = story.writes(3, 3, muted=True, cause=Cause.ADMIN)
    story = story.writes(4, 4, muted=False, cause=Cause.ADMIN).hears(4, 4, muted=False)
    assert len(story.writes(5, 5, muted=True).judged(AtMostOnce())) == 1
    own = story.writes(5, 5, muted=True, cause=Cause.ADMIN).presses(5, muted=False)
    own = own.writes(6, 6, muted=False).writes(7, 7, muted=True)
    assert own.judged(AtMostOnce()) == []


def test_a_headset_that_only_a_snapshot_told_of_may_have_made_no_gesture() -> None:
    # Seed 7967: the event was held back, and a snapshot tells of no gesture; the mute wins.
    story = Story().presses(1, muted=True).writes(1, 1, muted=True)
    story = story.writes(2, 2, muted=False, cause=Cause.HEADSET).answered(2.5, rev=2, muted=False)
    assert story.writes(3, 3, muted=True).hears(4, 2, muted=False).judged(AtMostOnce()) == []


def test_a_gesture_that_was_told_while_leaving_may_not_have_been_read() -> None:
    story = Story().presses(1, muted=True).writes(1, 1, muted=True)
    story = story.writes(2, 2, muted=False, cause=Cause.HEADSET)
    story = story.hears(2.3, 2, muted=False, leaving=True)
    assert story.writes(3, 3, muted=True).judged(AtMostOnce()) == []


@pytest.mark.parametrize(("sent_at", "found"), [(2.2, 0), (2.4, 1)])
def test_a_gesture_that_is_told_while_the_mute_is_on_its_way_comes_too_late(
    sent_at: float, found: int
) -> None:
    # Seed 905160: the event was there 0.1 s after the mute was sent, and before it arrived.
    story = Story().presses(1, muted=True).writes(1, 1, muted=True)
    story = story.writes(2, 2, muted=False, cause=Cause.HEADSET).hears(2.3, 2, muted=False)
    story = story.asks(sent_at, path="/mute", muted=True).writes(3, 3, muted=True)
    assert len(story.judged(AtMostOnce())) == found


def test_a_program_that_was_started_since_was_not_told_of_the_gesture() -> None:
    # Seed 103828 of an older swarm: the event was heard, and the program restarted after it.
    story = Story().presses(1, muted=True).writes(1, 1, muted=True)
    story = story.writes(2, 2, muted=False, cause=Cause.HEADSET).hears(2, 2, muted=False)
    anew = story.acts(2.5, WORDS[Restart.PROCESS])
    assert anew.writes(3, 3, muted=True).judged(AtMostOnce()) == []
    slept = story.acts(2.5, WORDS[Restart.SLEEP])
    assert len(slept.writes(3, 3, muted=True).judged(AtMostOnce())) == 1


def test_a_toggle_that_was_repeated_is_found() -> None:
    story = Story().presses(1, muted=True).writes(1, 1, muted=True).writes(2, 2, muted=False)
    assert len(story.judged(AtMostOnce())) == 1


def test_without_numbers_repeated_mutes_cannot_be_told_apart_and_it_says_so() -> None:
    unnumbered = Story().presses(1, muted=True).writes(1, 1, muted=True).case()
    assert AtMostOnce().unjudged(unnumbered) is not None
    assert AtMostOnce().unjudged(Story().writes(1, 1, muted=True, intent="a:1").case()) is None
    assert AtMostOnce().unjudged(Story().case()) is None


@pytest.mark.parametrize(("status", "count"), [(403, 0), (503, 1)])
def test_a_mute_that_undoes_what_was_refused_for_good_is_no_new_one(
    status: int, count: int
) -> None:
    story = Story().presses(1, muted=True).writes(2, 1, muted=True)
    story = story.presses(5, muted=False, ended_at=6, ending=Ending.FAILED)
    story = story.answered(5.9, status, path="/mute")
    story = story.writes(8, 2, muted=False).writes(9, 3, muted=True)
    assert len(story.judged(AtMostOnce())) == count


@pytest.mark.parametrize("kind", ["subscribed", "heartbeat"])
def test_what_names_a_version_without_its_value_tells_of_no_gesture(kind: str) -> None:
    story = Story().presses(1, muted=True).writes(1.5, 1, muted=True)
    story = story.writes(2, 2, muted=False, cause=Cause.HEADSET).hears(2.4, 2, kind=kind)
    assert story.writes(3, 3, muted=True).judged(AtMostOnce()) == []
