"""Partitions: they may overlap, hold what is sent, and let it all through at last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.plan.plan import Force, Partition

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


@pytest.mark.parametrize("way", ["both", "up", "down"])
def test_it_bites_for_each_segment_that_is_held_up_and_leaves_nothing_behind(
    by_hand: Callable[..., ByHand], way: str
) -> None:
    hand = by_hand()
    usual = list(hand.network.taps)
    fault = hand.do(Partition(at_s=0, way=way, lasts_s=20), then_s=10)  # type: ignore[arg-type]  # - each of them.
    path = hand.world.network.path("desk-1", "server")
    back = hand.world.network.path("server", "desk-1")
    assert (path.held, back.held) == (way != "down", way != "up")
    assert fault.bites > 0
    hand.wait(11)
    assert fault.healed
    assert (path.held, back.held, hand.network.taps) == (False, False, usual)


def test_the_last_of_two_that_overlap_opens_the_path(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    path = hand.world.network.path("desk-1", "server")
    hand.do(Partition(at_s=0, lasts_s=8), then_s=1)
    short = hand.do(Partition(at_s=0, way="up", lasts_s=2), then_s=3)
    assert short.healed
    assert path.held
    hand.wait(5)
    assert not path.held


def test_news_comes_late_and_in_order(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    hand.do(Partition(at_s=0, way="down", lasts_s=3))
    for muted in (True, False, True):
        hand.do(Force(at_s=0, muted=muted))
    hand.wait(5)
    heard = [each for each in hand.floor.so_far().histories[0].heard if each.type == "muteChanged"]
    assert [each.muted for each in heard] == [True, False, True]
    assert not hand.ground.parted._piles
