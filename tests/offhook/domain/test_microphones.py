"""Everything that sets mute, at the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from offhook.domain.errors import DomainError
from offhook.domain.events import AudioLevelChanged, Emit, MuteChanged
from offhook.domain.inputs import (
    DeleteDevice,
    DetachSocket,
    DropDevice,
    EndSession,
    ForceMute,
    LocalMute,
    PatchDevice,
)
from offhook.domain.version import Intent, Version
from offhook.domain.views import Cause, LastIntent, Status

if TYPE_CHECKING:
    from tests.offhook.domain.conftest import Desk


def test_a_mute_answers_with_the_version_it_made_and_is_heard_once(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    outcome = desk.mute(device_id, muted=True, intent=Intent("a", 1))
    assert outcome.intent == Intent("a", 1)
    assert outcome.device == desk.device(device_id)
    assert outcome.device.version == Version(1, 1)
    ann = desk.user()
    assert outcome.device.last_intent == LastIntent(muted=True, rev=1, actor=ann)
    assert desk.mutes() == [
        MuteChanged(
            device_id=device_id,
            version=Version(1, 1),
            at=desk.now,
            muted=True,
            cause=Cause.SELF,
            actor=ann,
            intent=Intent("a", 1),
            gesture=False,
        )
    ]


def test_a_mute_that_changes_nothing_is_heard_too(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    desk.mute(device_id, muted=False)
    desk.mute(device_id, muted=False)
    assert [each.version for each in desk.mutes()] == [Version(1, 1), Version(1, 2)]


def test_without_versions_only_a_change_of_value_is_heard(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(versions=False)
    device_id = desk.connected()
    desk.attach(device_id)
    for muted in (False, True, True, False):
        assert desk.mute(device_id, muted=muted).device.version is None
    assert [(each.muted, each.version) for each in desk.mutes()] == [(True, None), (False, None)]
    assert desk.device(device_id).last_intent is None


@pytest.mark.parametrize(
    ("timing", "late"), [("response-first", 0.0), ("event-first", 0.0), ("event-late", 2.0)]
)
def test_only_the_event_of_an_api_mute_is_late(
    desk_with: Callable[..., Desk], timing: str, late: float
) -> None:
    desk = desk_with(event_timing=timing)
    device_id = desk.connected()
    desk.attach(device_id)
    desk.mute(device_id, muted=True)
    desk.receive(ForceMute(device_id=device_id, muted=True))
    desk.receive(LocalMute(device_id=device_id, muted=True, cause=Cause.NATIVE))
    delays = [
        each.not_before - desk.now
        for each in desk.heard
        if isinstance(each, Emit) and isinstance(each.event, MuteChanged)
    ]
    assert delays == [late, 0.0, 0.0]


@pytest.mark.parametrize("cause", Cause)
def test_local_causes_set_and_others_are_refused(desk: Desk, cause: Cause) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    item = LocalMute(device_id=device_id, muted=True, cause=cause, gesture=True)
    if cause in {Cause.NATIVE, Cause.HEADSET}:
        assert desk.receive(item).cause is cause
        assert [(each.cause, each.gesture, each.actor) for each in desk.mutes()] == [
            (cause, True, None)
        ]
        assert desk.device(device_id).last_intent is None
    elif cause is Cause.SELF:
        assert desk.receive(item).last_intent == LastIntent(muted=True, rev=1, actor=desk.user())
    else:
        with pytest.raises(DomainError, match="it must be native, headset or self"):
            desk.receive(item)
        assert desk.mutes() == []


def test_a_second_tab_has_intents_of_its_own(desk: Desk) -> None:
    device_id = desk.connected()
    desk.mute(device_id, muted=True, intent=Intent("first", 8))
    tab = LocalMute(device_id=device_id, muted=False, cause=Cause.SELF, intent=Intent("second", 1))
    assert desk.receive(tab).muted is False
    with pytest.raises(DomainError, match="second:1 is not newer"):
        desk.receive(tab)


def test_a_locked_mute_holds_until_an_administrator_unmutes(
    desk_with: Callable[..., Desk],
) -> None:
    desk = desk_with(admin_force="locked")
    device_id = desk.connected()
    assert desk.receive(ForceMute(device_id=device_id, muted=True, actor="boss")).forced
    with pytest.raises(DomainError, match="forced"):
        desk.mute(device_id, muted=False)
    for cause in (Cause.NATIVE, Cause.HEADSET, Cause.SELF):
        with pytest.raises(DomainError, match="forced"):
            desk.receive(LocalMute(device_id=device_id, muted=False, cause=cause))
    assert desk.device(device_id).muted
    assert not desk.receive(ForceMute(device_id=device_id, muted=False)).forced
    assert not desk.mute(device_id, muted=False).device.muted


def test_an_advisory_mute_can_be_undone(desk: Desk) -> None:
    device_id = desk.connected()
    forced = desk.receive(ForceMute(device_id=device_id, muted=True, actor="boss"))
    assert (forced.muted, forced.cause, forced.forced) == (True, Cause.ADMIN, False)
    assert forced.last_intent is None, "it says what the user asked for"
    assert not desk.mute(device_id, muted=False).device.muted


def in_status(desk: Desk, status: Status) -> str:
    device_id = desk.connected()
    if status is not Status.CONNECTED:
        desk.receive(PatchDevice(device_id=device_id, status=status))
    desk.heard.clear()
    return device_id


MUTABLE = {
    "self": {Status.CONNECTED},
    "native": {Status.CONNECTED},
    "admin": {Status.CONNECTED, Status.INITIALIZING, Status.DISCONNECTED},
}


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.TERMINATED])
@pytest.mark.parametrize("who", MUTABLE)
def test_who_may_mute_in_which_status(desk: Desk, status: Status, who: str) -> None:
    device_id = in_status(desk, status)

    def mute() -> None:
        match who:
            case "self":
                desk.mute(device_id, muted=True)
            case "native":
                desk.receive(LocalMute(device_id=device_id, muted=True, cause=Cause.NATIVE))
            case _:
                desk.receive(ForceMute(device_id=device_id, muted=True))

    if status in MUTABLE[who]:
        mute()
        assert desk.device(device_id).muted
    else:
        with pytest.raises(DomainError, match=f"409 general.conflict: The client is {status}"):
            mute()
        assert not desk.device(device_id).muted


def test_a_terminated_device_is_not_found(desk: Desk) -> None:
    device_id = desk.connected()
    ann = desk.user()
    desk.receive(EndSession(device_id=device_id))
    assert desk.org.device(device_id) is None
    with pytest.raises(DomainError, match="404"):
        desk.receive(ForceMute(device_id=device_id, muted=True))
    assert desk.org.devices(ann) == ()


@pytest.mark.parametrize(
    ("status", "muted", "seq", "code"),
    [
        (Status.DISCONNECTED, False, 3, "forced"),
        (Status.DISCONNECTED, True, 3, "general.conflict"),
        (Status.CONNECTED, True, 3, "stale.intent"),
        (Status.CONNECTED, True, 4, "precondition.failed"),
    ],
)
def test_a_mute_wrong_in_many_ways_is_refused_in_order(
    desk_with: Callable[..., Desk], *, status: Status, muted: bool, seq: int, code: str
) -> None:
    desk = desk_with(admin_force="locked")
    device_id = desk.connected()
    desk.mute(device_id, muted=True, intent=Intent("a", 3))
    desk.receive(ForceMute(device_id=device_id, muted=True))
    desk.receive(PatchDevice(device_id=device_id, status=status))
    with pytest.raises(DomainError) as caught:
        desk.mute(device_id, muted, intent=Intent("a", seq), if_match=Version(1, 1))
    assert caught.value.code == code


RECONNECTS = [("keep", True), ("reset", False), ("last-known-good", False)]


@pytest.mark.parametrize(("policy", "expected"), RECONNECTS)
@pytest.mark.parametrize("away_s", [1.0, 11.0])
def test_a_socket_that_comes_back_applies_the_policy_once(
    desk_with: Callable[..., Desk], policy: str, *, expected: bool, away_s: float
) -> None:
    desk = desk_with(mute_after_reconnect=policy)
    device_id = desk.connected()
    desk.attach(device_id, "first")
    desk.mute(device_id, muted=True)
    desk.receive(DetachSocket(socket_id="first"))
    desk.advance(away_s)
    desk.heard.clear()
    desk.attach(device_id, "second")
    resets = [] if expected else [(Version(1, 2), False, Cause.DEFAULT_RESET)]
    assert [(each.version, each.muted, each.cause) for each in desk.mutes()] == resets
    assert desk.device(device_id).muted is expected
    desk.advance(1.0)
    desk.mute(device_id, muted=True)
    desk.attach(device_id, "third")
    assert desk.device(device_id).muted, "an eviction is no reconnect"


def test_a_device_that_is_on_its_way_out_does_not_come_back(
    desk_with: Callable[..., Desk],
) -> None:
    desk = desk_with(mute_after_reconnect="reset")
    device_id = desk.connected()
    desk.mute(device_id, muted=True)
    desk.receive(DropDevice(device_id=device_id))
    desk.receive(DeleteDevice(device_id=device_id, actor=desk.user()))
    desk.attach(device_id)
    assert desk.device(device_id).muted
    assert desk.mutes() == []


@pytest.mark.parametrize(("policy", "expected"), RECONNECTS)
def test_opening_a_disconnected_device_applies_the_policy_once(
    desk_with: Callable[..., Desk], policy: str, *, expected: bool
) -> None:
    desk = desk_with(mute_after_reconnect=policy)
    device_id = desk.connected()
    desk.mute(device_id, muted=True)
    desk.receive(DropDevice(device_id=device_id))
    opened = desk.open()
    assert (opened.id, opened.muted, opened.version) == (
        device_id,
        expected,
        Version(1, 1 if expected else 2),
    )
    desk.advance(1.0)
    desk.mute(device_id, muted=True)
    desk.attach(device_id)
    assert desk.device(device_id).muted, "it had come back already"


def test_last_known_good_is_what_was_when_it_last_connected(
    desk_with: Callable[..., Desk],
) -> None:
    desk = desk_with(mute_after_reconnect="last-known-good")
    device_id = desk.connected()
    desk.mute(device_id, muted=True)
    desk.receive(DropDevice(device_id=device_id))
    desk.receive(ForceMute(device_id=device_id, muted=True))
    assert desk.open().muted is False
    desk.receive(ForceMute(device_id=device_id, muted=True))
    desk.advance(1.0)
    desk.mute(device_id, muted=False)
    desk.receive(DropDevice(device_id=device_id))
    assert desk.open().muted is True


@pytest.mark.parametrize("level", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_level_beyond_its_range_is_refused(desk: Desk, level: float) -> None:
    device_id = desk.connected()
    with pytest.raises(DomainError, match=r"it must be from 0\.0 to 1\.0"):
        desk.receive(PatchDevice(device_id=device_id, audio_level=level))
    assert desk.device(device_id).audio_level == 0.0


def test_a_level_is_heard_with_the_version_and_raises_none(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    desk.mute(device_id, muted=True)
    desk.receive(PatchDevice(device_id=device_id, audio_level=0.5))
    assert desk.events()[-1] == AudioLevelChanged(
        device_id=device_id, version=Version(1, 1), at=desk.now, level=0.5
    )
    assert desk.device(device_id).version == Version(1, 1)
