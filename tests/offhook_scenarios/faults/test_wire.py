"""Bytes by what they say: which are met, what befalls them, and that it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.plan.plan import Press, Wire
from offhook_scenarios.plan.wire import Action, Break, Delay, Drip, Drop, End, Hold, Lose, When

if TYPE_CHECKING:
    from tests.offhook_scenarios.faults.conftest import Play

MUTED = When(way="down", contains="HTTP/1.1 204")
"""The answer to a mute."""
EVENT = When(way="down", link="events", contains="muteChanged")


def pressed(play: Play, *wires: Wire) -> tuple[float, dict[str, int], str | None]:
    """How long a press took, what bit, how it ended."""
    played = play(*wires, Press(at_s=2, muted=True))
    (history,) = played.histories
    press = history.presses[0]
    assert press.ended_at is not None
    return press.ended_at - press.at, played.bites, press.ending


@pytest.mark.parametrize(
    ("action", "takes_s", "kind"),
    [
        (Delay(delay_s=3), 3.0, "wire delay"),
        (Drip(size=100, gap_s=0.5), 2.0, "wire drip"),
        (Drop(), 0.0, "wire drop"),
        (Break(keep=20), 0.0, "wire break"),
        (End(keep=20), 0.0, "wire end"),
        (Lose(), 0.0, "wire lose"),
        (Hold(), 0.0, "wire hold"),
    ],
)
def test_each_action_befalls_the_answer_and_the_press_ends_well(
    play: Play, action: Action, takes_s: float, kind: str
) -> None:
    wires = [Wire(at_s=1, when=MUTED, action=action, lasts_s=30)]
    if takes_s:
        # Else its event would confirm the press at once.
        wires.append(Wire(at_s=1, when=EVENT, action=Delay(delay_s=20), lasts_s=30))
    took_s, bites, ending = pressed(play, *wires)
    assert bites[kind] >= 1
    assert ending == "ok"
    assert took_s == pytest.approx(takes_s, abs=1.0)
    assert took_s >= takes_s


def test_only_the_nth_that_fits_is_met_and_as_often_as_it_says(play: Play) -> None:
    when = When(way="up", contains="POST /api/v2/webrtc/clients", nth=2)
    wire = Wire(at_s=1, when=when, action=Delay(delay_s=0.1), times=2, lasts_s=60)
    presses = [Press(at_s=at, muted=at % 2 == 0) for at in range(2, 7)]
    assert play(wire, *presses).bites["wire delay"] == 2
    assert play(wire, *presses[:2]).bites["wire delay"] == 1
    assert play(wire, *presses[:1]).bites["wire delay"] == 0


@pytest.mark.parametrize(
    ("when", "bites"),
    [
        (When(contains="muteChanged", link="http"), False),
        (When(contains="muteChanged", link="events"), True),
        (When(contains="muteChanged", way="up"), False),
        (When(contains="Upgrade: websocket", link="events"), False),
        (When(contains="POST", link="http"), True),
    ],
)
def test_links_and_ways_are_told_apart(play: Play, when: When, *, bites: bool) -> None:
    wire = Wire(at_s=1, when=when, action=Delay(delay_s=0.01), lasts_s=5)
    played = play(wire, Press(at_s=2, muted=True))
    assert (played.bites["wire delay"] > 0) is bites


def test_other_desks_are_left_alone_and_it_ends_when_it_should(play: Play) -> None:
    wire = Wire(at_s=1, desk=2, when=MUTED, action=Break(), times=None, lasts_s=5)
    presses = (Press(at_s=2, muted=True), Press(at_s=9, desk=2, muted=True))
    assert play(wire, *presses, desks=2).bites["wire break"] == 0
