"""Connections that go dead while new ones work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook_scenarios.plan.plan import Force, HalfOpen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


def test_the_present_ones_are_silent_and_the_client_dials_new_ones(
    by_hand: Callable[..., ByHand],
) -> None:
    hand = by_hand()
    before = hand.network.connections(1)
    fault = hand.do(HalfOpen(at_s=0))
    assert fault.bites == len(before) > 0
    hand.do(Force(at_s=0, muted=True))
    hand.wait(40)
    assert hand.floor.so_far().histories[0].sightings[-1].belief.shown == "muted"
    assert set(hand.network.connections(1)) - set(before)
    fault.heal()
    assert not hand.ground.held._piles


def test_healed_what_was_sent_meanwhile_arrives(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    fault = hand.do(HalfOpen(at_s=0, lasts_s=3))
    hand.do(Force(at_s=0, muted=True))
    hand.wait(2.9)
    (history,) = hand.floor.so_far().histories
    assert not any(each.muted for each in history.heard)
    hand.wait(0.3)
    assert fault.healed
    (history,) = hand.floor.so_far().histories
    assert any(each.muted for each in history.heard)
