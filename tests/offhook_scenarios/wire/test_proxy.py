"""The proxy: what faults ask for happens to real bytes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from offhook_scenarios.sim.host import host
from offhook_scenarios.sim.listener import Door
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.tap import Drop, Sending
from offhook_scenarios.sim.trace import Way

if TYPE_CHECKING:
    from tests.offhook_scenarios.wire.conftest import Wire

RESET = "lost ConnectionResetError"


async def test_bytes_pass_both_ways_and_an_end_is_an_end(wire: Wire) -> None:
    wire.server.transport.write(b"welcome")
    await wire.until(lambda: wire.desk.data == b"welcome")
    wire.desk.transport.close()
    await wire.until(lambda: wire.server.told == ["eof", "lost NoneType"])
    assert wire.network.kept(1) == ()
    await wire.until(lambda: wire.network.connections() == ())


async def test_a_socket_that_breaks_is_a_reset_at_the_other_side(wire: Wire) -> None:
    wire.server.transport.write(b"x" * 100)
    wire.desk.transport.abort()
    await wire.until(lambda: wire.network.connections() == ())
    assert wire.server.told


@pytest.mark.parametrize(
    ("side", "end", "desk", "server"),
    [
        ("both", "reset", [RESET], [RESET]),
        ("desk", "reset", [RESET], []),
        ("server", "reset", [], [RESET]),
        ("desk", "fin", ["eof", "lost NoneType"], ["eof", "lost NoneType"]),
        ("both", "fin", ["eof", "lost NoneType"], ["eof", "lost NoneType"]),
    ],
)
async def test_a_cut_tells_whom_it_should(
    wire: Wire, side: Any, end: Any, desk: list[str], server: list[str]
) -> None:
    wire.network.cut(wire.number, side=side, end=end)
    await wire.until(lambda: (wire.desk.told, wire.server.told) == (desk, server))


async def test_who_was_told_nothing_finds_out_by_speaking(wire: Wire) -> None:
    wire.network.cut(wire.number, side="server", end="reset")
    await wire.until(lambda: wire.server.told == [RESET])
    assert wire.desk.told == []
    wire.desk.transport.write(b"still there?")
    await wire.until(lambda: wire.desk.told == [RESET])


async def test_what_is_held_comes_when_it_is_let_go(wire: Wire) -> None:
    wire.network.hold(wire.number, Way.UP, held=True)
    wire.desk.transport.write(b" late")
    wire.server.transport.write(b"down")
    await wire.until(lambda: wire.desk.data == b"down")
    assert wire.server.data == b"hello"
    wire.network.hold(wire.number, Way.UP, held=False)
    await wire.until(lambda: wire.server.data == b"hello late")


async def test_a_desk_that_is_cut_off_hears_nothing_and_gets_in_nowhere(wire: Wire) -> None:
    wire.network.part(1, Way.DOWN, held=True)
    wire.server.transport.write(b"news")
    wire.desk.transport.write(b" up")
    await wire.until(lambda: wire.server.data == b"hello up")
    assert wire.desk.data == b""
    wire.network.part(1, Way.DOWN, held=False)
    await wire.until(lambda: wire.desk.data == b"news")


async def test_a_slow_way_is_slow_until_it_is_not(wire: Wire) -> None:
    loop = asyncio.get_running_loop()
    wire.network.slow(1, Way.UP, Conditions(latency_s=0.3))
    sent_at = loop.time()
    wire.desk.transport.write(b" slow")
    await wire.until(lambda: wire.server.data == b"hello slow")
    assert loop.time() - sent_at >= 0.29
    wire.network.slow(1, Way.UP, Conditions(latency_s=60.0))
    wire.desk.transport.write(b" far")
    await asyncio.sleep(0.05)
    wire.network.slow(1, Way.UP, None)
    wire.network.hurry()
    await wire.until(lambda: wire.server.data == b"hello slow far")


async def test_taps_see_who_sends_what(wire: Wire) -> None:
    seen: list[Sending] = []

    def tap(sending: Sending) -> Drop | None:
        seen.append(sending)
        return Drop() if sending.data == b"secret" else None

    wire.network.taps.append(tap)
    wire.desk.transport.write(b"secret")
    await wire.until(lambda: seen)
    wire.desk.transport.write(b" more")
    await wire.until(lambda: wire.server.data == b"hello more")
    assert (seen[0].source, seen[0].target, seen[0].way) == ("desk-1", "server", Way.UP)
    assert seen[0].connection == wire.number


async def test_a_shut_door_is_every_desks_and_those_who_wait_are_counted(wire: Wire) -> None:
    wire.network.shut(Door.REFUSING)
    for desk in (1, 2):
        port = int(wire.network.api(desk).rpartition(":")[2])
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
    wire.network.shut(Door.OPEN)
    assert wire.network.turned_away == 1, "desk 1 is connected, desk 2 is not"


async def test_a_connection_that_is_gone_is_passed_over(wire: Wire) -> None:
    wire.network.cut(999, side="both", end="reset")
    wire.network.hold(999, Way.UP, held=True)


async def test_who_lives_where_has_a_name(wire: Wire) -> None:
    with wire.network.living_at(2):
        assert host() == "desk-2"
    with wire.network.living_at_server():
        assert host() == "server"


async def test_a_slow_reader_holds_up_the_writer(wire: Wire) -> None:
    size = 20_000_000
    wire.desk.transport.pause_reading()
    wire.server.transport.write(b"x" * size)
    await asyncio.sleep(0.2)
    assert wire.server.transport.get_write_buffer_size() > 0
    wire.desk.transport.resume_reading()
    await wire.until(lambda: len(wire.desk.data) == size, within_s=60)
