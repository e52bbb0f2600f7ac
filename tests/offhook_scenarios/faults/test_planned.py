"""What all faults have in common: begun once, healed once, healed by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.offhook_scenarios.faults import steps

from offhook_scenarios.faults.catalogue import planned
from offhook_scenarios.plan.plan import Refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand

    from offhook_scenarios.plan.plan import Step


@pytest.mark.parametrize("kind", steps.ONE_OF_EACH)
def test_begun_or_healed_more_often_is_once_and_nothing_is_left(
    by_hand: Callable[..., ByHand], kind: str
) -> None:
    step: Step = steps.ONE_OF_EACH[kind]
    hand = by_hand()
    before = state(hand)
    fault = planned(step, hand.ground)
    fault.heal()
    assert fault.healed is False, "there is nothing to heal before it began"

    async def begin() -> None:
        fault.start()
        fault.start()

    hand.world.run(begin())
    hand.wait(1)
    fault.heal()
    fault.heal()
    assert state(hand) == before
    hand.wait(40)
    assert state(hand) == before, "its own timer came, and found it healed"


def state(hand: ByHand) -> list[object]:
    """All that a fault may change and must put back."""
    network, ground = hand.world.network, hand.ground
    paths = [network.path("desk-1", "server"), network.path("server", "desk-1")]
    return [
        list(network.taps),
        [(path.held, path.conditions) for path in paths],
        network.listener(ground.server.port, "server").door,
        ground.server.faults.rules(),
        [layers._piles for layers in (ground.held, ground.parted, ground.slowed, ground.door)],
    ]


def test_it_heals_itself_when_its_time_is_over(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    fault = hand.do(Refuse(at_s=0, lasts_s=3), then_s=2.9)
    healed = [fault.healed]
    hand.wait(0.2)
    assert [*healed, fault.healed] == [False, True]
