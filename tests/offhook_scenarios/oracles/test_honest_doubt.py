"""I13: claims while news is known to be missing."""

import pytest
from tests.offhook_scenarios.oracles.stories import THEIRS, Story

from offhook_scenarios.adapters.adapter import Gate, Restart, Shown
from offhook_scenarios.oracles.honest_doubt import HonestDoubt
from offhook_scenarios.plan.plan import Client, Plan

LIVE, MUTED, UNKNOWN = Shown.LIVE, Shown.MUTED, Shown.UNKNOWN


def told() -> Story:
    return Story().held(0, muted=False).answered(0, rev=0, muted=False).shows(0, LIVE)


@pytest.mark.parametrize(
    "story",
    [
        told().streams(0),
        # Down, and it says so; down for a moment; renewed without a gap.
        told()
        .streams(0, 10)
        .shows(10, UNKNOWN)
        .streams(12)
        .hears(12.1, 0, kind="subscribed")
        .shows(12.5, LIVE),
        told().streams(0, 10).streams(10.1).hears(10.11, 0, kind="subscribed"),
        # A server without versions tells nothing by its first frame: it is read.
        told()
        .streams(0, 10)
        .shows(10, UNKNOWN)
        .streams(12)
        .hears(12.1, None, kind="subscribed")
        .answered(12.4, muted=False)
        .shows(12.5, LIVE),
        told().streams(0, 10).streams(9),
        # Closing takes its time: the server's close frame is not yet the end, and the link may
        # go dead just then (seed 1312 of the swarm).
        told().streams(0, 11, closed_at=10).shows(11, UNKNOWN),
        told().streams(0, 14.2, closed_at=10).shows(14.2, UNKNOWN),
        # Who never had a socket polls.
        told(),
        # A frame that cannot be read, until something is told.
        told()
        .streams(0)
        .hears(10, None, kind="")
        .shows(10, UNKNOWN)
        .answered(11, rev=0, muted=False),
        told().streams(0).hears(10, None, kind="").hears(10.1, 0, kind="heartbeat"),
        # A version without its value, for a moment; with it; of somebody else's device.
        told().streams(0).hears(10, 1, kind="heartbeat").hears(10.1, 1, muted=False),
        told().streams(0).hears(10, 1, kind="heartbeat").shows(10, UNKNOWN),
        # Who was leaving need not have read it, nor what was no JSON (seed 915935).
        told().streams(0).hears(10, 1, kind="heartbeat", leaving=True),
        told().streams(0).hears(10, None, kind="", leaving=True),
        # If it was read, it tells a value like any other (seed 1002642).
        told().streams(0).hears(10, 1, muted=False, leaving=True).hears(11, 1, kind="heartbeat"),
        told().streams(0).hears(10, 9, kind="heartbeat", device=THEIRS),
        # Muting claims nothing; muted behind the own gate speaks of the microphone.
        told().streams(0, 10).shows(10, Shown.MUTING),
        told().streams(0, 10).shows(10, MUTED, gate=Gate.CUT),
    ],
)
def test_doubt_that_is_shown_or_over_is_honest(story: Story) -> None:
    assert story.judged(HonestDoubt()) == []


def test_who_sleeps_knows_of_nothing_until_awake() -> None:
    nap = Client(at_s=9, restart=Restart.SLEEP, lasts_s=5)
    asleep = told().streams(0, 10)
    assert asleep.shows(14, UNKNOWN).judged(HonestDoubt(), plan=Plan(steps=(nap,))) == []
    assert len(asleep.shows(15, UNKNOWN).judged(HonestDoubt(), plan=Plan(steps=(nap,)))) == 1


@pytest.mark.parametrize(
    ("story", "says", "advisory"),
    [
        (told().streams(0, 10), "live, though the event socket is known to be down", False),
        (told().streams(0, 10).shows(10, UNKNOWN).shows(20, LIVE), "known to be down", False),
        (told().streams(0, 30, closed_at=10), "known to be down", False),
        # It is up again, and tells nothing; what came when it was down may be old by now.
        (
            told()
            .streams(0, 10)
            .shows(10, UNKNOWN)
            .answered(11, rev=0, muted=False)
            .streams(12)
            .hears(12.1, None, kind="subscribed")
            .shows(12.5, LIVE),
            "live, though nothing has been told since the event socket was down",
            False,
        ),
        (
            told().streams(0, 10).shows(10, MUTED, gate=Gate.CUT, version=(1, 0)),
            "muted, though the event socket is known to be down",
            False,
        ),
        (told().streams(0).hears(10, None, kind=""), "a frame could not be read", False),
        (
            told().streams(0).hears(10, 3, kind="heartbeat"),
            "version 1.3 is known to be there, and not what it says",
            True,
        ),
        (
            told().streams(0).hears(10, 3, kind="heartbeat").answered(11, rev=2, muted=False),
            "version 1.3 is known",
            True,
        ),
    ],
)
def test_a_claim_in_doubt_is_found(story: Story, says: str, *, advisory: bool) -> None:
    (found,) = HonestDoubt().judge(story.case())
    assert says in found.words
    assert found.advisory is advisory


def test_each_doubt_is_told_once() -> None:
    story = told().streams(0, 10).shows(20, LIVE, version=(1, 0)).streams(30)
    story = story.hears(30.1, 0, kind="subscribed").streams(40, 41)
    assert len(story.judged(HonestDoubt())) == 1


def test_who_opens_no_socket_is_told_what_was_not_judged() -> None:
    assert HonestDoubt().unjudged(told().case()) is not None
    assert HonestDoubt().unjudged(told().streams(0).case()) is None
