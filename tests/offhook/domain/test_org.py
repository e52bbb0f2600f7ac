"""The one door: what an org promises whatever comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from offhook.domain.errors import DomainError
from offhook.domain.events import Emit, Pushed
from offhook.domain.inputs import (
    AttachSocket,
    ChangeCall,
    DeleteDevice,
    DetachSocket,
    DropDevice,
    DropSockets,
    EndSession,
    ForceMute,
    Input,
    LocalMute,
    OpenDevice,
    PatchDevice,
    PatchPolicies,
    PushEvent,
    SetMute,
    SetUserState,
    SocketReport,
    StartCall,
)
from offhook.domain.org import Org
from offhook.domain.version import Version
from offhook.domain.views import Cause, Role, Status
from offhook.journal import Journal
from offhook.oauth.inputs import ExpireToken, Issued, MintToken, Presented, RequestToken
from offhook.oauth.parameters import Parameters
from offhook.settings import DEFAULT

if TYPE_CHECKING:
    from tests.offhook.domain.conftest import Desk

REFUSED: list[tuple[Input[Any], str]] = [
    (OpenDevice(user_id="nobody", name="default"), "not.found"),
    (SetMute(device_id="unknown", muted=True, actor="ann"), "not.found"),
    (DeleteDevice(device_id="unknown", actor="ann"), "not.found"),
    (ForceMute(device_id="unknown", muted=True), "not.found"),
    (LocalMute(device_id="unknown", muted=True, cause=Cause.NATIVE), "not.found"),
    (DropDevice(device_id="unknown"), "not.found"),
    (EndSession(device_id="unknown"), "not.found"),
    (SetUserState(user_id="nobody", blocked=True), "not.found"),
    (PatchDevice(device_id="unknown", muted=True), "not.found"),
    (PatchPolicies(changes={"nonsense": 1}), "invalid.property"),
    (PatchPolicies(changes={"versions": False, "heartbeat_s": -1}), "invalid.value"),
    (PushEvent(device_id="unknown", body=b"{}"), "not.found"),
    (DropSockets(device_id="unknown", code=1006), "not.found"),
    (StartCall(device_id="unknown"), "not.found"),
    (ChangeCall(conversation_id="unknown", held=True), "not.found"),
    (ExpireToken(token_id="unknown"), "not.found"),
    (MintToken(user="nobody"), "invalid.value"),
]
NEVER_REFUSED = {AttachSocket, DetachSocket, SocketReport}


@pytest.mark.parametrize(("item", "code"), REFUSED, ids=lambda value: type(value).__name__)
def test_a_refused_input_changes_nothing(desk: Desk, item: Input[Any], code: str) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    desk.mute(device_id, muted=True)
    desk.heard.clear()
    before = (desk.org.state(now=desk.now), desk.org.next_deadline())
    with pytest.raises(DomainError) as caught:
        desk.receive(item)
    assert caught.value.code == code
    assert (desk.org.state(now=desk.now), desk.org.next_deadline()) == before
    assert desk.heard == []


def handled(desk: Desk) -> set[type[Input[Any]]]:
    """The inputs of `offhook.domain.inputs` that the org hands to a part."""
    return {each for each in desk.org._handlers if each.__module__ == Input.__module__}


def test_every_input_that_can_be_refused_was_tried(desk: Desk) -> None:
    tried = {type(item) for item, _ in REFUSED}
    assert handled(desk) - tried == NEVER_REFUSED


def test_every_input_of_the_domain_has_a_handler(desk: Desk) -> None:
    inputs = {each for each in Input.__subclasses__() if each.__module__ == Input.__module__}
    assert handled(desk) == inputs


def test_an_input_that_nobody_takes_is_a_broken_promise_of_ours(desk: Desk) -> None:
    class Foreign(Input[None], frozen=True):
        """Nobody's."""

    with pytest.raises(AssertionError, match="nobody takes"):
        desk.receive(Foreign())


def test_a_deadline_is_met_at_its_own_time_however_late_the_timer(desk: Desk) -> None:
    device = desk.open()
    desk.attach(device.id)
    start = desk.now
    desk.org.handle_timer(now=start + 12.0)
    outbound = desk.org.take_outbound()
    assert [round(each.event.at - start, 6) for each in outbound if isinstance(each, Emit)] == [
        0.2,
        5.0,
        10.0,
    ]
    assert desk.org.next_deadline() == start + 15.0


def test_a_heartbeat_is_no_revision_and_whatever_else_is_due_is_one(desk: Desk) -> None:
    device = desk.open()
    desk.attach(device.id)
    before = desk.org.revision
    desk.advance(0.2)
    assert desk.statuses() == [Status.CONNECTED]
    assert desk.org.revision > before
    before, shown = desk.org.revision, desk.org.state(now=0)
    desk.advance(30.0)
    assert desk.org.revision == before
    assert desk.org.state(now=0) == shown


def test_what_is_due_happens_before_a_later_input(desk: Desk) -> None:
    device = desk.open()
    desk.now += 1.0
    assert desk.mute(device.id, muted=True).device.status is Status.CONNECTED


def test_time_never_goes_back(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    late = desk.now + 3.0
    desk.org.handle_timer(now=late)
    desk.mute(device_id, muted=True)
    assert desk.mutes()[-1].at == late


def test_asking_for_the_outbound_empties_it(desk: Desk) -> None:
    device = desk.open()
    desk.org.receive(
        AttachSocket(socket_id="s", device_id=device.id, role=Role.DEVICE, token_id="t"),
        now=desk.now,
    )
    assert len(desk.org.take_outbound()) == 1
    assert desk.org.take_outbound() == []


@pytest.mark.parametrize("everywhere", [True, False])
def test_control_drops_sockets_of_one_device_or_all(desk: Desk, *, everywhere: bool) -> None:
    here, there = desk.connected(), desk.connected("second")
    desk.attach(here)
    desk.attach(here, "observer", role=Role.OBSERVER)
    desk.attach(there, "elsewhere")
    dropped = desk.receive(DropSockets(device_id=None if everywhere else here, code=1006))
    expected = [("own", 1006), ("observer", 1006), ("elsewhere", 1006)]
    assert desk.closes() == expected[:dropped]
    assert dropped == (3 if everywhere else 2)
    desk.advance(10.0)
    assert desk.device(here).status is Status.DISCONNECTED
    assert (desk.device(there).status is Status.DISCONNECTED) is everywhere


def test_control_pushes_an_object_as_it_is(desk: Desk) -> None:
    device_id = desk.connected()
    desk.attach(device_id)
    desk.receive(PushEvent(device_id=device_id, body=b'{"odd": 1}'))
    assert desk.events()[-1] == Pushed(
        device_id=device_id, version=Version(1, 0), at=desk.now, body=b'{"odd": 1}'
    )


def test_policies_change_while_the_org_lives(desk: Desk) -> None:
    desk.receive(PatchPolicies(changes={"connect_delay_s": 3}))
    assert desk.org.policies.connect_delay_s == 3.0
    device = desk.open()
    assert desk.org.next_deadline() == desk.now + 3.0
    assert desk.device(device.id).status is Status.INITIALIZING


def test_users_are_found_by_id_and_by_name(desk: Desk) -> None:
    ann = desk.org.users()[0]
    assert desk.org.user(ann.id) == desk.org.find_user("ann@example.com") == ann
    assert desk.org.user("ann") is None


def test_the_journal_has_every_input_and_what_became_of_it(desk: Desk) -> None:
    device_id = desk.open().id
    with pytest.raises(DomainError):
        desk.mute(device_id, muted=True)
    entries = desk.org.journal.entries(kind="input")
    assert [(each.facts["input"], each.facts["refused"]) for each in entries] == [
        ("OpenDevice", None),
        ("SetMute", "general.conflict"),
    ]
    assert desk.org.journal.entries(client_id=device_id) == entries[1:]
    assert entries[1].at == desk.now


def test_an_org_writes_into_the_journal_it_is_given() -> None:
    journal = Journal(max_bytes=10_000)
    org = Org(DEFAULT, seed=1, now=0.0, journal=journal)
    org.receive(DetachSocket(socket_id="s"), now=1.0)
    assert len(journal.entries()) == 1


def test_neither_journal_nor_state_knows_a_secret(desk: Desk) -> None:
    minted = desk.receive(MintToken(user="ann"))
    seen = str(desk.org.journal.entries()) + json.dumps(desk.org.state(now=desk.now))
    assert minted.token.id in seen
    assert minted.secret not in seen
    assert "ann-password" not in seen
    assert "server-secret" not in seen


def test_what_has_ended_leaves_nothing_behind(desk: Desk) -> None:
    for number in range(5):
        device_id = desk.connected()
        desk.attach(device_id, f"own-{number}")
        desk.attach(device_id, f"observer-{number}", role=Role.OBSERVER)
        desk.receive(StartCall(device_id=device_id))
        desk.mute(device_id, muted=True)
        desk.receive(EndSession(device_id=device_id))
    parts = (desk.org._roster, desk.org._sockets, desk.org._devices)
    held = {
        f"{type(part).__name__}.{name}": value
        for part in parts
        for name, value in vars(part).items()
        if isinstance(value, dict | list) or name in {"_beats", "_deadlines"}
    }
    assert len(held) == 8
    assert {name: len(value) for name, value in held.items() if len(value)} == {}
    assert desk.org._conversations._live == {}
    assert desk.org.next_deadline() is None


def test_the_same_seed_and_inputs_give_the_same_outputs(desk_with: Callable[..., Desk]) -> None:
    def run() -> tuple[object, object, object]:
        desk = desk_with()
        device_id = desk.connected()
        desk.receive(MintToken(user="bob"))
        desk.attach(device_id)
        desk.mute(device_id, muted=True)
        desk.receive(StartCall(device_id=device_id))
        desk.advance(20.0)
        return desk.heard, desk.org.state(now=desk.now), desk.org.journal.entries()

    assert run() == run()


def test_inputs_of_oauth_are_taken_through_the_same_door(desk: Desk) -> None:
    form = Parameters.read("grant_type=client_credentials")
    issued = desk.receive(
        RequestToken(
            parameters=form, presented=Presented(client_id="server", secret="server-secret")
        )
    )
    assert isinstance(issued, Issued)
    assert desk.org.oauth.tokens() == (issued.token,)
