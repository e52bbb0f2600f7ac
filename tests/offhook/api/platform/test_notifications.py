"""Notification channels as a client meets them: HTTP, then the socket of `connectUri`."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec
import pytest

import offhook
from offhook.domain.channel_inputs import AnnounceClosing
from offhook.oauth.inputs import RevokeToken

CHANNELS = "/api/v2/notifications/channels"


@pytest.fixture
async def mock() -> AsyncIterator[offhook.MockServer]:
    async with offhook.MockServer(seed=1, clock=offhook.ManualClock()) as server:
        yield server


@pytest.fixture
async def session(mock: offhook.MockServer) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {mock.token()}"}
    async with aiohttp.ClientSession(mock.url, headers=headers) as opened:
        yield opened


async def _ask(
    session: aiohttp.ClientSession, method: str, path: str, **options: Any
) -> tuple[int, Any]:
    async with session.request(method, path, **options) as answer:
        body = await answer.read()
        return answer.status, msgspec.json.decode(body) if body else None


async def _channel(session: aiohttp.ClientSession) -> dict[str, Any]:
    status, channel = await _ask(session, "POST", CHANNELS, data=b"null")
    assert status == 200
    assert isinstance(channel, dict)
    return channel


def _user(mock: offhook.MockServer, name: str = "agent") -> str:
    user = mock.org.find_user(name)
    assert user is not None
    return user.id


async def test_a_channel_says_where_its_socket_is_and_for_how_long(
    mock: offhook.MockServer, session: aiohttp.ClientSession
) -> None:
    channel = await _channel(session)
    assert channel["connectUri"] == f"{mock.url.replace('http', 'ws')}/channels/{channel['id']}"
    assert channel["id"].startswith("streaming-0-")
    assert (await _ask(session, "GET", CHANNELS))[1] == {"entities": [channel]}


async def test_head_tells_whether_a_channel_is_there(
    mock: offhook.MockServer, session: aiohttp.ClientSession
) -> None:
    channel = await _channel(session)
    assert await _ask(session, "HEAD", f"{CHANNELS}/{channel['id']}") == (200, None)
    assert (await _ask(session, "HEAD", f"{CHANNELS}/streaming-0-nobody"))[0] == 404
    await mock.advance(86_400)
    # The token has expired on the same day, so another one asks.
    headers = {"Authorization": f"Bearer {mock.token()}"}
    path = f"{CHANNELS}/{channel['id']}"
    assert (await _ask(session, "HEAD", path, headers=headers))[0] == 404


async def test_topics_are_added_replaced_and_cleared(
    mock: offhook.MockServer, session: aiohttp.ClientSession
) -> None:
    channel = await _channel(session)
    path = f"{CHANNELS}/{channel['id']}/subscriptions"
    prefix = f"v2.users.{_user(mock)}"

    async def ids(method: str, *topics: str) -> list[str]:
        given = {"json": [{"id": topic} for topic in topics]} if topics else {}
        status, listing = await _ask(session, method, path, **given)
        assert status == 200
        return [each["id"] for each in listing["entities"]]

    assert await ids("POST", f"{prefix}.presence") == [f"{prefix}.presence"]
    assert await ids("POST", f"{prefix}?conversations&station") == [
        f"{prefix}?conversations&station"
    ]
    assert await ids("GET") == [f"{prefix}.presence", f"{prefix}?conversations&station"]
    assert await ids("PUT", f"{prefix}.station") == [f"{prefix}.station"]
    assert await ids("GET") == [f"{prefix}.station"]
    assert await _ask(session, "DELETE", path) == (200, None)
    assert await ids("GET") == []


async def test_a_rejected_topic_fails_the_request_unless_errors_are_ignored(
    mock: offhook.MockServer, session: aiohttp.ClientSession
) -> None:
    channel = await _channel(session)
    path = f"{CHANNELS}/{channel['id']}/subscriptions"
    own, foreign = (f"v2.users.{_user(mock, name)}.presence" for name in ("agent", "second"))
    body = [{"id": own}, {"id": foreign}]
    status, refusal = await _ask(session, "PUT", path, json=body)
    assert (status, refusal["code"]) == (400, "bad.request")
    assert foreign in refusal["message"]
    status, listing = await _ask(session, "PUT", f"{path}?ignoreErrors=true", json=body)
    assert status == 200
    assert [each["state"] for each in listing["entities"]] == ["Permitted", "Rejected"]
    assert "own topics" in listing["entities"][1]["rejectionReason"]
    assert [each["id"] for each in (await _ask(session, "GET", path))[1]["entities"]] == [own]


async def test_somebody_elses_channel_is_not_to_be_touched(
    mock: offhook.MockServer, session: aiohttp.ClientSession
) -> None:
    channel = await _channel(session)
    headers = {"Authorization": f"Bearer {mock.token('second')}"}
    path = f"{CHANNELS}/{channel['id']}/subscriptions"
    status, refusal = await _ask(session, "GET", path, headers=headers)
    assert (status, refusal["code"]) == (403, "not.authorized")


async def test_the_available_topics_are_listed(session: aiohttp.ClientSession) -> None:
    status, listing = await _ask(session, "GET", "/api/v2/notifications/availabletopics")
    assert status == 200
    ids = {each["id"] for each in listing["entities"]}
    assert {"v2.users.{id}.conversations", "v2.users.{id}.conversations.calls"} <= ids


async def test_the_socket_answers_pings_and_beats(
    mock: offhook.MockServer, session: aiohttp.ClientSession
) -> None:
    channel = await _channel(session)
    async with aiohttp.ClientSession() as bare, bare.ws_connect(channel["connectUri"]) as ws:
        await ws.send_json({"message": "ping"})
        pong = {"topicName": "channel.metadata", "version": "2", "eventBody": {"message": "pong"}}
        assert await ws.receive_json() == pong
        await mock.advance(30)
        beat = await ws.receive_json()
        assert beat["eventBody"] == {"message": "WebSocket Heartbeat"}
        await ws.send_str("nonsense")
        assert (await ws.receive_json())["result"] == "400"
        topic = f"v2.users.{_user(mock)}.conversations"
        await ws.send_json({"message": "subscribe", "topics": [topic], "correlationId": "c1"})
        assert await ws.receive_json() == {
            "result": "200",
            "status": "subscribed",
            "correlationId": "c1",
        }
        await ws.send_json({"message": "subscribe", "topics": ["v2.nothing"]})
        assert (await ws.receive_json())["status"] == "failure"


async def test_a_second_socket_takes_the_channel_over(
    mock: offhook.MockServer, session: aiohttp.ClientSession
) -> None:
    channel = await _channel(session)
    async with aiohttp.ClientSession() as bare:
        first = await bare.ws_connect(channel["connectUri"])
        second = await bare.ws_connect(channel["connectUri"])
        notice = await first.receive_json()
        assert notice["topicName"] == "v2.system.no_longer_subscribed"
        assert (await first.receive()).type is aiohttp.WSMsgType.CLOSE
        await second.send_json({"message": "ping"})
        assert (await second.receive_json())["eventBody"] == {"message": "pong"}
        await second.close()
        await first.close()


async def test_an_announced_closing_leaves_a_minute_to_move(
    mock: offhook.MockServer, session: aiohttp.ClientSession
) -> None:
    channel = await _channel(session)
    async with aiohttp.ClientSession() as bare:
        old = await bare.ws_connect(channel["connectUri"])
        assert mock.receive(AnnounceClosing(channel_id=None)) == 1
        assert (await old.receive_json())["topicName"] == "v2.system.socket_closing"
        new = await bare.ws_connect(channel["connectUri"])
        await old.send_json({"message": "ping"})
        assert (await old.receive_json())["eventBody"] == {"message": "pong"}
        await mock.advance(60)
        frames = [await old.receive() for _ in range(2)]
        assert frames[-1].type is aiohttp.WSMsgType.CLOSE
        await new.send_json({"message": "ping"})
        assert (await new.receive_json())["eventBody"]["message"] in {"pong", "WebSocket Heartbeat"}
        await new.close()
        await old.close()


async def test_an_unknown_channel_has_no_socket(mock: offhook.MockServer) -> None:
    async with aiohttp.ClientSession() as bare:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await bare.ws_connect(f"{mock.url}/channels/streaming-0-nobody")
        assert refusal.value.status == 404
        async with bare.get(f"{mock.url}/channels/streaming-0-nobody") as answer:
            assert answer.status == 426


async def test_a_revoked_token_is_told_and_closed(
    mock: offhook.MockServer, session: aiohttp.ClientSession
) -> None:
    channel = await _channel(session)
    async with aiohttp.ClientSession() as bare, bare.ws_connect(channel["connectUri"]) as ws:
        (token,) = mock.org.oauth.tokens()
        mock.receive(RevokeToken(token_id=token.id))
        notice = await ws.receive_json()
        assert notice["topicName"] == "v2.system.token_revoked"
        assert notice["eventBody"]["reason"] == "user_tokens_revoked"
        assert (await ws.receive()).type is aiohttp.WSMsgType.CLOSE
        with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
            await bare.ws_connect(channel["connectUri"])
