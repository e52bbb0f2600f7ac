"""One mute, at the desk: legs and devices keep in step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from offhook.domain.errors import DomainError
from offhook.domain.inputs import (
    ChangeCall,
    DropDevice,
    EndSession,
    ForceMute,
    PatchPolicies,
    StartCall,
)
from offhook.domain.version import Version
from offhook.domain.views import Cause, LegView

if TYPE_CHECKING:
    from tests.offhook.domain.conftest import Desk


def call(desk: Desk, device_id: str, *, media: str = "voice", state: str = "connected") -> str:
    return desk.receive(StartCall(device_id=device_id, media=media, state=state)).id


def leg(desk: Desk, conversation_id: str) -> LegView:
    conversation = desk.org.conversation(conversation_id)
    assert conversation is not None
    return conversation.legs[0]


def change(desk: Desk, conversation_id: str, **fields: Any) -> LegView:
    item = ChangeCall(conversation_id=conversation_id, **fields)
    return desk.receive(item).legs[0]


def flips(desk: Desk) -> list[tuple[bool, Cause, Version | None]]:
    return [(each.muted, each.cause, each.version) for each in desk.mutes()]


@pytest.mark.parametrize("muted", [True, False])
def test_a_new_leg_takes_the_value_of_the_device(desk: Desk, *, muted: bool) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    desk.mute(device_id, muted)
    desk.heard.clear()
    for state in ("alerting", "connected"):
        assert leg(desk, call(desk, device_id, state=state)).muted is muted
    assert flips(desk) == []


def test_setting_the_device_sets_all_its_live_legs(desk: Desk) -> None:
    device_id = desk.connected()
    calls = [call(desk, device_id), call(desk, device_id)]
    change(desk, calls[1], held=True)
    desk.mute(device_id, muted=True)
    assert [leg(desk, each).muted for each in calls] == [True, True]


def test_an_alerting_leg_brings_its_pending_value_when_it_connects(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    ringing = call(desk, device_id, state="alerting")
    desk.mute(device_id, muted=True)
    assert leg(desk, ringing).muted is False
    desk.heard.clear()
    change(desk, ringing, state="connected")
    assert flips(desk) == [(False, Cause.SYSTEM, Version(1, 2))]
    assert desk.device(device_id).muted is False


def test_a_locked_device_gives_a_connecting_leg_its_own_value(
    desk_with: Callable[..., Desk],
) -> None:
    desk = desk_with(admin_force="locked")
    device_id = desk.connected()
    ringing = call(desk, device_id, state="alerting")
    desk.receive(ForceMute(device_id=device_id, muted=True))
    assert change(desk, ringing, state="connected").muted is True
    assert desk.device(device_id).muted is True


def test_the_end_of_the_only_live_voice_flips_the_device_once(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    loud = call(desk, device_id)
    ringing = call(desk, device_id, state="alerting")
    desk.mute(device_id, muted=True)
    other = call(desk, device_id, state="alerting")
    change(desk, ringing, state="connected")
    change(desk, other, state="connected")
    assert desk.device(device_id).muted is False, "one live leg is not muted"
    desk.heard.clear()
    change(desk, loud, state="ended")
    assert flips(desk) == []
    change(desk, ringing, state="ended")
    assert flips(desk) == [(True, Cause.SYSTEM, Version(1, 3))]
    change(desk, other, state="ended")
    assert desk.device(device_id).muted is True, "without live legs it keeps its own value"


def test_digital_legs_never_count(desk: Desk) -> None:
    device_id = desk.connected()
    chat = call(desk, device_id, media="chat")
    desk.mute(device_id, muted=True)
    change(desk, chat, held=True)
    change(desk, chat, state="ended")
    assert leg(desk, chat).muted is False
    assert desk.device(device_id).muted is True


def test_a_transferred_leg_takes_the_targets_value_and_its_old_device_is_settled(
    desk: Desk,
) -> None:
    source, target = desk.connected(), desk.connected("headset")
    desk.attach(source)
    desk.attach(target, "target")
    muted_one = call(desk, source, state="alerting")
    desk.mute(target, muted=True)
    loud = call(desk, source)
    desk.mute(source, muted=True)
    quiet = call(desk, source, state="alerting")
    change(desk, muted_one, state="connected")
    change(desk, quiet, state="connected")
    assert desk.device(source).muted is False
    desk.heard.clear()
    assert change(desk, muted_one, device_id=target).muted is True
    assert [(each.device_id, each.muted) for each in desk.mutes()] == [(source, True)]
    assert leg(desk, loud).muted is True


def test_a_leg_does_not_move_to_somebody_elses_device(desk: Desk) -> None:
    started = call(desk, desk.connected())
    with pytest.raises(DomainError, match="is another user's"):
        change(desk, started, device_id=desk.connected(user="bob"))


def test_one_of_two_legs_is_muted_by_itself_and_the_device_follows_the_last(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    first, second = call(desk, device_id), call(desk, device_id)
    desk.heard.clear()
    assert change(desk, first, muted=True, actor="ann").muted is True
    assert (leg(desk, second).muted, desk.device(device_id).muted) == (False, False)
    assert flips(desk) == []
    change(desk, second, muted=True, actor="ann")
    assert desk.device(device_id).muted is True
    assert [(muted, cause) for muted, cause, _ in flips(desk)] == [(True, Cause.SELF)]
    change(desk, first, muted=False, actor="ann")
    assert (leg(desk, second).muted, desk.device(device_id).muted) == (True, False)


def test_a_locked_device_lets_no_leg_be_unmuted(desk: Desk) -> None:
    device_id = desk.connected()
    started = call(desk, device_id)
    desk.receive(PatchPolicies(changes={"admin_force": "locked"}))
    desk.receive(ForceMute(device_id=device_id, muted=True))
    with pytest.raises(DomainError) as refusal:
        change(desk, started, muted=False, actor="ann")
    assert refusal.value.code == "forced"
    assert leg(desk, started).muted is True


def test_who_has_no_device_is_rung_at_the_softphone(desk: Desk) -> None:
    user = desk.org.find_user("bob")
    assert user is not None
    rung = desk.receive(StartCall(user_id=user.id, state="alerting"))
    device = desk.device(rung.legs[0].device_id)
    assert (device.name, device.status) == ("softphone", "connected")
    again = desk.receive(StartCall(user_id=user.id))
    assert again.legs[0].device_id == device.id
    with pytest.raises(DomainError, match="a client or a user"):
        desk.receive(StartCall())


def test_moving_a_leg_to_where_it_is_moves_nothing(desk: Desk) -> None:
    device_id = desk.connected()
    started = call(desk, device_id)
    assert change(desk, started, device_id=device_id) == leg(desk, started)


def test_voice_needs_a_connected_device_and_chat_does_not(desk: Desk) -> None:
    device_id = desk.connected()
    ringing = call(desk, device_id, state="alerting")
    target = desk.open("second").id
    desk.receive(DropDevice(device_id=device_id))
    call(desk, device_id, media="chat")
    for attempt in (
        StartCall(device_id=device_id),
        ChangeCall(conversation_id=ringing, state="connected"),
        ChangeCall(conversation_id=ringing, device_id=target),
    ):
        with pytest.raises(DomainError, match="it must be connected to take a call"):
            desk.receive(attempt)
    assert leg(desk, ringing).state == "alerting"
    assert change(desk, ringing, state="ended").state == "ended"


@pytest.mark.parametrize("item", ["device", "conversation", "target"])
def test_what_is_not_there_is_not_found(desk: Desk, item: str) -> None:
    started = call(desk, desk.connected())
    attempts = {
        "device": StartCall(device_id="unknown"),
        "conversation": ChangeCall(conversation_id="unknown", held=True),
        "target": ChangeCall(conversation_id=started, device_id="unknown"),
    }
    with pytest.raises(DomainError, match="404"):
        desk.receive(attempts[item])


def test_a_call_outlives_no_device(desk: Desk) -> None:
    device_id = desk.connected()
    started = call(desk, device_id)
    desk.receive(EndSession(device_id=device_id))
    with pytest.raises(DomainError, match="The leg is ended"):
        change(desk, started, held=True)
