"""Links: connections that became WebSockets are told from the others."""

import pytest

from offhook_scenarios.faults.network import Links, host_of
from offhook_scenarios.sim.tap import Sending
from offhook_scenarios.sim.trace import Way

UPGRADE = b"GET /events HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


def sending(data: bytes, *, connection: int = 1, way: Way = Way.UP) -> Sending:
    return Sending(connection, way, "desk-1", "server", 80, 1, data)


@pytest.mark.parametrize(
    ("data", "way", "name"),
    [
        (UPGRADE, Way.UP, "events"),
        (UPGRADE.replace(b"Upgrade: websocket", b"upgrade: WebSocket"), Way.UP, "events"),
        (UPGRADE, Way.DOWN, "http"),
        (b"GET /me HTTP/1.1\r\n\r\n", Way.UP, "http"),
        (b"POST /mute HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", Way.UP, "http"),
    ],
)
def test_an_upgrade_makes_a_link_of_events(data: bytes, way: Way, name: str) -> None:
    links = Links()
    links(sending(data, way=way))
    assert links.name(1) == name
    assert links.name(2) == "http"


def test_hosts_of_desks_have_their_numbers() -> None:
    assert [host_of(desk) for desk in (1, 2)] == ["desk-1", "desk-2"]
