"""Frames by hand, read by an independent parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from offhook.adapters.frames import close_frame, text_frame


def parsed(data: bytes) -> Frame:
    """What the `websockets` library makes of it, as a client."""
    client = ClientProtocol(parse_uri("ws://127.0.0.1/"), state=State.OPEN, max_size=None)
    client.receive_data(data)
    (frame,) = client.events_received()
    assert isinstance(frame, Frame)
    return frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 70_000])
def test_a_text_frame_of_every_length_form_is_read_as_it_was(size: int) -> None:
    payload = b"x" * size
    assert parsed(text_frame(payload)) == Frame(Opcode.TEXT, payload, fin=True)


def test_sockets_share_one_framed_event() -> None:
    payload = b'{"type":"heartbeat"}'
    assert text_frame(payload) is text_frame(payload)


@given(st.sampled_from([1000, 1012, 4401, 4413]), st.text(max_size=200))
def test_a_close_frame_carries_its_code_and_as_much_of_its_reason_as_fits(
    code: int, reason: str
) -> None:
    frame = parsed(close_frame(code, reason))
    close = Close.parse(frame.data)
    assert frame.opcode is Opcode.CLOSE
    assert close.code == code
    assert reason.startswith(close.reason)
    assert len(frame.data) <= 125
    if len(reason.encode()) <= 123:
        assert close.reason == reason
