"""A session moment by moment."""

import re

import msgspec
import pytest

from offhook.faults.kinds import PushCloseFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.check.moments import Moment, moments
from offhook_scenarios.check.report import show
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.plan.plan import Cut, Fault, Force, Plan, Press

REFUSED = RuleSpec(match=Match(operation="postWebrtcClientMute"), fault=ReplyFault(status=503))


def told(plan: Plan, client: str = "reference") -> tuple[Moment, ...]:
    shown = show(plan, Setup(client=client))
    assert shown.played is not None
    assert shown.moments == moments(plan, shown.played)
    return shown.moments


def test_who_did_what_when_and_what_came_of_it() -> None:
    lines = [each.words for each in told(Plan(steps=(Press(at_s=1, muted=True),)), "naive")]
    assert lines[0].endswith("start        the screen says live, the caller hears nothing")
    assert "    1.00 s  agent        presses mute" in lines
    after = lines[lines.index("    1.00 s  agent        presses mute") + 1 :]
    assert any("caller       hears nothing" in line for line in after)
    assert any("screen       says muted" in line for line in after)
    assert "end          the screen says " in lines[-1]


def test_they_are_in_the_order_of_time_and_the_last_test_is_told() -> None:
    found = told(Plan(steps=(Cut(at_s=2), Force(at_s=1, muted=True))))
    assert [each.at_s for each in found] == sorted(each.at_s for each in found)
    whats = [each.what for each in found]
    assert whats.index("nothing is wrong any more") < whats.index(
        "the last test: everything is cut, everything is changed"
    )
    assert whats.count("cuts every connection") == 2
    assert "resets every connection of the desk" in whats


def test_a_fault_is_told_when_it_is_laid_out_and_when_it_bites() -> None:
    steps = (Fault(at_s=1, rule=REFUSED, lasts_s=9), Press(at_s=4, muted=True))
    found = [each for each in told(Plan(steps=steps)) if each.who == "server"]
    laid, bit, refused = found
    assert (laid.at_s, laid.what) == (
        1,
        "the next postWebrtcClientMute is answered 503 (within 9 s)",
    )
    assert bit.at_s == pytest.approx(4, abs=0.5)
    assert bit.what == "does it: reply postWebrtcClientMute"
    assert (refused.at_s, refused.what) == (bit.at_s, "answers postWebrtcClientMute with 503")


def test_what_is_refused_again_and_again_is_told_once() -> None:
    rule = msgspec.structs.replace(REFUSED, times=None)
    steps = (Fault(at_s=1, rule=rule, lasts_s=9), Press(at_s=4, muted=True))
    whats = [each.what for each in told(Plan(steps=steps)) if "with 503" in each.what]
    assert len(whats) == 1
    assert re.fullmatch(
        r"answers postWebrtcClientMute with 503, \d times until \d\.\d\d s", whats[0]
    )


def test_an_event_socket_comes_and_goes() -> None:
    found = told(Plan(steps=(Cut(at_s=2),)))
    _, lost, back, *_ = [each for each in found if each.who == "client"]
    assert found.index(lost) > [each.what for each in found].index(
        "resets every connection of the desk"
    )
    assert (lost.at_s, lost.what) == (2, "has lost its event socket")
    assert lost.at_s < back.at_s < 10
    assert back.what == "opens an event socket"


def test_a_close_code_is_told() -> None:
    rule = RuleSpec(match=Match(operation="muteChanged"), fault=PushCloseFault(code=4413))
    steps = (Fault(at_s=1, rule=rule, lasts_s=9), Force(at_s=4, muted=True))
    whats = [each.what for each in told(Plan(steps=steps))]
    assert "has lost its event socket, closed with 4413" in whats


def test_of_many_desks_each_is_told_apart() -> None:
    found = told(Plan(desks=2, steps=(Press(at_s=1, desk=2, muted=True),)))
    assert {"screen 1", "screen 2", "agent 2", "start 1"} <= {each.who for each in found}
