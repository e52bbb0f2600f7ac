"""Sockets at the desk: who hears what, when, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from offhook.domain.events import Emit, Heartbeat, Subscribed
from offhook.domain.inputs import DetachSocket, ForceMute, PatchPolicies
from offhook.domain.version import Version
from offhook.domain.views import Role, SocketView
from offhook.oauth.inputs import ExpireToken, MintToken, RevokeToken

if TYPE_CHECKING:
    from tests.offhook.domain.conftest import Desk


def subscribed(desk: Desk, socket_id: str = "own") -> Subscribed:
    first = desk.events(socket_id)[0]
    assert isinstance(first, Subscribed)
    return first


def test_the_first_thing_a_socket_hears_is_that_it_is_subscribed(desk: Desk) -> None:
    device_id = desk.connected()
    desk.mute(device_id, muted=True)
    desk.attach(device_id)
    assert subscribed(desk) == Subscribed(
        device_id=device_id, version=Version(1, 1), at=desk.now, recovered=False
    )
    assert desk.org.sockets() == (
        SocketView(id="own", device_id=device_id, role=Role.DEVICE, token_id="token"),
    )


def test_all_sockets_of_a_device_hear_an_event_and_no_others(desk: Desk) -> None:
    here, there = desk.connected(), desk.connected("second")
    desk.attach(here)
    desk.attach(here, "observer", role=Role.OBSERVER)
    desk.attach(there, "elsewhere")
    desk.mute(here, muted=True)
    emit = desk.heard[-1]
    assert isinstance(emit, Emit)
    assert emit.sockets == ("own", "observer")
    assert not desk.mutes("elsewhere")


def test_a_second_device_socket_takes_over(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id, "first")
    desk.attach(device_id, "observer", role=Role.OBSERVER)
    desk.attach(device_id, "second")
    assert desk.closes() == [("first", 4409)]
    assert [each.id for each in desk.org.sockets()] == ["observer", "second"]
    desk.receive(DetachSocket(socket_id="first"))
    desk.advance(60.0)
    assert desk.statuses() == [], "the evicted socket's end is not the device's loss"


def test_an_unknown_device_closes_the_socket(desk: Desk) -> None:
    desk.attach("unknown", "late")
    assert desk.closes() == [("late", 4404)]
    assert desk.org.sockets() == ()


def test_a_socket_id_is_used_once(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    with pytest.raises(AssertionError, match="attached already"):
        desk.attach(device_id)


def test_detaching_an_unknown_socket_is_passed_over(desk: Desk) -> None:
    desk.receive(DetachSocket(socket_id="unknown"))
    assert desk.heard == []


def test_each_socket_has_its_own_heartbeat(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    desk.advance(2.0)
    desk.attach(device_id, "observer", role=Role.OBSERVER)
    desk.mute(device_id, muted=True)
    start = desk.now - 2.0
    desk.advance(10.0)
    beats = {
        name: [(each.at - start, each.version) for each in desk.events(name) if is_beat(each)]
        for name in ("own", "observer")
    }
    assert beats == {
        "own": [(5.0, Version(1, 1)), (10.0, Version(1, 1))],
        "observer": [(7.0, Version(1, 1)), (12.0, Version(1, 1))],
    }


def is_beat(event: object) -> bool:
    return isinstance(event, Heartbeat)


def test_a_socket_that_is_gone_has_no_heartbeat(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    desk.receive(DetachSocket(socket_id="own"))
    desk.advance(9.0)
    assert not [each for each in desk.events() if is_beat(each)]


@pytest.mark.parametrize("since", range(6))
def test_replay_is_what_a_connected_socket_saw(desk: Desk, since: int) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    for number in range(4):
        desk.mute(device_id, muted=number % 2 == 0)
    desk.receive(ForceMute(device_id=device_id, muted=True, actor="boss"))
    desk.attach(device_id, "late", role=Role.OBSERVER, since=Version(1, since))
    seen = desk.mutes("own")
    assert subscribed(desk, "late").recovered
    assert desk.mutes("late") == seen[since:]
    assert [each.version for each in seen] == [Version(1, rev) for rev in range(1, 6)]


@pytest.mark.parametrize(
    "since",
    [None, Version(1, 6), Version(2, 0), Version(2, 5), Version(1, 10**17)],
    ids=str,
)
def test_what_cannot_be_told_in_full_is_not_recovered(desk: Desk, since: Version | None) -> None:
    device_id = desk.connected()
    for _ in range(5):
        desk.mute(device_id, muted=True)
    desk.attach(device_id, since=since)
    assert not subscribed(desk).recovered
    assert desk.mutes() == []


@pytest.mark.parametrize(("since", "recovered"), [(1, False), (2, True), (3, True), (5, True)])
def test_the_window_of_replay_is_bounded(
    desk_with: Callable[..., Desk], since: int, *, recovered: bool
) -> None:
    desk = desk_with(replay_events=3)
    device_id = desk.connected()
    for _ in range(5):
        desk.mute(device_id, muted=True)
    desk.attach(device_id, since=Version(1, since))
    assert subscribed(desk).recovered is recovered
    assert len(desk.mutes()) == (5 - since if recovered else 0)


def test_without_a_window_only_the_present_is_recovered(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(replay_events=0)
    device_id = desk.connected()
    desk.mute(device_id, muted=True)
    desk.attach(device_id, "older", since=Version(1, 0))
    desk.attach(device_id, "present", role=Role.OBSERVER, since=Version(1, 1))
    assert not subscribed(desk, "older").recovered
    assert subscribed(desk, "present").recovered


def test_revisions_made_without_versions_are_a_gap(desk: Desk) -> None:
    device_id = desk.connected()
    desk.mute(device_id, muted=True)
    desk.receive(PatchPolicies(changes={"versions": False}))
    desk.mute(device_id, muted=False)
    desk.attach(device_id, "hidden", role=Role.OBSERVER, since=Version(1, 1))
    assert subscribed(desk, "hidden").version is None
    assert not subscribed(desk, "hidden").recovered
    desk.receive(PatchPolicies(changes={"versions": True}))
    desk.mute(device_id, muted=True)
    desk.attach(device_id, "gap", role=Role.OBSERVER, since=Version(1, 1))
    desk.attach(device_id, "whole", role=Role.OBSERVER, since=Version(1, 2))
    assert not subscribed(desk, "gap").recovered
    assert subscribed(desk, "whole").recovered


def token_of(desk: Desk, ttl_s: float | None = None) -> str:
    return desk.receive(MintToken(user="ann", ttl_s=ttl_s)).token.id


@pytest.mark.parametrize("policy", ["close", "silent", "refuse"])
def test_a_revoked_token_closes_its_sockets(desk_with: Callable[..., Desk], policy: str) -> None:
    desk = desk_with(expired_socket=policy)
    device_id = desk.connected()
    token_id = token_of(desk)
    desk.attach(device_id, token_id=token_id)
    desk.attach(device_id, "other", role=Role.OBSERVER, token_id=token_of(desk))
    desk.receive(RevokeToken(token_id=token_id))
    assert desk.closes() == [("own", 4401)]
    desk.advance(10.0)
    assert desk.statuses("other") == ["disconnected"], "the device lost its own socket"


@pytest.mark.parametrize("by_control", [True, False])
def test_an_expired_token_closes_its_sockets(desk: Desk, *, by_control: bool) -> None:
    device_id = desk.connected()
    token_id = token_of(desk, ttl_s=2.5)
    desk.attach(device_id, token_id=token_id)
    if by_control:
        desk.receive(ExpireToken(token_id=token_id))
    else:
        desk.advance(2.4)
        assert desk.closes() == []
        desk.advance(0.1)
    assert desk.closes() == [("own", 4401)]


def test_under_silent_an_expired_socket_hears_nothing_more(
    desk_with: Callable[..., Desk],
) -> None:
    desk = desk_with(expired_socket="silent")
    device_id = desk.connected()
    desk.attach(device_id, token_id=token_of(desk, ttl_s=1.0))
    desk.attach(device_id, "other", role=Role.OBSERVER)
    desk.advance(1.0)
    desk.heard.clear()
    desk.mute(device_id, muted=True)
    desk.advance(10.0)
    assert desk.events("own") == []
    assert desk.closes() == []
    assert len(desk.events("other")) == 3
    assert desk.statuses() == [], "the socket is still there, and so is the device"


def test_under_refuse_an_expired_socket_hears_all(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(expired_socket="refuse")
    device_id = desk.connected()
    desk.attach(device_id, token_id=token_of(desk, ttl_s=1.0))
    desk.advance(1.0)
    desk.mute(device_id, muted=True)
    assert len(desk.mutes("own")) == 1


def test_a_socket_that_comes_with_an_ended_token_is_treated_by_the_policy(desk: Desk) -> None:
    device_id = desk.connected()
    token_id = token_of(desk)
    desk.receive(RevokeToken(token_id=token_id))
    desk.attach(device_id, token_id=token_id)
    assert desk.closes() == [("own", 4401)]
    assert desk.org.sockets() == ()
