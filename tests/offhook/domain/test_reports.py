"""What sockets report at the desk: every kind, right and wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from offhook.domain.events import AudioLevelChanged, FrameRefused, Heartbeat
from offhook.domain.inputs import DropDevice, ForceMute, SocketReport
from offhook.domain.reports import KINDS
from offhook.domain.sockets import MAX_REFUSED_IN_A_ROW
from offhook.domain.version import Version
from offhook.domain.views import Cause, Role
from offhook.oauth.inputs import MintToken

if TYPE_CHECKING:
    from tests.offhook.domain.conftest import Desk


def report(desk: Desk, kind: str, socket_id: str = "own", **fields: Any) -> None:
    desk.receive(SocketReport(socket_id=socket_id, kind=kind, **fields))


def refusals(desk: Desk, socket_id: str | None = None) -> list[str]:
    return [each.code for each in desk.events(socket_id) if isinstance(each, FrameRefused)]


@pytest.fixture
def device_id(desk: Desk) -> str:
    connected = desk.connected()
    desk.attach(connected)
    desk.heard.clear()
    return connected


@pytest.mark.parametrize(
    ("kind", "given", "cause", "gesture"),
    [
        ("nativeMute", None, Cause.NATIVE, False),
        ("nativeMute", True, Cause.NATIVE, True),
        ("headsetMute", None, Cause.HEADSET, True),
        ("headsetMute", False, Cause.HEADSET, False),
    ],
)
def test_a_reported_mute_is_a_set_by_that_hand(
    desk: Desk, device_id: str, *, kind: str, given: bool | None, cause: Cause, gesture: bool
) -> None:
    report(desk, kind, muted=True, gesture=given)
    assert [(each.muted, each.cause, each.gesture, each.version) for each in desk.mutes()] == [
        (True, cause, gesture, Version(1, 1))
    ]
    assert desk.device(device_id).muted


@pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
def test_a_reported_level_is_passed_on(desk: Desk, device_id: str, level: float) -> None:
    report(desk, "audioLevel", level=level)
    assert [each.level for each in desk.events() if isinstance(each, AudioLevelChanged)] == [level]
    assert desk.device(device_id).audio_level == level


def test_a_ping_is_answered_by_a_heartbeat_on_that_socket_alone(desk: Desk, device_id: str) -> None:
    desk.attach(device_id, "observer", role=Role.OBSERVER)
    desk.heard.clear()
    report(desk, "ping")
    assert [type(each) for each in desk.events("own")] == [Heartbeat]
    assert desk.events("observer") == []


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("unreadable", {}, "bad.request"),
        ("unreadable", {"problem": "Not JSON."}, "bad.request"),
        ("nativeMute", {"muted": True, "problem": "gesture is 3."}, "bad.request"),
        ("nativeMute", {}, "invalid.value"),
        ("headsetMute", {"gesture": True}, "invalid.value"),
        ("audioLevel", {}, "invalid.value"),
        ("audioLevel", {"level": 1.01}, "invalid.value"),
        ("audioLevel", {"level": float("nan")}, "invalid.value"),
        ("somethingElse", {"muted": True}, "invalid.value"),
    ],
)
def test_a_wrong_frame_is_answered_and_changes_nothing(
    desk: Desk, device_id: str, kind: str, fields: dict[str, Any], code: str
) -> None:
    before = desk.device(device_id)
    report(desk, kind, **fields)
    assert refusals(desk) == [code]
    assert len(desk.heard) == 1
    assert desk.device(device_id) == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_observer_may_send_nothing(desk: Desk, device_id: str, kind: str) -> None:
    desk.attach(device_id, "observer", role=Role.OBSERVER)
    desk.heard.clear()
    report(desk, kind, "observer", muted=True, level=0.5)
    assert refusals(desk, "observer") == ["not.authorized"]
    assert len(desk.heard) == 1


@pytest.mark.parametrize("kind", ["nativeMute", "headsetMute", "audioLevel"])
def test_a_device_that_is_not_connected_reports_in_vain(
    desk: Desk, device_id: str, kind: str
) -> None:
    desk.receive(DropDevice(device_id=device_id))
    desk.heard.clear()
    report(desk, kind, muted=True, level=0.5)
    assert refusals(desk) == ["general.conflict"]
    assert not desk.device(device_id).muted


def test_a_ping_is_answered_even_then(desk: Desk, device_id: str) -> None:
    desk.receive(DropDevice(device_id=device_id))
    desk.heard.clear()
    report(desk, "ping")
    assert [type(each) for each in desk.events()] == [Heartbeat]


def test_under_a_lock_a_native_unmute_is_refused(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(admin_force="locked")
    device_id = desk.connected()
    desk.attach(device_id)
    desk.receive(ForceMute(device_id=device_id, muted=True))
    report(desk, "nativeMute", muted=False)
    assert refusals(desk) == ["forced"]
    report(desk, "nativeMute", muted=True)
    assert desk.device(device_id).version == Version(1, 2)


def test_an_unknown_socket_is_passed_over(desk: Desk, device_id: str) -> None:
    report(desk, "nativeMute", "unknown", muted=True)
    assert desk.heard == []


def test_bad_frames_in_a_row_close_the_socket_and_the_device_loses_it(
    desk: Desk, device_id: str
) -> None:
    for _ in range(MAX_REFUSED_IN_A_ROW - 1):
        report(desk, "unreadable")
    assert desk.closes() == []
    report(desk, "unreadable")
    assert len(refusals(desk)) == MAX_REFUSED_IN_A_ROW
    assert desk.closes() == [("own", 4400)]
    desk.advance(10.0)
    assert desk.device(device_id).status.value == "disconnected"


@pytest.mark.parametrize("good", ["ping", "conflict"])
def test_a_frame_that_is_understood_breaks_the_row(desk: Desk, device_id: str, good: str) -> None:
    desk.receive(DropDevice(device_id=device_id))
    for _ in range(3):
        for _ in range(MAX_REFUSED_IN_A_ROW - 1):
            report(desk, "unreadable")
        report(desk, "ping" if good == "ping" else "nativeMute", muted=True)
    assert desk.closes() == []


@pytest.mark.parametrize(
    ("policy", "expected"), [("refuse", ["bad.credentials"] * 20), ("silent", [])]
)
def test_a_socket_whose_token_expired_reports_in_vain(
    desk_with: Callable[..., Desk], policy: str, expected: list[str]
) -> None:
    desk = desk_with(expired_socket=policy)
    device_id = desk.connected()
    token = desk.receive(MintToken(user="ann", ttl_s=1.0)).token
    desk.attach(device_id, token_id=token.id)
    desk.advance(1.0)
    for _ in range(20):
        report(desk, "nativeMute", muted=True)
    assert refusals(desk) == expected
    assert not desk.device(device_id).muted
    assert desk.closes() == []
