"""The ground of a play: desks by number, acts of all or one, rules that tell when they bite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.plan.plan import Press

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


def test_a_desk_is_found_by_its_number(by_hand: Callable[..., ByHand]) -> None:
    ground = by_hand(desks=2).ground
    assert [ground.seat(desk).host for desk in (1, 2)] == ["desk-1", "desk-2"]


def test_an_act_is_of_one_desk_or_of_all(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand(desks=2)
    hand.ground.act("network", "hums")
    hand.ground.act("network", "crackles", 2)
    told = [[act.what for act in history.acts] for history in hand.floor.so_far().histories]
    assert told == [["hums"], ["hums", "crackles"]]


def test_a_rule_tells_each_bite(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    bites: list[str] = []
    match = Match(operation="postWebrtcClientMute")
    spec = RuleSpec(match=match, fault=ReplyFault(status=503), times=2)
    rule = hand.ground.server.faults.add(spec, id="mine")
    hand.ground.when_bitten(rule.id, lambda: bites.append(rule.id))
    hand.ground.when_bitten("another", lambda: bites.append("another"))
    hand.do(Press(at_s=0, muted=True))
    hand.wait(10)
    assert bites == ["mine", "mine"]
