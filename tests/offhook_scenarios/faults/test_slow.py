"""A slow network: each direction for itself, the latest wish counts, the weather comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook_scenarios.plan.plan import Slow
from offhook_scenarios.sim.path import Conditions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


def test_bytes_take_as_long_as_it_says_and_then_as_before(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    up = hand.world.network.path("desk-1", "server")
    down = hand.world.network.path("server", "desk-1")
    usual, taps = up.conditions, list(hand.network.taps)
    fault = hand.do(Slow(at_s=0, way="up", latency_s=0.5, jitter_s=0.1, lasts_s=20), then_s=15)
    assert up.conditions == Conditions(latency_s=0.5, jitter_s=0.1)
    assert down.conditions == usual
    assert fault.bites > 0
    hand.wait(6)
    assert (up.conditions, hand.network.taps) == (usual, taps)


def test_of_two_that_overlap_the_latest_counts(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    up = hand.world.network.path("desk-1", "server")
    hand.do(Slow(at_s=0, latency_s=1, lasts_s=9), then_s=1)
    hand.do(Slow(at_s=0, latency_s=2, lasts_s=3), then_s=1)
    assert up.conditions.latency_s == 2
    hand.wait(3)
    assert up.conditions.latency_s == 1
