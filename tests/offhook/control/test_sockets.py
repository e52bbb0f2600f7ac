"""Event sockets from outside."""

from collections.abc import Callable
from typing import Any

import pytest

from offhook.domain.events import Close, Emit, Pushed
from offhook.domain.inputs import AttachSocket
from offhook.domain.views import DeviceView, Role
from offhook.tenancy import Tenancy

Ask = Callable[..., Any]


@pytest.fixture
def socket(ask: Ask, tenancy: Tenancy, device: DeviceView) -> str:
    token = ask("POST", "/tokens", {"user": "agent"}, status=201)
    tenancy.org.receive(
        AttachSocket(socket_id="s1", device_id=device.id, role=Role.DEVICE, token_id=token["id"]),
        now=tenancy.clock.now(),
    )
    tenancy.org.take_outbound()
    return "s1"


def test_a_pushed_object_goes_out_compactly_and_as_it_is(
    ask: Ask, tenancy: Tenancy, device: DeviceView, socket: str
) -> None:
    event = {"type": "weather", "é": [1, 2.5, None], "b": {"a": True}}
    ask("POST", "/events", {"clientId": device.id, "event": event}, status=202)
    (item,) = tenancy.org.take_outbound()
    assert isinstance(item, Emit)
    assert isinstance(item.event, Pushed)
    assert item.event.body == '{"type":"weather","é":[1,2.5,null],"b":{"a":true}}'.encode()
    assert item.sockets == (socket,)


@pytest.mark.parametrize("event", [None, "text", [1]])
def test_only_objects_are_pushed(ask: Ask, device: DeviceView, event: object) -> None:
    ask("POST", "/events", {"clientId": device.id, "event": event}, status=400)


@pytest.mark.parametrize(("chosen", "code"), [({}, 1006), ({"code": 4401}, 4401)])
def test_the_sockets_of_a_device_are_dropped(
    ask: Ask, tenancy: Tenancy, socket: str, chosen: Any, code: int
) -> None:
    (attached,) = tenancy.org.sockets()
    dropped = ask("POST", "/sockets/drop", {"clientId": attached.device_id, **chosen})
    assert dropped == {"dropped": 1}
    closes = [item for item in tenancy.org.take_outbound() if isinstance(item, Close)]
    assert [(item.socket_id, item.code) for item in closes] == [(socket, code)]


def test_all_sockets_are_dropped_when_no_device_is_named(ask: Ask, socket: str) -> None:
    assert ask("POST", "/sockets/drop", {}) == {"dropped": 1}
    assert ask("POST", "/sockets/drop", {}) == {"dropped": 0}


@pytest.mark.parametrize("code", [999, 1005, 5000])
def test_a_code_no_socket_can_be_closed_with_is_refused(ask: Ask, socket: str, code: int) -> None:
    assert "code" in ask("POST", "/sockets/drop", {"code": code}, status=400)["message"]
    assert len(ask("GET", "/state")["sockets"]) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/events", {"clientId": "nobody", "event": {}}),
        ("/sockets/drop", {"clientId": "nobody"}),
    ],
)
def test_an_unknown_device_is_named(ask: Ask, path: str, body: object) -> None:
    assert "nobody" in ask("POST", path, body, status=404)["message"]


def test_closing_is_announced_to_channels(ask: Ask) -> None:
    assert ask("POST", "/sockets/closing", {}) == {"announced": 0}
    refusal = ask("POST", "/sockets/closing", {"channelId": "nothing"}, status=404)
    assert "nothing" in refusal["message"]
