"""A server that goes and comes back, with its state or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.plan.plan import Force, Refuse, Restart
from offhook_scenarios.sim.listener import Door

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


@pytest.mark.parametrize("keeps_state", [True, False])
def test_connections_are_reset_at_once_and_the_client_comes_back(
    by_hand: Callable[..., ByHand], *, keeps_state: bool
) -> None:
    hand = by_hand(desks=2)
    hand.do(Force(at_s=0, muted=True))
    before = hand.ground.server.org.devices()
    count = len(hand.network.connections())
    fault = hand.do(Restart(at_s=0, keeps_state=keeps_state, lasts_s=4))
    assert fault.bites == count + (not keeps_state)
    assert hand.network.connections() == ()
    assert (hand.ground.server.org.devices() == before) is keeps_state
    hand.wait(3.5)
    assert hand.network.connections() == ()
    hand.wait(30)
    after = hand.ground.server.org.devices()
    assert ({each.id for each in after} == {each.id for each in before}) is keeps_state
    muted = [history.sightings[-1].belief.shown for history in hand.floor.so_far().histories]
    assert muted == (["muted", "live"] if keeps_state else ["live", "live"])


def test_two_that_overlap_are_one_long_one(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    listener = hand.world.network.listener(hand.ground.server.port, "server")
    hand.do(Restart(at_s=0, keeps_state=False, lasts_s=4), then_s=2)
    hand.do(Restart(at_s=0, keeps_state=False, lasts_s=5))
    hand.do(Refuse(at_s=0, silent=True, lasts_s=1), then_s=3)
    doors = [listener.door]
    hand.wait(30)
    assert [*doors, listener.door] == [Door.REFUSING, Door.OPEN]
    epochs = [device.version for device in hand.ground.server.org.devices()]
    assert [version.epoch for version in epochs if version] == [2], "nobody was in between"
