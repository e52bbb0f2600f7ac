"""Frames of the event socket: each type is told by its tag, and read back as it was written."""

import json
from typing import Any, get_args

import msgspec
import pytest

from offhook.api import frames
from offhook.domain.views import Cause, Status

COMMON: dict[str, Any] = {
    "client_id": "d-1",
    "epoch": 1,
    "rev": 3,
    "at": "2026-11-23T10:00:00.000Z",
}
SAID: list[tuple[str, frames.ServerFrame]] = [
    ("subscribed", frames.SubscribedFrame(recovered=True, **COMMON)),
    (
        "muteChanged",
        frames.MuteChangedFrame(
            muted=True, cause=Cause.SELF, actor="u-1", intent="a:1", gesture=False, **COMMON
        ),
    ),
    (
        "connectionStatusChanged",
        frames.StatusChangedFrame(
            status=Status.CONNECTED, cause=Cause.SYSTEM, actor=None, **COMMON
        ),
    ),
    ("audioLevelChanged", frames.AudioLevelFrame(level=0.5, **COMMON)),
    ("heartbeat", frames.HeartbeatFrame(**COMMON)),
    ("error", frames.ErrorFrame(code="bad.request", message="No.", **COMMON)),
]


def test_every_frame_of_the_server_is_in_this_table() -> None:
    assert {type(frame) for _, frame in SAID} == set(get_args(frames.ServerFrame))


@pytest.mark.parametrize(("tag", "frame"), SAID, ids=[tag for tag, _ in SAID])
def test_a_frame_names_its_type_and_is_read_back(tag: str, frame: frames.ServerFrame) -> None:
    written = msgspec.json.encode(frame)
    told = json.loads(written)
    assert told["type"] == tag
    assert told["clientId"] == "d-1"
    assert (told["epoch"], told["rev"]) == (1, 3)
    assert msgspec.json.decode(written, type=frames.ServerFrame) == frame


def test_a_frame_without_versions_has_neither_field() -> None:
    told = json.loads(msgspec.json.encode(frames.HeartbeatFrame(client_id="d-1", at="now")))
    assert told == {"type": "heartbeat", "clientId": "d-1", "at": "now"}


@pytest.mark.parametrize("level", [-0.1, 1.1])
def test_a_level_lies_between_nothing_and_full(level: float) -> None:
    sent = json.dumps({"type": "audioLevel", "level": level})
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(sent, type=frames.DeviceFrame)


def test_a_gesture_is_not_assumed() -> None:
    sent = b'{"type": "headsetMute", "muted": true}'
    assert msgspec.json.decode(sent, type=frames.DeviceFrame) == frames.HeadsetMute(muted=True)
    assert not frames.HeadsetMute(muted=True).gesture
