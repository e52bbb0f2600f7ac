"""The life of devices at the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from offhook.domain.errors import DomainError
from offhook.domain.events import StatusChanged
from offhook.domain.inputs import (
    DeleteDevice,
    DetachSocket,
    DropDevice,
    EndSession,
    OpenDevice,
    PatchDevice,
    SetUserState,
    StartCall,
)
from offhook.domain.version import Version
from offhook.domain.views import Cause, Role, Status

if TYPE_CHECKING:
    from tests.offhook.domain.conftest import Desk


def delete(desk: Desk, device_id: str) -> None:
    desk.receive(DeleteDevice(device_id=device_id, actor=desk.user()))


def test_a_device_connects_after_the_delay_even_without_a_socket(desk: Desk) -> None:
    device = desk.open()
    assert (device.status, device.version, device.cause) == (
        Status.INITIALIZING,
        Version(1, 0),
        None,
    )
    desk.advance(0.19)
    assert desk.device(device.id).status is Status.INITIALIZING
    desk.advance(0.01)
    assert desk.device(device.id).status is Status.CONNECTED


def test_opening_again_just_reads(desk: Desk) -> None:
    device_id = desk.connected()
    before = desk.device(device_id)
    assert desk.open() == before
    assert desk.heard == []


def test_devices_are_told_apart_by_user_and_name(desk: Desk) -> None:
    devices = [desk.open(), desk.open("second"), desk.open(user="bob")]
    assert len({each.id for each in devices}) == 3
    assert [each.version for each in devices] == [Version(1, 0), Version(2, 0), Version(3, 0)]
    assert [each.id for each in desk.org.devices(desk.user("bob"))] == [devices[2].id]
    assert len(desk.org.devices()) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"licences": frozenset({"voice"})}, "the licence 'webrtc' is missing"),
        ({"conflict": True}, "the user is in a conflicting state"),
    ],
)
def test_who_may_not_have_a_device_is_told_why(
    desk: Desk, change: dict[str, Any], message: str
) -> None:
    device_id = desk.connected()
    desk.receive(SetUserState(user_id=desk.user(), **change))
    with pytest.raises(DomainError, match=f"404 not.found: User ann .*{message}"):
        desk.open()
    assert desk.device(device_id).status is Status.CONNECTED
    assert desk.open(user="bob").status is Status.INITIALIZING


def test_an_unknown_user_is_not_found(desk: Desk) -> None:
    with pytest.raises(DomainError, match="There is no user 'eve'"):
        desk.receive(OpenDevice(user_id="eve", name="default"))


def test_a_blocking_call_holds_initialization_until_it_is_over(desk: Desk) -> None:
    ann, bob = desk.user(), desk.user("bob")
    desk.receive(SetUserState(user_id=ann, blocked=True))
    device, other = desk.open(), desk.open(user="bob")
    desk.receive(SetUserState(user_id=bob, conflict=False))
    desk.advance(100.0)
    assert desk.device(device.id).status is Status.INITIALIZING
    assert desk.device(other.id).status is Status.CONNECTED
    desk.receive(SetUserState(user_id=ann, blocked=False))
    desk.advance(0.1)
    assert desk.device(device.id).status is Status.INITIALIZING, "the full delay runs anew"
    desk.advance(0.2)
    assert desk.device(device.id).status is Status.CONNECTED


def test_a_device_whose_socket_is_lost_is_disconnected_after_the_grace(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    desk.attach(device_id, "observer", role=Role.OBSERVER)
    desk.receive(DetachSocket(socket_id="own"))
    desk.advance(9.9)
    assert desk.device(device_id).status is Status.CONNECTED
    desk.advance(0.1)
    assert desk.device(device_id).status is Status.DISCONNECTED
    assert desk.statuses("observer") == ["disconnected"]


def test_a_socket_in_time_saves_the_device(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id, "first")
    desk.receive(DetachSocket(socket_id="first"))
    desk.advance(9.9)
    desk.attach(device_id, "second")
    desk.advance(60.0)
    assert desk.statuses() == []


def test_only_device_sockets_keep_a_device(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id, role=Role.OBSERVER)
    desk.receive(DetachSocket(socket_id="own"))
    desk.advance(60.0)
    assert desk.device(device_id).status is Status.CONNECTED, "it never had a device socket"


def test_a_dropped_device_tells_the_sockets_that_do_not_know(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    dropped = desk.receive(DropDevice(device_id=device_id))
    assert dropped.status is Status.DISCONNECTED
    assert desk.statuses("own") == ["disconnected"]
    assert desk.closes() == []


@pytest.mark.parametrize("by", ["open", "socket"])
def test_a_disconnected_device_is_restarted_with_its_id(desk: Desk, by: str) -> None:
    device_id = desk.connected()
    desk.attach(device_id, "observer", role=Role.OBSERVER)
    desk.mute(device_id, muted=True)
    desk.receive(DropDevice(device_id=device_id))
    desk.heard.clear()
    if by == "open":
        assert desk.open().id == device_id
    else:
        desk.attach(device_id, "own")
    desk.advance(0.2)
    assert desk.statuses("observer") == ["initializing", "connected"]
    assert desk.device(device_id).version == Version(1, 1)


def test_a_device_that_is_disconnected_too_long_expires(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id, "observer", role=Role.OBSERVER)
    desk.receive(DropDevice(device_id=device_id))
    desk.advance(3599.9)
    assert desk.device(device_id).status is Status.DISCONNECTED
    desk.advance(0.1)
    assert desk.org.device(device_id) is None
    assert desk.statuses("observer") == ["disconnected", "terminated"]
    assert desk.closes() == [("observer", 4404)]


def test_a_deleted_device_terminates_and_its_sockets_are_closed(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    desk.attach(device_id, "observer", role=Role.OBSERVER)
    delete(desk, device_id)
    with pytest.raises(DomainError, match="The client is terminating"):
        delete(desk, device_id)
    assert desk.open().status is Status.TERMINATING
    desk.advance(0.5)
    assert desk.statuses("own") == ["terminating", "terminated"]
    assert desk.closes() == [("own", 4404), ("observer", 4404)]
    assert desk.org.sockets() == ()
    with pytest.raises(DomainError, match="There is no client"):
        delete(desk, device_id)


def test_an_ended_session_is_terminated_at_once(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    assert desk.receive(EndSession(device_id=device_id)).status is Status.TERMINATED
    assert desk.org.device(device_id) is None
    assert desk.closes() == [("own", 4404)]


def test_after_the_end_comes_a_new_id_of_a_new_epoch(desk: Desk) -> None:
    device_id = desk.connected()
    desk.mute(device_id, muted=True)
    desk.receive(EndSession(device_id=device_id))
    device = desk.open()
    assert device.id != device_id
    assert (device.version, device.muted) == (Version(2, 0), False)
    desk.attach(device.id, since=Version(1, 1))
    assert desk.mutes() == []


def test_a_socket_may_still_come_to_a_terminating_device(desk: Desk) -> None:
    device_id = desk.connected()
    desk.receive(DropDevice(device_id=device_id))
    delete(desk, device_id)
    desk.attach(device_id)
    desk.advance(0.5)
    assert desk.closes() == [("own", 4404)]


def test_a_status_change_says_who_did_it(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id, "observer", role=Role.OBSERVER)
    desk.receive(DropDevice(device_id=device_id))
    desk.open()
    delete(desk, device_id)
    ann = desk.user()
    told = [
        (each.status, each.cause, each.actor)
        for each in desk.events()
        if isinstance(each, StatusChanged)
    ]
    assert told == [
        (Status.DISCONNECTED, Cause.SYSTEM, None),
        (Status.INITIALIZING, Cause.SELF, ann),
        (Status.TERMINATING, Cause.SELF, ann),
    ]


@pytest.mark.parametrize("status", Status)
def test_control_patches_any_status_over_any_other(desk: Desk, status: Status) -> None:
    device_id = desk.connected()
    desk.receive(PatchDevice(device_id=device_id, status=Status.DISCONNECTED))
    assert desk.receive(PatchDevice(device_id=device_id, status=status)).status is status
    assert (desk.org.device(device_id) is None) is (status is Status.TERMINATED)


def test_a_patched_mute_is_a_set_of_the_system(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    patched = desk.receive(PatchDevice(device_id=device_id, status=Status.DISCONNECTED, muted=True))
    assert (patched.muted, patched.cause, patched.version) == (True, Cause.SYSTEM, Version(1, 1))
    assert [each.cause for each in desk.mutes()] == [Cause.SYSTEM]


def test_a_patch_with_one_wrong_field_changes_nothing(desk: Desk) -> None:
    device_id = desk.connected()
    before = desk.device(device_id)
    with pytest.raises(DomainError):
        desk.receive(PatchDevice(device_id=device_id, muted=True, audio_level=2.0))
    assert desk.device(device_id) == before


def test_the_calls_of_a_terminated_device_end(desk: Desk) -> None:
    device_id = desk.connected()
    call = desk.receive(StartCall(device_id=device_id))
    desk.receive(EndSession(device_id=device_id))
    ended = desk.org.conversation(call.id)
    assert ended is not None
    assert ended.legs[0].state == "ended"


def test_with_no_delays_at_all_time_still_moves(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(connect_delay_s=0, drop_grace_s=0, terminate_delay_s=0, session_expiry_s=0)
    device = desk.open()
    desk.advance(0.0)
    desk.attach(device.id)
    desk.receive(DetachSocket(socket_id="own"))
    desk.advance(0.0)
    assert desk.org.devices() == ()
    assert desk.org.next_deadline() is None
