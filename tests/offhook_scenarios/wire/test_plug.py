"""Plugs: what a socket says becomes what a pipe carries, and the other way round."""

import asyncio
from typing import Any

import pytest

from offhook_scenarios.wire.plug import Plug


class Pipe:
    """Writes down what it is asked."""

    unsent_bytes = 0

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *given: self.asked.append((name, *given))


class Socket(asyncio.Transport):
    """Writes down what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Any] = []

    def write(self, data: Any) -> None:
        self.told.append(bytes(data))

    def write_eof(self) -> None:
        self.told.append("eof")

    def close(self) -> None:
        self.told.append("close")

    def abort(self) -> None:
        self.told.append("abort")

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self.told.append("pause")

    def resume_reading(self) -> None:
        self.told.append("resume")


@pytest.fixture
def incoming() -> Pipe:
    return Pipe()


@pytest.fixture
def outgoing() -> Pipe:
    return Pipe()


@pytest.fixture
def plug(incoming: Any, outgoing: Any) -> Plug:
    return Plug(incoming=incoming, outgoing=outgoing)


def test_bytes_go_through_in_order(plug: Plug, incoming: Pipe, outgoing: Pipe) -> None:
    socket = Socket()
    plug.connection_made(socket)
    plug.data_received(b"up")
    plug.received(b"down")
    assert incoming.asked == [("attach", plug)]
    assert outgoing.asked == [("send", b"up")]
    assert socket.told == [b"down"]


def test_it_is_closed_when_both_sides_have_ended(plug: Plug, outgoing: Pipe) -> None:
    socket = Socket()
    plug.connection_made(socket)
    assert plug.eof_received()
    assert plug.is_closing()
    assert socket.told == []
    plug.ended(reset=False)
    plug.ended(reset=False)
    assert socket.told == ["eof", "close"]
    assert outgoing.asked == [("finish",)]


def test_what_fails_before_the_socket_is_there_is_reset_when_it_is(
    plug: Plug, incoming: Pipe, outgoing: Pipe
) -> None:
    plug.fail(None)
    socket = Socket()
    plug.connection_made(socket)
    assert socket.told == ["abort"]
    assert incoming.asked == [("forsake",)]
    assert outgoing.asked == [("stop",)]


@pytest.mark.parametrize(("heard_end", "told"), [(False, True), (True, False)])
def test_a_socket_that_is_gone_is_a_reset_unless_it_had_ended(
    plug: Plug, outgoing: Pipe, *, heard_end: bool, told: bool
) -> None:
    plug.connection_made(Socket())
    if heard_end:
        plug.eof_received()
    plug.connection_lost(None)
    plug.connection_lost(None)
    assert (("reset",) in outgoing.asked) is told
    assert plug.deaf


def test_a_full_pipe_stops_the_reading_until_it_has_room(plug: Plug, outgoing: Pipe) -> None:
    socket = Socket()
    plug.connection_made(socket)
    outgoing.unsent_bytes = 1_000_000
    plug.data_received(b"x")
    plug.data_received(b"x")
    plug.drained()
    outgoing.unsent_bytes = 0
    plug.drained()
    plug.drained()
    assert socket.told == ["pause", "resume"]


def test_a_peer_that_reads_slowly_makes_the_pipe_wait(plug: Plug, incoming: Pipe) -> None:
    plug.connection_made(Socket())
    plug.pause_writing()
    waits = plug.is_waiting
    plug.resume_writing()
    assert [waits, plug.is_waiting] == [True, False]
    assert ("wake",) in incoming.asked


def test_whoever_speaks_to_a_deaf_one_is_reset(plug: Plug, outgoing: Pipe) -> None:
    plug.spoken_to()
    assert outgoing.asked == [("reset",)]
