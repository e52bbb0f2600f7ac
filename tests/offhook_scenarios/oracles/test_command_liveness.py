"""I9: each press ends, in time, truly, and visibly."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Ending, Shown
from offhook_scenarios.history import Probe
from offhook_scenarios.oracles.command_liveness import CommandLiveness

OK, FAILED, SUPERSEDED = Ending.OK, Ending.FAILED, Ending.SUPERSEDED
OVERTAKEN, FORCED = Ending.OVERTAKEN, Ending.FORCED
DEADLINE_S = 10.5


def muted_at_once() -> Story:
    story = Story().held(0, muted=False).presses(1, muted=True, ended_at=2, ending=OK)
    return story.writes(1.5, 1, muted=True)


def done(
    before: Story | None = None,
    *,
    asked_at: float = 1.1,
    rev: int | None = 1,
    status: int = 204,
) -> Story:
    """A mute that was pressed at 1 and called failed at 3; its answer came at 1.6."""
    story = (before or Story()).held(0, muted=False)
    story = story.presses(1, muted=True, ended_at=3, ending=FAILED)
    story = story.writes(1.5, 1, muted=True).asks(asked_at, path="/mute", muted=True)
    return story.answered(1.6, status, rev=rev, path="/mute")


def toggled() -> Story:
    """A mute and an unmute before it, whose requests had to wait (seed 1010295)."""
    story = Story().presses(0.8, muted=True, ended_at=0.9, ending=SUPERSEDED)
    return story.presses(0.9, muted=False, ended_at=1, ending=SUPERSEDED)


def overtaken() -> Story:
    """The press of a desk that knew how things stood."""
    story = Story().writes(0, 1, muted=False).hears(0.1, 1, muted=False)
    story = story.shows(0.1, Shown.LIVE)
    return story.presses(1, muted=True, ended_at=2, ending=OVERTAKEN)


@pytest.mark.parametrize(
    "story",
    [
        muted_at_once().shows(2, Shown.MUTED),
        muted_at_once().shows(2, Shown.UNKNOWN),
        # Held already, or held by somebody else's doing.
        Story().held(0, muted=True).presses(1, muted=True, ended_at=2, ending=OK),
        # Overtaken by news that came at the same time.
        muted_at_once().writes(1.9, 2, muted=False).shows(2, Shown.LIVE),
        # Pressed again meanwhile.
        muted_at_once().presses(2, muted=False, ended_at=3, ending=FAILED).shows(2, Shown.LIVE),
        Story().presses(1, muted=True, ended_at=1 + DEADLINE_S, ending=FAILED),
        # A wish that failed may well be pursued.
        Story().presses(1, muted=True, ended_at=2, ending=FAILED).shows(2, Shown.MUTING),
        Story().presses(1, muted=True, ended_at=2, ending=OVERTAKEN).shows(2, Shown.LIVE),
        # Nobody waits for what has just been pressed, nor for a client that was restarted.
        Story().presses(95, muted=True),
        Story().presses(1, muted=True).acts(2, "restarts the client"),
        # Somebody did what it says.
        Story()
        .presses(1, muted=True, ended_at=2, ending=SUPERSEDED)
        .presses(2, muted=False, ended_at=3),
        Story().presses(1, muted=False, ended_at=2, ending=FORCED).answered(2, 403),
        Story(watched=False).presses(1, muted=False, ended_at=2, ending=FORCED),
        Story()
        .writes(0, 1, muted=True, cause=Cause.ADMIN)
        .presses(1, muted=False, ended_at=2, ending=FORCED),
        # Somebody else was there: after the press, or before it and not heard of yet.
        overtaken().writes(1.5, 2, muted=False, cause=Cause.ADMIN),
        Story()
        .writes(0, 1, muted=True, cause=Cause.ADMIN)
        .shows(0, Shown.LIVE)
        .presses(1, muted=False, ended_at=2, ending=OVERTAKEN),
        # An answer was lost, or nothing was known when it was pressed: who could tell?
        overtaken().asks(1.2, path="/mute", muted=True),
        overtaken().shows(0.9, Shown.UNKNOWN),
        # The answer was to an older request, said no, named no version, or came with the end.
        done(asked_at=0.5),
        done(toggled()),
        done(toggled().asks(0.85, path="/mute", muted=True)),
        done(status=503),
        done(rev=None),
        Story()
        .presses(1, muted=True, ended_at=11, ending=FAILED)
        .writes(10.9, 1, muted=True)
        .asks(8, path="/mute", muted=True)
        .answered(10.95, 204, rev=1, path="/mute"),
        # It was done, and undone at once.
        done().writes(2, 2, muted=False, cause=Cause.ADMIN),
        # A client that does not say how.
        Story().presses(1, muted=True, ended_at=2).shows(2, Shown.LIVE),
    ],
)
def test_an_end_in_time_and_true(story: Story) -> None:
    assert story.judged(CommandLiveness()) == []


@pytest.mark.parametrize(
    ("story", "says"),
    [
        (
            Story().presses(1, muted=True),
            (
                "the mute pressed at 1.000 s has not ended in 10.5 s; "
                "the interactive_deadline_s of its options is 10"
            ),
        ),
        (Story().presses(1, muted=False, ended_at=30, ending=OK), "has not ended in 10.5 s"),
        (
            Story().held(0, muted=False).presses(1, muted=True, ended_at=2, ending=OK),
            "ended as ok, and the server never held it",
        ),
        (muted_at_once().shows(2, Shown.LIVE), "ended as ok, and the screen says live"),
        (
            Story().presses(1, muted=True, ended_at=2, ending=OVERTAKEN).shows(1, Shown.MUTING),
            "ended as overtaken, and the screen still says muting",
        ),
        (
            Story().presses(1, muted=False, ended_at=2, ending=FORCED).shows(1, Shown.UNMUTING),
            "ended as forced, and the screen still says unmuting",
        ),
        (
            Story().presses(1, muted=True, ended_at=2, ending=SUPERSEDED),
            "ended as superseded, and nobody had pressed again",
        ),
        (
            Story().presses(1, muted=False, ended_at=2, ending=FORCED),
            "ended as forced, and no administrator had muted, nor had the server said so",
        ),
        (overtaken(), "ended as overtaken, and nobody else had set mute"),
        (
            overtaken().writes(3, 2, muted=False, cause=Cause.ADMIN),
            "ended as overtaken, and nobody else had set mute",
        ),
        (done(), "ended as failed, and the server had answered that it was done"),
        (
            done(toggled().asks(0.85, path="/mute", muted=True).answered(0.87, path="/mute")),
            "ended as failed, and the server had answered that it was done",
        ),
        # What came of the client after it should have answered is no excuse.
        (Story().presses(1, muted=True).acts(60, "restarts the client"), "has not ended in 10.5 s"),
    ],
)
def test_an_end_that_is_late_or_untrue(story: Story, says: str) -> None:
    assert any(says in words for words in story.judged(CommandLiveness()))


PROBE = Probe(at=90.0, until=93.0, wish=True)


@pytest.mark.parametrize(
    ("story", "says"),
    [
        (Story().held(0, muted=True).shows(91, Shown.MUTED), None),
        # An administrator has locked it (policy admin_force=locked).
        (Story().held(0, muted=False).shows(91, Shown.LIVE).answered(91, 403), None),
        (Story().held(0, muted=False).shows(91, Shown.LIVE), "is not in effect after 3.0 s"),
        (Story().held(0, muted=True).shows(91, Shown.MUTING), "is not shown after 3.0 s"),
    ],
)
def test_on_a_healthy_network_a_press_must_be_prompt(story: Story, says: str | None) -> None:
    found = story.judged(CommandLiveness(), probes=(PROBE,))
    assert (found == []) if says is None else (says in found[0])


def test_who_never_says_how_a_press_ended_is_told_so() -> None:
    oracle = CommandLiveness()
    assert oracle.unjudged(Story().presses(1, muted=True, ended_at=2).case()) is not None
    assert oracle.unjudged(muted_at_once().case()) is None
    assert oracle.unjudged(Story().case()) is None
