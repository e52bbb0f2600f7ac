"""Doors that are shut: refused, or not even that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.plan.plan import Cut, Refuse
from offhook_scenarios.sim.listener import Door

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


@pytest.mark.parametrize("silent", [False, True])
def test_it_bites_for_each_dial_and_the_door_is_open_again(
    by_hand: Callable[..., ByHand], *, silent: bool
) -> None:
    hand = by_hand()
    fault = hand.do(Refuse(at_s=0, silent=silent, lasts_s=12))
    hand.do(Cut(at_s=0), then_s=11)
    assert hand.network.connections(1) == ()
    hand.wait(20)
    assert fault.bites > 0
    assert hand.network.connections(1)


def test_the_latest_of_two_counts_and_the_last_opens(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    listener = hand.world.network.listener(hand.ground.server.port, "server")
    doors = []
    hand.do(Refuse(at_s=0, silent=True, lasts_s=5), then_s=1)
    hand.do(Refuse(at_s=0, lasts_s=2))
    for _ in range(3):
        doors.append(listener.door)
        hand.wait(3)
    assert doors == [Door.REFUSING, Door.SILENT, Door.OPEN]
