"""Rules of the mock as faults of a plan: whose, how long, how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook.faults.kinds import DelayFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook_scenarios.plan.plan import Fault, Press

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand

MUTE = Match(operation="postWebrtcClientMute")


def test_it_bites_one_desk_and_is_lifted(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand(desks=2)
    rule = RuleSpec(match=MUTE, fault=ReplyFault(status=503), times=None)
    fault = hand.do(Fault(at_s=0, desk=2, rule=rule, lasts_s=4))
    for desk in (1, 2):
        hand.do(Press(at_s=0, desk=desk, muted=True))
    hand.wait(3)
    assert fault.bites > 1
    first, second = hand.floor.so_far().histories
    assert [each.status for each in first.requests if each.operation == MUTE.operation] == [204]
    assert {each.status for each in second.requests if each.operation == MUTE.operation} == {503}
    hand.wait(2)
    assert hand.ground.server.faults.rules() == ()


def test_what_it_decided_counts_though_it_has_been_lifted_meanwhile(
    by_hand: Callable[..., ByHand],
) -> None:
    hand = by_hand()
    rule = RuleSpec(match=MUTE, fault=DelayFault(delay_s=3))
    fault = hand.do(Fault(at_s=0, rule=rule, lasts_s=1))
    hand.do(Press(at_s=0, muted=True))
    hand.wait(2)
    assert (fault.healed, fault.bites) == (True, 0)
    hand.wait(2)
    assert fault.bites == 1
