"""Notification channels as the JavaScript SDK sees them; the WebSocket is that of `ws`."""

import pytest
from tests.sdk.node_bench import Driver, seen

from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node


@pytest.fixture
def ada(server: ThreadedServer, js: Driver) -> Driver:
    """The SDK with Ada's token."""
    js.get("client.setAccessToken", server.token("agent"))
    return js


def test_a_channel_is_created_listed_and_verified(ada: Driver) -> None:
    channel = ada.get("NotificationsApi.postNotificationsChannels")
    assert channel["connectUri"].endswith(channel["id"])
    listed = ada.get("NotificationsApi.getNotificationsChannels")["entities"]
    assert [each["id"] for each in listed] == [channel["id"]]
    assert ada.call("NotificationsApi.headNotificationsChannel", channel["id"]).ok


def test_topics_are_added_replaced_read_and_deleted(ada: Driver) -> None:
    user = ada.get("UsersApi.getUsersMe")["id"]
    calls, presence = f"v2.users.{user}.conversations.calls", f"v2.users.{user}.presence"
    channel = ada.get("NotificationsApi.postNotificationsChannels")["id"]

    def ask(verb: str, *args: object) -> list[str]:
        answer = ada.get(f"NotificationsApi.{verb}NotificationsChannelSubscriptions", *args)
        return [each["id"] for each in answer["entities"]]

    assert ask("post", channel, [{"id": calls}]) == [calls]
    ask("post", channel, [{"id": presence}])
    assert ask("get", channel) == [calls, presence]
    assert ask("put", channel, [{"id": presence}]) == [presence]
    assert ada.call("NotificationsApi.deleteNotificationsChannelSubscriptions", channel).ok
    assert ask("get", channel) == []


def test_a_rejected_topic_fails_the_request_unless_errors_are_ignored(
    ada: Driver, node: Node
) -> None:
    channel = ada.get("NotificationsApi.postNotificationsChannels")["id"]
    wanted = [{"id": "v2.users.nobody.presence"}]
    put = "NotificationsApi.putNotificationsChannelSubscriptions"
    refused = ada.call(put, channel, wanted)
    assert (refused.ok, refused.value["status"]) == (False, 400), seen(node)
    answer = ada.get(put, channel, wanted, {"ignoreErrors": True})
    assert [each["state"] for each in answer["entities"]] == ["Rejected"]


def test_the_socket_answers_a_ping(ada: Driver) -> None:
    channel = ada.get("NotificationsApi.postNotificationsChannels")
    assert ada.open(channel["connectUri"]).ok
    ada.send('{"message": "ping"}')
    assert ada.frame("channel.metadata")["eventBody"]["message"] == "pong"


def test_a_second_socket_of_a_channel_ends_the_first(ada: Driver) -> None:
    channel = ada.get("NotificationsApi.postNotificationsChannels")
    assert ada.open(channel["connectUri"]).ok
    assert ada.open(channel["connectUri"]).ok
    while "closed" not in (message := ada.frame()):
        continue
    assert message["closed"]


def test_the_twenty_first_channel_takes_the_place_of_the_oldest(ada: Driver) -> None:
    made = [ada.get("NotificationsApi.postNotificationsChannels")["id"] for _ in range(21)]
    listed = ada.get("NotificationsApi.getNotificationsChannels")["entities"]
    assert [each["id"] for each in listed] == made[1:]
