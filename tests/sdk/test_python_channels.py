"""Notification channels as the Python SDK sees them; the WebSocket is any WebSocket client's."""

import json
from types import ModuleType
from typing import Any

import pytest
from tests.sdk.python_bench import SEEN, Desktop
from websockets.sync.client import connect


@pytest.fixture
def notifications(ada: Desktop) -> Any:
    """The API class."""
    return ada.api("NotificationsApi")


def topics(sdk: ModuleType, *ids: str) -> list[Any]:
    """The body of a subscription, in models of the SDK."""
    found = []
    for each in ids:
        topic = sdk.ChannelTopic()
        topic.id = each
        found.append(topic)
    return found


def test_a_channel_is_created_listed_and_verified(notifications: Any) -> None:
    channel = notifications.post_notifications_channels()
    assert channel.connect_uri.startswith("ws://")
    assert channel.connect_uri.endswith(channel.id)
    assert channel.expires is not None
    assert [each.id for each in notifications.get_notifications_channels().entities] == [channel.id]
    assert notifications.head_notifications_channel(channel.id) is None


def test_topics_are_added_replaced_read_and_deleted(
    ada: Desktop, notifications: Any, python_sdk: ModuleType
) -> None:
    user = ada.api("UsersApi").get_users_me().id
    calls, presence = f"v2.users.{user}.conversations.calls", f"v2.users.{user}.presence"
    channel = notifications.post_notifications_channels().id

    def subscribed() -> list[str]:
        found = notifications.get_notifications_channel_subscriptions(channel)
        return [each.id for each in found.entities]

    added = notifications.post_notifications_channel_subscriptions(
        channel, topics(python_sdk, calls)
    )
    assert [(each.id, each.state) for each in added.entities] == [(calls, "Permitted")]
    notifications.post_notifications_channel_subscriptions(channel, topics(python_sdk, presence))
    assert subscribed() == [calls, presence]
    combined = f"v2.users.{user}?conversations.calls&presence"
    notifications.put_notifications_channel_subscriptions(channel, topics(python_sdk, combined))
    assert subscribed() == [combined]
    notifications.delete_notifications_channel_subscriptions(channel)
    assert subscribed() == []


def test_a_rejected_topic_fails_the_request_unless_errors_are_ignored(
    ada: Desktop, notifications: Any, python_sdk: ModuleType
) -> None:
    user = ada.api("UsersApi").get_users_me().id
    good, bad = f"v2.users.{user}.presence", "v2.users.nobody.presence"
    channel = notifications.post_notifications_channels().id
    wanted = topics(python_sdk, good, bad)
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        notifications.put_notifications_channel_subscriptions(channel, wanted)
    assert refused.value.status == 400, SEEN
    answer = notifications.put_notifications_channel_subscriptions(
        channel, wanted, ignore_errors=True
    )
    assert [each.state for each in answer.entities] == ["Permitted", "Rejected"]
    assert answer.entities[1].rejection_reason


def test_the_socket_answers_a_ping(notifications: Any) -> None:
    channel = notifications.post_notifications_channels()
    with connect(channel.connect_uri) as socket:
        socket.send('{"message": "ping"}')
        answer = json.loads(socket.recv(timeout=10))
    assert answer["topicName"] == "channel.metadata"
    assert answer["eventBody"]["message"] == "pong"


def test_the_topics_that_there_are_can_be_read(notifications: Any) -> None:
    found = notifications.get_notifications_availabletopics()
    assert "v2.users.{id}.conversations.calls" in [each.id for each in found.entities]
