"""I14: what was last asked for, once all is quiet."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Ending, Shown
from offhook_scenarios.oracles.last_intent import LastIntent

QUIET = ((20.0, 60.0),)


def pressed(ending: Ending | None, *, muted: bool = False) -> Story:
    return Story().held(0, muted=not muted).presses(5, muted=muted, ended_at=6, ending=ending)


def overtaken(*, shown: Shown = Shown.UNMUTING) -> Story:
    return pressed(Ending.OVERTAKEN).shows(5, shown)


def undone(*, times: int) -> Story:
    story = pressed(Ending.OK, muted=True)
    for rev in range(1, 2 * times, 2):
        story = story.writes(5 + rev, rev, muted=True)
        story = story.writes(5.5 + rev, rev + 1, muted=False, cause=Cause.DEFAULT_RESET)
    return story


@pytest.mark.parametrize(
    "story",
    [
        Story().held(0, muted=True),
        pressed(Ending.OK).writes(5, 1, muted=False),
        # Somebody else has set it since, whatever the client says.
        pressed(Ending.OK).writes(5, 1, muted=False).writes(7, 2, muted=True, cause=Cause.ADMIN),
        pressed(Ending.OK).writes(5, 1, muted=True, cause=Cause.DEFAULT_RESET),
        # The server has undone it by itself, again and again.
        undone(times=6),
        # The client has said that it came to nothing.
        pressed(Ending.FAILED),
        pressed(Ending.FORCED),
        # What the epilogue's presses achieve comes after the checkpoint.
        pressed(Ending.FORCED).presses(70, muted=False).writes(70, 1, muted=False),
        # Somebody else's mute was news to it, or may be behind an answer that was lost.
        overtaken().writes(4, 1, muted=True, cause=Cause.ADMIN),
        overtaken().asks(5, path="/mute"),
        overtaken(shown=Shown.UNKNOWN),
        Story(watched=False)
        .held(0, muted=True)
        .presses(5, muted=False, ended_at=6, ending=Ending.OVERTAKEN),
        # It did not say, and nobody accepted it.
        pressed(None),
        # Another device is there since.
        pressed(Ending.OK).held(10, muted=True, device="d9"),
        # Pressed only after it was quiet.
        Story().held(0, muted=True).presses(30, muted=False, ended_at=31, ending=Ending.OK),
    ],
)
def test_a_wish_that_holds_or_is_excused(story: Story) -> None:
    assert story.judged(LastIntent(), checkpoints=QUIET) == []


@pytest.mark.parametrize(
    ("story", "says"),
    [
        (
            pressed(Ending.OK),
            "calls it ok, nobody else has set mute since, and the server holds muted",
        ),
        (
            pressed(Ending.OVERTAKEN, muted=True)
            .writes(6, 1, muted=True)
            .writes(7, 2, muted=False),
            "overtaken",
        ),
        # Nobody was there who could have overtaken it.
        (overtaken(), "overtaken"),
        (overtaken().writes(4, 1, muted=True, cause=Cause.ADMIN).hears(4.1, 1), "overtaken"),
        (pressed(Ending.OVERTAKEN, muted=True), "overtaken"),
        # It was pressed in the instant in which all was quiet.
        (
            pressed(Ending.OK)
            .writes(5, 1, muted=False)
            .presses(20, muted=True, ended_at=20, ending=Ending.OK),
            "the mute pressed at 20.000 s",
        ),
        # What somebody sets after the checkpoint excuses nothing.
        (
            pressed(Ending.OK).writes(60, 1, muted=True, cause=Cause.ADMIN),
            "nobody else has set mute since",
        ),
        (undone(times=5), "nobody else has set mute since"),
        (
            pressed(None).writes(6, 1, muted=False).writes(7, 2, muted=True),
            "says nothing of how it ended",
        ),
        (pressed(Ending.FAILED).writes(6, 1, muted=False).writes(7, 2, muted=True), "failed"),
    ],
)
def test_a_wish_that_was_lost(story: Story, says: str) -> None:
    (words,) = story.judged(LastIntent(), checkpoints=QUIET)
    assert says in words


def test_it_is_told_once() -> None:
    assert len(pressed(Ending.OK).judged(LastIntent(), checkpoints=((20, 60), (60, 90)))) == 1


def test_who_never_says_how_a_press_ended_is_told_so() -> None:
    assert LastIntent().unjudged(pressed(None).case()) is not None
    assert LastIntent().unjudged(pressed(Ending.OK).case()) is None


def refused_and_late(status: int, *, told_at: float = 5.9) -> Story:
    """An unmute is refused and called failed; its first attempt arrives, and is undone."""
    story = (
        Story().writes(3, 1, muted=True).presses(5, muted=False, ended_at=6, ending=Ending.FAILED)
    )
    story = story.answered(told_at, status, path="/mute")
    return story.writes(8, 2, muted=False).writes(9, 3, muted=True)


def test_what_was_refused_for_good_may_be_undone_when_it_comes_after_all() -> None:
    assert refused_and_late(403).judged(LastIntent(), checkpoints=QUIET) == []
    # The deadline was over before the refusal came.
    assert refused_and_late(403, told_at=7).judged(LastIntent(), checkpoints=QUIET) == []
    assert len(refused_and_late(403, told_at=9).judged(LastIntent(), checkpoints=QUIET)) == 1
    assert len(refused_and_late(503).judged(LastIntent(), checkpoints=QUIET)) == 1
