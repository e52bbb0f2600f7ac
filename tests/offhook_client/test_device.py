"""The device: read, waited for, deleted."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from offhook_client.aio import Account
from offhook_client.device import Device
from offhook_client.errors import RefusedError, UnreachableError
from offhook_client.options import Options
from offhook_client.tokens import GivenToken

ME = "/api/v2/webrtc/clients/me"
BODY = msgspec.json.encode({"id": "c", "connectionStatus": "connected", "muted": False})


@pytest.fixture
async def device(scripted: Any, quick: Options) -> AsyncIterator[Device]:
    async with Account(scripted.url, GivenToken(access_token="T"), options=quick) as account:
        yield Device(account.caller, "left ear")


def soon(device: Device) -> float:
    return device._http.now() + 10.0


async def test_a_device_is_asked_for_by_its_name(device: Device, scripted: Any) -> None:
    scripted.says(ME, body=BODY)
    view = await device.read(deadline=soon(device))
    assert view is not None
    assert view.id == "c"
    assert scripted.paths() == [f"GET {ME}?deviceId=left%20ear"]


async def test_no_device_is_none(device: Device, scripted: Any) -> None:
    scripted.says(ME, status=404)
    assert await device.read(deadline=soon(device)) is None


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"id": 7}'])
async def test_a_body_that_is_no_client_is_no_answer(
    device: Device, scripted: Any, body: bytes
) -> None:
    scripted.says(ME, body=body)
    with pytest.raises(UnreachableError, match="no client"):
        await device.read(deadline=soon(device))


async def test_patience_outlasts_what_passes(device: Device, scripted: Any) -> None:
    scripted.says(ME, body=b"<html>")
    scripted.says(ME, status=429, headers={"Retry-After": "0"})
    scripted.says(ME, times=5, status=503)
    scripted.says(ME, body=BODY)
    view = await device.read_patiently()
    assert view is not None
    assert {one.reason[:3] for one in device._http.decisions.entries()} >= {"429", "503"}


async def test_a_conflicting_state_is_waited_out(device: Device, scripted: Any) -> None:
    scripted.says(ME, times=3, status=404)
    scripted.says(ME, body=BODY)
    assert (await device.read_until_there()).id == "c"


async def test_a_refusal_is_not_waited_out(device: Device, scripted: Any) -> None:
    scripted.says(ME, status=403)
    with pytest.raises(RefusedError):
        await device.read_patiently()


@pytest.mark.parametrize("status", [204, 404, 409])
async def test_what_is_gone_or_going_is_deleted(device: Device, scripted: Any, status: int) -> None:
    scripted.says("/api/v2/webrtc/clients/c", status=status)
    await device.delete("c", deadline=soon(device))
    assert scripted.paths() == ["DELETE /api/v2/webrtc/clients/c"]
