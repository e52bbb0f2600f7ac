"""I2: its words, and the client's own switch. The cases of the lie are in test_stretch."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.adapters.adapter import Gate, Shown
from offhook_scenarios.oracles.privacy import Privacy


def test_it_says_who_could_hear_for_how_long() -> None:
    (words,) = Story().held(0, muted=False).shows(10, Shown.MUTED).judged(Privacy())
    assert words == (
        "screen muted, caller could hear for 90.000 s from 10.000 s on; at most 9.500 s can be "
        "excused"
    )


LIVE = Story().held(0, muted=False)


@pytest.mark.parametrize(
    "story",
    [
        LIVE.shows(1, Shown.LIVE, gate=Gate.OPEN, switch=Gate.OPEN),
        LIVE.shows(1, Shown.UNKNOWN, gate=Gate.CUT, switch=Gate.CUT),
        LIVE.shows(1, Shown.UNKNOWN, gate=Gate.CUT),
        # In time, and while the server lets nobody hear anyway.
        LIVE.shows(1, Shown.UNKNOWN, gate=Gate.CUT, switch=Gate.OPEN).shows(
            1.1, Shown.UNKNOWN, gate=Gate.CUT, switch=Gate.CUT
        ),
        Story().held(0, muted=True).shows(1, Shown.MUTED, gate=Gate.CUT, switch=Gate.OPEN),
        Story()
        .held(0, muted=True)
        .shows(1, Shown.MUTED, gate=Gate.CUT, switch=Gate.OPEN)
        .shows(8, Shown.UNKNOWN, gate=Gate.CUT, switch=Gate.CUT)
        .held(9, muted=False),
    ],
)
def test_a_switch_that_is_where_the_client_says_is_right(story: Story) -> None:
    assert story.judged(Privacy()) == []


def test_a_switch_that_is_open_though_it_is_said_to_be_cut_is_found() -> None:
    story = LIVE.shows(1, Shown.UNKNOWN, gate=Gate.CUT, switch=Gate.OPEN)
    assert story.judged(Privacy()) == [
        "the client says that its switch is cut, and the caller can hear through it"
    ]


def test_it_is_found_also_where_the_server_has_muted_since() -> None:
    story = LIVE.shows(1, Shown.UNKNOWN, gate=Gate.CUT, switch=Gate.OPEN).held(3, muted=True)
    assert len(story.judged(Privacy())) == 1


OPEN = LIVE.shows(1, Shown.LIVE, gate=Gate.OPEN)


CUT = OPEN.presses(10, muted=True, ended_at=20).shows(10, Shown.MUTING, gate=Gate.CUT)


@pytest.mark.parametrize(
    "story",
    [
        OPEN.presses(10, muted=True).shows(10, Shown.MUTING, gate=Gate.CUT),
        OPEN.presses(10, muted=True).shows(10.1, Shown.MUTING, gate=Gate.CUT),
        # The server was quicker, the wish has ended, or it is another by then.
        OPEN.presses(10, muted=True).held(10.05, muted=True),
        OPEN.presses(10, muted=True, ended_at=10.05),
        OPEN.presses(10, muted=True).presses(10.05, muted=False),
        OPEN.presses(10, muted=False),
        # Opened again for an instant, or when the wish had ended, or was another.
        CUT.shows(12, Shown.UNKNOWN, gate=Gate.OPEN).shows(12.1, Shown.UNKNOWN, gate=Gate.CUT),
        CUT.shows(25, Shown.LIVE, gate=Gate.OPEN),
        CUT.presses(11, muted=False).shows(12, Shown.UNMUTING, gate=Gate.OPEN),
        # Who has no switch owes none.
        LIVE.shows(1, Shown.LIVE).presses(10, muted=True),
    ],
)
def test_who_presses_mute_is_heard_no_more_through_the_own_switch(story: Story) -> None:
    assert story.judged(Privacy()) == []


def test_a_switch_that_stays_open_when_mute_is_pressed_is_found() -> None:
    story = OPEN.presses(10, muted=True).shows(10, Shown.MUTING, gate=Gate.OPEN)
    (words,) = story.held(11, muted=True).judged(Privacy())
    assert words.startswith("mute was pressed at 10.000 s, and 0.12 s later the caller could hear")


def test_a_switch_that_opens_again_while_mute_is_wanted_is_found() -> None:
    """A client that would rather be heard than cut off, as soon as it is in doubt."""
    (words,) = CUT.shows(12, Shown.UNKNOWN, gate=Gate.OPEN).judged(Privacy())
    assert words.startswith("mute was pressed at 10.000 s, and 2.12 s later the caller could hear")
