"""Calls through control."""

from collections.abc import Callable
from typing import Any

import pytest

from offhook.domain.views import DeviceView

Ask = Callable[..., Any]


def test_a_call_has_one_leg_on_the_device(ask: Ask, device: DeviceView) -> None:
    call = ask("POST", "/calls", {"clientId": device.id, "state": "alerting"}, status=201)
    (leg,) = call["legs"]
    assert (leg["clientId"], leg["media"], leg["state"]) == (device.id, "voice", "alerting")
    assert call["userId"] == device.user_id
    assert ask("GET", "/state")["conversations"] == [call]


def test_a_leg_connects_is_held_and_ends(ask: Ask, device: DeviceView) -> None:
    call = ask("POST", "/calls", {"clientId": device.id, "state": "alerting"}, status=201)
    path = f"/calls/{call['id']}"
    assert ask("PATCH", path, {"state": "connected"})["legs"][0]["state"] == "connected"
    assert ask("PATCH", path, {"held": True})["legs"][0]["held"] is True
    assert ask("PATCH", path, {"state": "ended"})["legs"][0]["state"] == "ended"
    assert "ended" in ask("PATCH", path, {"held": False}, status=409)["message"]


def test_a_digital_leg_is_asked_for_by_its_medium(ask: Ask, device: DeviceView) -> None:
    call = ask("POST", "/calls", {"clientId": device.id, "media": "chat"}, status=201)
    assert call["legs"][0]["media"] == "chat"


@pytest.mark.parametrize("wrong", [{"media": "smoke"}, {"state": "ended"}, {"colour": "red"}])
def test_a_wrong_call_is_refused_by_name(
    ask: Ask, device: DeviceView, wrong: dict[str, object]
) -> None:
    refusal = ask("POST", "/calls", {"clientId": device.id, **wrong}, status=400)
    assert next(iter(wrong)) in refusal["message"]


def test_unknown_calls_and_devices_are_named(ask: Ask, device: DeviceView) -> None:
    assert "nobody" in ask("POST", "/calls", {"clientId": "nobody"}, status=404)["message"]
    assert "nothing" in ask("PATCH", "/calls/nothing", {"held": True}, status=404)["message"]
    call = ask("POST", "/calls", {"clientId": device.id}, status=201)
    move = {"clientId": "nobody"}
    assert "nobody" in ask("PATCH", f"/calls/{call['id']}", move, status=404)["message"]


def test_a_call_rings_at_a_users_softphone(ask: Ask, device: DeviceView) -> None:
    call = ask("POST", "/calls", {"user": "second", "state": "alerting"}, status=201)
    assert call["direction"] == "inbound"
    (shown,) = (
        each for each in ask("GET", "/state")["devices"] if each["userId"] == call["userId"]
    )
    assert (shown["deviceId"], shown["id"]) == ("softphone", call["legs"][0]["clientId"])
    assert "nobody" in ask("POST", "/calls", {"user": "nobody"}, status=404)["message"]


def test_an_outbound_call_dials_consults_and_is_hung_up_by_the_far_end(
    ask: Ask, device: DeviceView
) -> None:
    start = {
        "clientId": device.id,
        "direction": "outbound",
        "state": "alerting",
        "address": "+1555",
    }
    call = ask("POST", "/calls", start, status=201)
    path = f"/calls/{call['id']}"
    assert (call["address"], call["legs"][0]["state"]) == ("+1555", "dialing")
    assert ask("PATCH", path, {"state": "connected"})["legs"][0]["state"] == "connected"
    assert ask("PATCH", path, {"muted": True})["legs"][0]["muted"] is True
    assert ask("PATCH", path, {"consult": "+1556"})["legs"][0]["state"] == "connected"
    ended = {"state": "ended", "disconnectType": "peer"}
    assert ask("PATCH", path, ended)["legs"][0]["state"] == "ended"
