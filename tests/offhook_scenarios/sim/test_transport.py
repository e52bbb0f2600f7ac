"""Transports: the ends of a connection, as asyncio's documentation has them behave."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.sim.pipe import WINDOW_BYTES
from offhook_scenarios.sim.transport import HIGH_WATER_BYTES

if TYPE_CHECKING:
    from tests.offhook_scenarios.sim.conftest import Pair

BIG = b"x" * 500_000


def test_a_close_sends_what_is_left_first(pair: Pair) -> None:
    pair.client.transport.write(BIG)
    pair.client.transport.close()
    assert pair.client.transport.is_closing()
    pair.after()
    assert pair.server.data == BIG
    assert pair.server.told[-2:] == ["eof", "lost NoneType"]
    assert pair.client.told == ["pause", "resume", "lost NoneType"]


def test_an_abort_throws_away_what_is_left_and_resets(pair: Pair) -> None:
    pair.client.transport.write(BIG)
    pair.client.transport.abort()
    pair.after()
    assert len(pair.server.data) == WINDOW_BYTES, "so much was under way"
    assert isinstance(pair.server.error, ConnectionResetError)
    assert pair.client.error is None


def test_an_end_may_leave_the_other_direction_open(pair: Pair) -> None:
    pair.server.keeps_open = True
    pair.client.transport.write(b"question")
    pair.client.transport.write_eof()
    pair.after()
    pair.server.transport.write(b"answer")
    pair.after()
    assert pair.client.data == b"answer"
    with pytest.raises(RuntimeError, match="after write_eof"):
        pair.client.transport.write(b"more")


def test_who_speaks_to_a_closed_end_is_answered_with_a_reset(pair: Pair) -> None:
    pair.server.keeps_open = True
    pair.client.transport.close()
    pair.after()
    assert pair.server.told == ["eof"]
    pair.server.transport.write(b"hello?")
    pair.after()
    assert isinstance(pair.server.error, ConnectionResetError)


def test_writing_to_a_link_reset_while_nobody_read_finds_it_broken(pair: Pair) -> None:
    pair.server.transport.pause_reading()
    pair.client.transport.abort()
    pair.after()
    assert pair.server.told == []
    pair.server.transport.write(b"hello?")
    pair.after()
    assert isinstance(pair.server.error, BrokenPipeError)


def test_backlog_pauses_the_writer_and_its_end_resumes_it(pair: Pair) -> None:
    transport = pair.client.transport
    pair.server.transport.pause_reading()
    transport.write(b"x" * (WINDOW_BYTES + HIGH_WATER_BYTES))
    assert pair.client.told == []
    transport.write(b"y")
    assert pair.client.told == ["pause"]
    pair.server.transport.resume_reading()
    pair.after()
    assert pair.client.told == ["pause", "resume"]


def test_the_limits_of_the_backlog_are_as_asyncio_sets_them(pair: Pair) -> None:
    transport = pair.client.transport
    assert transport.get_write_buffer_limits() == (16_384, 65_536)
    transport.set_write_buffer_limits(high=100)
    assert transport.get_write_buffer_limits() == (25, 100)
    transport.set_write_buffer_limits(low=100)
    assert transport.get_write_buffer_limits() == (100, 400)
    with pytest.raises(ValueError, match="must be >="):
        transport.set_write_buffer_limits(high=1, low=2)


def test_what_comes_while_reading_is_paused_waits(pair: Pair) -> None:
    pair.server.transport.pause_reading()
    assert not pair.server.transport.is_reading()
    pair.client.transport.writelines([b"a", b"b"])
    pair.client.transport.close()
    pair.after()
    assert pair.server.told == []
    pair.server.transport.resume_reading()
    pair.after()
    assert pair.server.told == ["data 2", "eof", "lost NoneType"]


def test_each_end_knows_the_addresses(pair: Pair) -> None:
    client, server = pair.client.transport, pair.server.transport
    assert client.get_extra_info("peername") == server.get_extra_info("sockname")
    assert server.get_extra_info("peername") == client.get_extra_info("sockname")
    assert client.get_extra_info("socket") is None


def test_a_buffered_protocol_is_fed_through_its_buffer(pair: Pair) -> None:
    class Buffered(asyncio.BufferedProtocol):
        def __init__(self) -> None:
            self.buffer, self.data = bytearray(4), b""

        def get_buffer(self, sizehint: int) -> bytearray:
            assert sizehint > 0
            return self.buffer

        def buffer_updated(self, nbytes: int) -> None:
            self.data += self.buffer[:nbytes]

    buffered = Buffered()
    pair.server.transport.set_protocol(buffered)
    assert pair.server.transport.get_protocol() is buffered
    pair.client.transport.write(b"0123456789")
    pair.after()
    assert buffered.data == b"0123456789"


def test_nothing_is_heard_or_said_after_the_end(pair: Pair) -> None:
    pair.client.transport.close()
    pair.client.transport.close()
    pair.client.transport.write(b"more")
    pair.client.transport.write_eof()
    pair.after()
    pair.client.transport.abort()
    pair.after()
    assert pair.client.told == ["lost NoneType"]
    assert pair.server.told == ["eof", "lost NoneType"]
    assert pair.server.transport.can_write_eof()
