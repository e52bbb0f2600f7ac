"""Pipes: order, the window, and every fault of bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.pipe import WINDOW_BYTES
from offhook_scenarios.sim.tap import Action, Break, Drip, Drop, End, Hold, Lose, Pass
from offhook_scenarios.sim.trace import Kind
from offhook_scenarios.sim.world import World

if TYPE_CHECKING:
    from tests.offhook_scenarios.sim.conftest import Pair

LATENCY_S = Conditions().latency_s


def tapped(pair: Pair, action: Action, *, first: bytes = b"0123456789") -> None:
    """The client sends two segments; the action is done to the first."""
    pair.world.network.taps.append(lambda sending: action if sending.data == first else None)
    began = pair.world.elapsed_s
    pair.client.transport.write(first)
    pair.client.transport.write(b"more")
    pair.after(10)
    for party in (pair.client, pair.server):
        party.log = [(round(at - began, 6), what) for at, what in party.log]


def test_bytes_arrive_after_the_latency_and_not_before(pair: Pair) -> None:
    tapped(pair, Pass())
    assert pair.server.log == [(LATENCY_S, "data 14")]


def test_what_is_delayed_delays_what_follows(pair: Pair) -> None:
    tapped(pair, Pass(delay_s=2))
    assert pair.server.log == [(2 + LATENCY_S, "data 14")]
    assert pair.server.data == b"0123456789more"


def test_what_drips_comes_in_pieces(pair: Pair) -> None:
    tapped(pair, Drip(size=4, gap_s=1))
    assert [(round(at - LATENCY_S, 6), what) for at, what in pair.server.log] == [
        (0, "data 4"),
        (1, "data 4"),
        (2, "data 6"),
    ]


def test_what_is_held_comes_when_the_network_is_healed(pair: Pair) -> None:
    tapped(pair, Hold())
    assert pair.server.log == []
    pair.world.network.heal()
    pair.after()
    assert pair.server.data == b"0123456789more"


def test_what_is_lost_never_comes_and_nobody_is_told(pair: Pair) -> None:
    tapped(pair, Lose())
    pair.world.network.heal()
    pair.after()
    assert pair.server.log == []
    assert pair.client.log == []


def test_what_is_dropped_never_comes_and_what_follows_does(pair: Pair) -> None:
    tapped(pair, Drop())
    assert pair.server.data == b"more"
    pair.world.network.heal()
    pair.after()
    assert pair.server.data == b"more"


def test_a_break_lets_some_bytes_through_and_resets_both(pair: Pair) -> None:
    tapped(pair, Break(keep=3))
    assert pair.server.log == [
        (LATENCY_S, "data 3"),
        (LATENCY_S, "lost ConnectionResetError"),
    ]
    assert pair.client.log == [(0, "lost ConnectionResetError")]


def test_an_end_lets_some_bytes_through_and_ends_in_order(pair: Pair) -> None:
    tapped(pair, End(keep=3))
    assert pair.server.told == ["data 3", "eof", "lost NoneType"]
    assert pair.client.told == ["eof", "lost NoneType"]


def test_a_tap_that_does_not_act_leaves_the_next_one_its_turn(pair: Pair) -> None:
    network = pair.world.network
    network.taps += [lambda _: None, lambda _: Lose(), lambda _: Pass()]
    pair.client.transport.write(b"x")
    pair.after()
    assert pair.server.data == b""


@pytest.mark.parametrize("seed", range(20))
def test_order_is_kept_whatever_the_jitter(seed: int, pair_of: Callable[[World], Pair]) -> None:
    with World(seed, conditions=Conditions(latency_s=0.01, jitter_s=1.0)) as world:
        pair = pair_of(world)
        for number in range(50):
            pair.client.transport.write(bytes([number]))
            pair.after(0.01)
        pair.after(2)
        assert pair.server.data == bytes(range(50))
        assert len(pair.server.log) > 1


def test_a_reader_who_does_not_read_lets_the_writer_wait(pair: Pair) -> None:
    pair.server.transport.pause_reading()
    pair.client.transport.write(b"x" * WINDOW_BYTES)
    assert pair.client.transport.get_write_buffer_size() == 0
    pair.client.transport.write(b"y" * 1_000)
    assert pair.client.transport.get_write_buffer_size() == 1_000
    pair.after()
    assert pair.server.log == []
    pair.server.transport.resume_reading()
    pair.after()
    assert len(pair.server.data) == WINDOW_BYTES + 1_000
    assert pair.client.transport.get_write_buffer_size() == 0


def test_what_arrived_and_what_was_lost_is_in_the_trace(pair: Pair) -> None:
    tapped(pair, Lose())
    records = pair.world.trace.records
    assert records is not None
    kinds = [record.kind for record in records if record.size]
    assert kinds == [Kind.LOST, Kind.LOST]
