"""Other hands, each against what the state says afterwards."""

from collections.abc import Callable
from typing import Any

import pytest

from offhook.control.actors import OPERATIONS, SECOND_TAB
from offhook.domain.inputs import PatchPolicies
from offhook.domain.views import DeviceView
from offhook.tenancy import Tenancy

Ask = Callable[..., Any]


def shown(ask: Ask, device: DeviceView) -> Any:
    return next(row for row in ask("GET", "/state")["devices"] if row["id"] == device.id)


@pytest.mark.parametrize(
    ("actor", "cause"),
    [
        ("force-mute", "admin"),
        ("native-mute", "native"),
        ("headset", "headset"),
        ("second-tab", "self"),
    ],
)
def test_each_hand_that_mutes_leaves_its_cause(
    ask: Ask, device: DeviceView, actor: str, cause: str
) -> None:
    for muted in (True, False, True):
        ask("POST", f"/actors/{actor}", {"clientId": device.id, "muted": muted}, status=204)
        assert shown(ask, device)["muted"] is muted
        assert shown(ask, device)["cause"] == cause


def test_an_administrator_is_named_as_users_are(ask: Ask, device: DeviceView) -> None:
    body = {"clientId": device.id, "muted": True, "actor": "supervisor"}
    ask("POST", "/actors/force-mute", body, status=204)
    refusal = ask("POST", "/actors/force-mute", {**body, "actor": "nobody"}, status=404)
    assert "supervisor" in refusal["message"]


def test_a_gesture_is_passed_on(ask: Ask, tenancy: Tenancy, device: DeviceView) -> None:
    body = {"clientId": device.id, "muted": True, "gesture": True}
    ask("POST", "/actors/headset", body, status=204)
    (seen,) = tenancy.org.journal.entries(kind="input", client_id=device.id)[-1:]
    assert seen.facts["gesture"] is True


def test_the_second_tab_is_another_instance_whose_intents_rise(
    ask: Ask, tenancy: Tenancy, device: DeviceView
) -> None:
    body = {"clientId": device.id, "muted": True}
    for _ in range(2):
        ask("POST", "/actors/second-tab", body, status=204)
    ask("POST", "/actors/native-mute", body, status=204)
    ask("POST", "/actors/second-tab", body, status=204)
    intents = [
        entry.facts["intent"]
        for entry in tenancy.org.journal.entries(kind="input")
        if entry.facts.get("intent")
    ]
    assert intents == [{"instance": SECOND_TAB, "seq": seq} for seq in (1, 2, 4)]


def test_without_versions_the_second_tab_still_mutes(
    ask: Ask, tenancy: Tenancy, device: DeviceView
) -> None:
    tenancy.org.receive(PatchPolicies(changes={"versions": False}), now=tenancy.clock.now())
    for muted in (True, False):
        ask("POST", "/actors/second-tab", {"clientId": device.id, "muted": muted}, status=204)
        assert shown(ask, device)["muted"] is muted


def test_a_dropped_device_is_disconnected_and_cannot_be_muted_by_hand(
    ask: Ask, device: DeviceView
) -> None:
    ask("POST", "/actors/drop", {"clientId": device.id}, status=204)
    assert shown(ask, device)["connectionStatus"] == "disconnected"
    refusal = ask("POST", "/actors/headset", {"clientId": device.id, "muted": True}, status=409)
    assert "disconnected" in refusal["message"]


def test_an_ended_session_is_gone(ask: Ask, device: DeviceView) -> None:
    ask("POST", "/actors/end", {"clientId": device.id}, status=204)
    assert ask("GET", "/state")["devices"] == []
    ask("POST", "/actors/end", {"clientId": device.id}, status=404)


@pytest.mark.parametrize(("actor", "field"), [("conflict", "conflict"), ("block", "blocked")])
def test_a_state_of_a_user_begins_and_ends(ask: Ask, actor: str, field: str) -> None:
    for on in (True, False):
        ask("POST", f"/actors/{actor}", {"user": "agent", "on": on}, status=204)
        agent = next(row for row in ask("GET", "/state")["users"] if row["username"] == "agent")
        assert agent[field] is on


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: str(row.id))
def test_every_actor_refuses_whom_it_does_not_know(ask: Ask, operation: Any) -> None:
    fields = operation.body.__struct_fields__
    body: dict[str, object] = {"muted": True} if "muted" in fields else {}
    body |= {"clientId": "nobody"} if "client_id" in fields else {"user": "nobody", "on": True}
    path = operation.path.removeprefix("/_offhook/v1")
    assert "nobody" in ask("POST", path, body, status=404)["message"]
