"""The writing side of an event socket, on a transport without a wire."""

import asyncio
from typing import Any

import pytest

from offhook.adapters.frames import close_frame, text_frame
from offhook.adapters.socket import CLOSE_GRACE_S, EventSocket, handshake, read
from offhook.api.exchange import Upgrade
from offhook.domain.close_codes import CUT
from offhook.domain.views import Role

UPGRADE = Upgrade(
    device_id="d", role=Role.DEVICE, token_id="t", since=None, subprotocol="bearer.secret"
)


@pytest.fixture
def socket(transport: Any) -> EventSocket:
    return EventSocket(UPGRADE, id="s", transport=transport)


def timers() -> int:
    """How many timers the running loop holds that were not cancelled."""
    scheduled: list[asyncio.TimerHandle] = vars(asyncio.get_running_loop())["_scheduled"]
    return sum(not handle.cancelled() for handle in scheduled)


async def test_a_message_is_framed_and_written_at_once(socket: EventSocket, transport: Any) -> None:
    socket.send(text_frame(b"{}"))
    assert transport.written == [text_frame(b"{}")]


async def test_a_closing_socket_says_goodbye_once_and_nothing_after_it(
    socket: EventSocket, transport: Any
) -> None:
    socket.close(4409, "Replaced.")
    socket.close(1012, "The server stops.")
    socket.send(text_frame(b"{}"))
    assert transport.written == [close_frame(4409, "Replaced.")]
    assert (socket.code, transport.deeds) == (4409, [])


async def test_a_peer_that_does_not_answer_the_goodbye_is_cut_after_the_grace(
    socket: EventSocket, transport: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: list[tuple[float, Any]] = []
    monkeypatch.setattr(
        asyncio.get_running_loop(), "call_later", lambda *asked: later.append(asked)
    )
    socket.close(1012, "The server stops.")
    assert later == [(CLOSE_GRACE_S, transport.abort)]


async def test_a_peer_that_answers_leaves_no_timer(socket: EventSocket, transport: Any) -> None:
    before = timers()
    socket.close(1012, "The server stops.")
    assert timers() == before + 1
    socket.finish()
    assert timers() == before
    assert transport.deeds == ["close"]


async def test_a_peer_that_leaves_without_reading_the_rest_is_cut_after_the_grace(
    socket: EventSocket, transport: Any
) -> None:
    before = timers()
    transport.backlog = 1
    socket.finish()
    assert timers() == before + 1


async def test_1006_cuts_without_a_close_frame(socket: EventSocket, transport: Any) -> None:
    socket.close(1006, "")
    assert (transport.written, transport.deeds, socket.code) == ([], ["abort"], 1006)


async def test_a_stalled_link_reads_nothing_and_cannot_carry_a_goodbye(
    socket: EventSocket, transport: Any
) -> None:
    socket.stall()
    socket.close(4401, "The token has expired.")
    assert (transport.written, transport.deeds) == ([], ["pause", "abort"])


async def test_after_a_stall_it_reads_and_can_say_goodbye(
    socket: EventSocket, transport: Any
) -> None:
    socket.stall()
    socket.resume()
    socket.close(4401, "The token has expired.")
    assert transport.deeds == ["pause", "resume"]
    assert transport.written == [close_frame(4401, "The token has expired.")]


async def test_a_connection_that_is_gone_is_not_written_to(
    socket: EventSocket, transport: Any
) -> None:
    transport.abort()
    socket.send(text_frame(b"{}"))
    socket.resume()
    socket.close(1000, "")
    assert (transport.written, transport.deeds) == ([], ["abort"])


def test_the_handshake_takes_no_compression_and_selects_the_token_s_subprotocol() -> None:
    ws = handshake(UPGRADE)
    assert ws.compress is False
    assert ws._protocols == ("bearer.secret",)


async def test_a_peer_that_pings_and_is_gone_has_ended_like_any_other(
    socket: EventSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by the simulation: the answer to a ping meets a connection that is closing."""
    ws = handshake(UPGRADE)

    async def broken() -> Any:
        raise ConnectionResetError("Cannot write to closing transport")

    monkeypatch.setattr(ws, "receive", broken)
    monkeypatch.setattr(type(ws), "closed", property(lambda _: True))
    heard: list[str | bytes] = []
    assert await read(ws, socket, lambda _, message: heard.append(message)) == CUT
    assert heard == []
