"""The org as JSON: what control and the synchronous handle show."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from offhook.domain.inputs import StartCall
from offhook.oauth.inputs import MintToken

if TYPE_CHECKING:
    from tests.offhook.domain.conftest import Desk


def picture_of(desk: Desk) -> dict[str, Any]:
    state = desk.org.state(now=desk.now)
    read: dict[str, Any] = json.loads(json.dumps(state))
    assert read == state, "it is JSON as it stands"
    return read


def test_a_fresh_org_has_users_and_policies(desk: Desk) -> None:
    picture = picture_of(desk)
    assert [each["username"] for each in picture["users"]] == ["ann", "bob"]
    assert set(picture["users"][0]) == {
        *("id", "name", "username", "email", "licences", "permissions", "conflict", "blocked"),
    }
    assert picture["policies"]["heartbeat_s"] == 5.0
    assert (picture["name"], picture["seed"], picture["now"]) == ("Offhook", 7, 1000.0)
    for noun in ("devices", "conversations", "sockets", "tokens"):
        assert picture[noun] == []


def test_everything_that_lives_is_in_it_by_public_ids(desk: Desk) -> None:
    device_id = desk.connected()
    token = desk.receive(MintToken(user="ann", scopes=frozenset({"user:read"}))).token
    desk.attach(device_id, token_id=token.id)
    desk.mute(device_id, muted=True)
    call = desk.receive(StartCall(device_id=device_id))
    picture = picture_of(desk)
    ann = desk.user()
    assert picture["devices"] == [
        {
            "id": device_id,
            "deviceId": "default",
            "userId": ann,
            "connectionStatus": "connected",
            "audioLevel": 0.0,
            "muted": True,
            "cause": "self",
            "forced": False,
            "epoch": 1,
            "rev": 1,
            "lastIntent": {"muted": True, "rev": 1, "actor": ann},
        }
    ]
    assert picture["sockets"] == [
        {"id": "own", "clientId": device_id, "role": "device", "tokenId": token.id}
    ]
    assert picture["conversations"] == [
        {
            "id": call.id,
            "userId": ann,
            "participantId": call.participant_id,
            "direction": "inbound",
            "farParticipantId": call.far.participant_id,
            "address": call.far.address,
            "legs": [
                {
                    "id": call.legs[0].id,
                    "clientId": device_id,
                    "media": "voice",
                    "state": "connected",
                    "muted": True,
                    "held": False,
                    "confined": False,
                }
            ],
        }
    ]
    (shown,) = picture["tokens"]
    assert (shown["id"], shown["userId"], shown["scopes"]) == (token.id, ann, ["user:read"])
    assert shown["status"] == "active"


def test_without_versions_there_are_none(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(versions=False)
    desk.connected()
    (device,) = picture_of(desk)["devices"]
    assert not {"epoch", "rev", "lastIntent"} & set(device)


def test_an_ended_token_is_shown_as_what_it_is(desk: Desk) -> None:
    desk.receive(MintToken(user=None, ttl_s=1.0))
    desk.advance(2.0)
    (token,) = picture_of(desk)["tokens"]
    assert (token["status"], token["userId"]) == ("expired", None)
