"""The whole state: shown without secrets, patched whole or not at all, begun anew."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from offhook.domain.views import DeviceView
from offhook.tenancy import Tenancy

Ask = Callable[..., Any]


def test_the_state_names_everything_there_is(ask: Ask, device: DeviceView) -> None:
    ask("POST", "/faults", {"fault": {"kind": "push-drop"}}, status=201)
    ask("POST", "/calls", {"clientId": device.id}, status=201)
    ask("POST", "/tokens", {"user": "agent"}, status=201)
    state = ask("GET", "/state")
    assert {"clock", "users", "devices", "conversations", "tokens", "sockets", "policies"} <= set(
        state
    )
    assert state["clock"] == ask("GET", "/clock")
    assert state["faults"] == ask("GET", "/faults")["entities"]
    assert [row["id"] for row in state["devices"]] == [device.id]
    assert len(state["conversations"]) == len(state["tokens"]) == 1


def test_the_state_holds_no_secret(ask: Ask) -> None:
    secret = ask("POST", "/tokens", {"user": "agent"}, status=201)["accessToken"]
    shown = json.dumps(ask("GET", "/state"))
    assert secret not in shown
    assert "agent-password" not in shown
    assert "offhook-secret" not in shown


def test_a_patch_changes_policies_users_and_devices(ask: Ask, device: DeviceView) -> None:
    state = ask(
        "PATCH",
        "/state",
        {
            "policies": {"mute_after_reconnect": "reset", "drop_grace_s": 3},
            "users": {"agent": {"conflict": True, "permissions": ["webrtc:client:view"]}},
            "devices": {
                device.id: {
                    "muted": True,
                    "audioLevel": 0.25,
                    "connectionStatus": "connected",
                }
            },
        },
    )
    assert state["policies"]["mute_after_reconnect"] == "reset"
    assert state["policies"]["drop_grace_s"] == 3
    agent = next(row for row in state["users"] if row["username"] == "agent")
    assert (agent["conflict"], agent["permissions"]) == (True, ["webrtc:client:view"])
    (shown,) = state["devices"]
    assert (shown["muted"], shown["audioLevel"], shown["connectionStatus"]) == (
        True,
        0.25,
        "connected",
    )


def test_a_patched_status_needs_no_way_there(ask: Ask, device: DeviceView) -> None:
    for status in ("initializing", "disconnected", "terminating", "connected"):
        change = {"devices": {device.id: {"connectionStatus": status}}}
        assert ask("PATCH", "/state", change)["devices"][0]["connectionStatus"] == status


def test_what_a_patch_leaves_out_stays(ask: Ask, device: DeviceView) -> None:
    before = ask("GET", "/state")
    assert ask("PATCH", "/state", {}) == before
    assert ask("PATCH", "/state", {"users": {"agent": {}}, "devices": {device.id: {}}}) == before


GOOD: dict[str, Any] = {
    "policies": {"drop_grace_s": 3},
    "users": {"agent": {"conflict": True}},
}


@pytest.mark.parametrize(
    ("wrong", "status", "named"),
    [
        ({"policies": {"drop_grace_s": -1}}, 400, "drop_grace_s"),
        ({"policies": {"drop_grace": 1}}, 400, "drop_grace"),
        ({"users": {"nobody": {"conflict": True}}}, 404, "nobody"),
        ({"users": {"agent": {"colour": "red"}}}, 400, "colour"),
        ({"devices": {"nobody": {"muted": True}}}, 404, "nobody"),
        ({"devices": {"nobody": {"audioLevel": 2}}}, 400, "audioLevel"),
        ({"devices": {"nobody": {"connectionStatus": "asleep"}}}, 400, "connectionStatus"),
        ({"colour": "red"}, 400, "colour"),
    ],
)
def test_a_patch_that_is_wrong_anywhere_changes_nothing(
    ask: Ask, device: DeviceView, wrong: dict[str, Any], status: int, named: str
) -> None:
    before = ask("GET", "/state")
    whole = {**GOOD, "devices": {device.id: {"muted": True}}}
    for part, change in wrong.items():
        whole[part] = {**whole.get(part, {}), **change} if isinstance(change, dict) else change
    assert named in ask("PATCH", "/state", whole, status=status)["message"]
    assert ask("GET", "/state") == before


def test_a_user_named_twice_is_refused(ask: Ask) -> None:
    users = {"agent": {"conflict": True}, "agent@example.com": {"conflict": False}}
    refusal = ask("PATCH", "/state", {"users": users}, status=400)
    assert "agent@example.com" in refusal["message"]


def test_a_device_can_be_muted_and_terminated_in_one_patch(ask: Ask, device: DeviceView) -> None:
    change = {"muted": True, "audioLevel": 0.5, "connectionStatus": "terminated"}
    assert ask("PATCH", "/state", {"devices": {device.id: change}})["devices"] == []


def test_a_reset_begins_anew_with_the_same_seed(
    ask: Ask, tenancy: Tenancy, device: DeviceView
) -> None:
    minted = ask("POST", "/tokens", {"user": "agent"}, status=201)
    ask("POST", "/faults", {"fault": {"kind": "push-drop"}}, status=201)
    ask("PATCH", "/state", {"policies": {"drop_grace_s": 3}})
    ask("POST", "/reset", status=204)
    state = ask("GET", "/state")
    assert state["devices"] == state["tokens"] == state["faults"] == []
    assert state["policies"]["drop_grace_s"] == 10
    assert state["seed"] == tenancy.seed
    assert ask("POST", "/tokens", {"user": "agent"}, status=201) == minted


def test_no_policy_locks_the_control_api_out(ask: Ask) -> None:
    ask("PATCH", "/state", {"policies": {"max_body_bytes": 1}})
    assert (
        ask("PATCH", "/state", {"policies": {"max_body_bytes": 9}})["policies"]["max_body_bytes"]
        == 9
    )
