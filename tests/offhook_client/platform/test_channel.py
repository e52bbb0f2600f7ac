"""A channel over HTTP: one for each token, subscribed each time, dropped when it is gone."""

from typing import Any

import msgspec
import pytest

from offhook_client.errors import RefusedError, UnreachableError
from offhook_client.platform.channel import Channel
from offhook_client.tokens import GivenToken

PREFIX = "/api/v2/notifications/channels"
OPENED = b'{"id": "ch", "connectUri": "ws://x/channels/ch", "expires": "2026-01-01T00:00:00.000Z"}'


@pytest.fixture
async def channel(scripted: Any, login: Any) -> Channel:
    account = login(scripted, GivenToken(access_token="given"))
    await account.start()
    return Channel(account.caller)


async def test_a_channel_is_opened_once_and_subscribed_each_time(
    channel: Channel, scripted: Any
) -> None:
    scripted.says(f"{PREFIX}/ch", body=b"{}", times=2)
    scripted.says(PREFIX, body=OPENED)
    assert await channel.prepare("u", generation=1) == "ws://x/channels/ch"
    assert await channel.prepare("u", generation=1) == "ws://x/channels/ch"
    assert channel.id == "ch"
    assert scripted.paths(PREFIX) == [
        f"POST {PREFIX}",
        f"PUT {PREFIX}/ch/subscriptions",
        f"PUT {PREFIX}/ch/subscriptions",
    ]
    assert msgspec.json.decode(scripted.received[-1].body) == [
        {"id": "v2.users.u.conversations.calls"}
    ]


async def test_another_token_gets_another_channel(channel: Channel, scripted: Any) -> None:
    scripted.says(f"{PREFIX}/ch", body=b"{}", times=2)
    scripted.says(PREFIX, body=OPENED, times=2)
    await channel.prepare("u", generation=1)
    await channel.prepare("u", generation=2)
    assert scripted.paths(PREFIX).count(f"POST {PREFIX}") == 2


async def test_a_channel_that_is_gone_is_dropped(channel: Channel, scripted: Any) -> None:
    scripted.says(f"{PREFIX}/ch", status=404)
    scripted.says(PREFIX, body=OPENED)
    assert await channel.prepare("u", generation=1) is None
    assert channel.id is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": 403}, RefusedError),
        ({"status": 404}, RefusedError),
        ({"body": b"{}"}, UnreachableError),
    ],
)
async def test_without_a_channel_the_reason_is_told(
    channel: Channel, scripted: Any, answer: dict[str, Any], error: type[Exception]
) -> None:
    scripted.says(PREFIX, **answer)
    with pytest.raises(error):
        await channel.prepare("u", generation=1)
