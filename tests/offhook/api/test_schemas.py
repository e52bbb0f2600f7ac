"""Messages of the tutorial dialect, by JSON's names."""

import json
from typing import Any

import msgspec
import pytest

from offhook.api import schemas
from offhook.domain.version import Version
from offhook.domain.views import Cause, DeviceView, LastIntent, Status

DEVICE = DeviceView(
    id="d-1",
    name="default",
    user_id="u-1",
    status=Status.CONNECTED,
    audio_level=0.25,
    muted=True,
    version=Version(1, 3),
    last_intent=LastIntent(muted=True, rev=3, actor="u-1"),
    cause=Cause.SELF,
    forced=False,
)

WIRE = {
    "id": "d-1",
    "deviceId": "default",
    "userId": "u-1",
    "connectionStatus": "connected",
    "audioLevel": 0.25,
    "muted": True,
    "epoch": 1,
    "rev": 3,
    "lastIntent": {"muted": True, "rev": 3, "actor": "u-1"},
    "cause": "self",
    "forced": False,
    "selfUri": "/api/v2/webrtc/clients/d-1",
}


def told(message: object) -> dict[str, Any]:
    found = json.loads(msgspec.json.encode(message))
    assert isinstance(found, dict)
    return found


def test_a_device_has_the_fields_of_the_wire_page() -> None:
    assert told(schemas.client_message(DEVICE)) == WIRE


def test_before_the_first_set_intent_and_cause_are_null() -> None:
    fresh = msgspec.structs.replace(DEVICE, last_intent=None, cause=None)
    message = told(schemas.client_message(fresh))
    assert (message["lastIntent"], message["cause"]) == (None, None)


def test_without_versions_their_fields_are_absent() -> None:
    message = told(schemas.client_message(msgspec.structs.replace(DEVICE, version=None)))
    assert set(WIRE) - set(message) == {"epoch", "rev", "lastIntent"}


@pytest.mark.parametrize("field", ["epoch", "rev"])
def test_whole_numbers_stay_within_what_javascript_reads_exactly(field: str) -> None:
    largest = msgspec.convert(WIRE | {field: schemas.MAX_INTEGER}, schemas.WebrtcClient)
    assert getattr(largest, field) == schemas.MAX_INTEGER
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(WIRE | {field: schemas.MAX_INTEGER + 1}, schemas.WebrtcClient)
