"""The simulated network as faults need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook_scenarios.faults.simulated import SimulatedNetwork
from offhook_scenarios.sim.host import host
from offhook_scenarios.sim.trace import Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


def test_desks_and_server_live_on_hosts_of_their_own(by_hand: Callable[..., ByHand]) -> None:
    network = by_hand(desks=2).network
    with network.living_at(2):
        assert host() == "desk-2"
    with network.living_at_server():
        assert host() == "server"
    assert network.api(1) == network.api(2)
    assert network.api(1).startswith("http://server:")


def test_connections_are_those_of_a_desk_or_of_all(by_hand: Callable[..., ByHand]) -> None:
    network = by_hand(desks=2).network
    one, two = network.connections(1), network.connections(2)
    assert one
    assert two
    assert network.connections() == tuple(sorted({*one, *two}))


def test_a_connection_that_is_gone_is_passed_over(by_hand: Callable[..., ByHand]) -> None:
    network = by_hand().network
    assert isinstance(network, SimulatedNetwork)
    network.cut(999, side="both", end="reset")
    network.hold(999, Way.UP, held=True)
