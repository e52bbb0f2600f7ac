"""Thousands of tokens, devices and channels: each has a limit, and memory stays within it."""

import json
from typing import Any

import pytest

from offhook.domain import devices
from offhook.domain.errors import DomainError
from offhook.domain.inputs import OpenDevice
from offhook.oauth import ledger
from offhook.oauth.inputs import MintToken
from offhook.policies import Policies


async def test_tokens_beyond_what_is_remembered_end_those_that_would_expire_first(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "REMEMBERED", 500)
    first = house.server.receive(MintToken(user="agent", ttl_s=60))
    for _ in range(3000):
        house.server.receive(MintToken(user="agent", ttl_s=3600))
    org = house.server.org
    assert len(org.oauth.tokens()) <= 500
    assert len(org.oauth._ledger._families) <= 500
    assert org.oauth.token(first.secret) is None
    token, house.token = house.token, first.secret
    assert (await house.ask(f"GET {house.path}"))[0] == 401
    house.token = token if org.oauth.token(token) else house.server.token()
    await house.is_well()


async def test_the_socket_of_a_token_that_is_forgotten_is_closed(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = await house.socket()
    monkeypatch.setattr(ledger, "REMEMBERED", 2)
    for _ in range(5):
        house.server.receive(MintToken(user="agent", ttl_s=10**6))
    assert house.server.org.sockets() == ()
    assert (4401).to_bytes(2, "big") in await peer.rest()


async def test_a_user_has_so_many_devices_and_no_more(house: Any) -> None:
    for number in range(1, devices.OF_A_USER):
        house.server.receive(OpenDevice(user_id=house.user_id, name=f"d{number}"))
    with pytest.raises(DomainError, match="which is the most") as caught:
        house.server.receive(OpenDevice(user_id=house.user_id, name="one more"))
    assert caught.value.status == 400
    assert len(house.server.org.devices()) == devices.OF_A_USER
    await house.is_well()


async def test_channels_evict_each_other(house: Any) -> None:
    for _ in range(100):
        status, _ = await house.ask("POST /api/v2/notifications/channels")
        assert status == 200
    _, body = await house.ask("GET /api/v2/notifications/channels")
    assert len(json.loads(body)["entities"]) == Policies().channels_per_user_and_client


async def test_topics_beyond_what_a_channel_may_have_are_refused(house: Any) -> None:
    _, body = await house.ask("POST /api/v2/notifications/channels")
    channel = json.loads(body)["id"]
    topics = [{"id": f"v2.users.u{n}.presence"} for n in range(2000)]
    status, _ = await house.ask(
        f"POST /api/v2/notifications/channels/{channel}/subscriptions?ignoreErrors=true",
        body=json.dumps(topics).encode(),
    )
    assert status in {200, 400}
    held = house.server.org.channel(channel)
    assert held is not None
    assert len(held.topics) <= Policies().topics_per_channel
    await house.is_well()
