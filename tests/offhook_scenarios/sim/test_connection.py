"""Connections: what befalls both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook_scenarios.sim.trace import Way

if TYPE_CHECKING:
    from tests.offhook_scenarios.sim.conftest import Pair


def test_a_reset_reaches_both_ends_and_what_is_under_way_is_lost(pair: Pair) -> None:
    pair.client.transport.write(b"lost")
    pair.connection.reset()
    pair.after()
    for party in (pair.client, pair.server):
        assert party.told == ["lost ConnectionResetError"]
    assert not pair.connection.is_open


def test_a_side_that_forgets_answers_the_other_with_a_reset(pair: Pair) -> None:
    pair.connection.forget(Way.DOWN)
    pair.after(3_600)
    assert pair.client.told == []
    pair.client.transport.write(b"still there?")
    pair.after()
    assert pair.client.told == ["lost ConnectionResetError"]


def test_a_held_connection_is_silent_both_ways_and_loses_nothing(pair: Pair) -> None:
    pair.connection.hold()
    pair.client.transport.write(b"up")
    pair.server.transport.write(b"down")
    pair.after(3_600)
    assert (pair.client.told, pair.server.told) == ([], [])
    pair.connection.release()
    pair.after()
    assert (pair.client.data, pair.server.data) == (b"down", b"up")


def test_it_knows_who_speaks_with_whom(pair: Pair) -> None:
    ends = pair.connection.ends
    assert (ends.dialler, ends.listener) == ("client", "server")
    assert ends.remote == (pair.world.network.address("server"), 80)
    assert ends.local[0] == pair.world.network.address("client")
