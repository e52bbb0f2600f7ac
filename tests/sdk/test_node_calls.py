"""Who I am, my calls and their mute, as the JavaScript SDK sees them on Node."""

from typing import Any

import pytest
from tests.sdk.control import Control, Line
from tests.sdk.node_bench import Driver, Outcome, seen

from offhook.threaded import ThreadedServer
from offhook_scenarios.adapters.node import Node


@pytest.fixture
def ada(server: ThreadedServer, js: Driver) -> Driver:
    """The SDK with Ada's token."""
    js.get("client.setAccessToken", server.token("agent"))
    return js


def mute(driver: Driver, line: Line, **changes: object) -> Outcome:
    """The PATCH of the participant."""
    return driver.call(
        "ConversationsApi.patchConversationsCallParticipant",
        line.conversation_id,
        line.participant_id,
        changes,
    )


def mine(call: dict[str, Any], line: Line) -> dict[str, Any]:
    """The user's participant in a call."""
    found: dict[str, Any] = next(
        each for each in call["participants"] if each["id"] == line.participant_id
    )
    return found


def is_muted(driver: Driver, line: Line) -> bool:
    """What the call says when it is read."""
    call = driver.get("ConversationsApi.getConversationsCall", line.conversation_id)
    return bool(mine(call, line)["muted"])


def listen(driver: Driver, *topics: str) -> None:
    """A channel with these topics, and its WebSocket."""
    channel = driver.get("NotificationsApi.postNotificationsChannels")
    driver.get(
        "NotificationsApi.putNotificationsChannelSubscriptions",
        channel["id"],
        [{"id": topic} for topic in topics],
    )
    assert driver.open(channel["connectUri"]).ok


def test_a_desktop_boots(ada: Driver, control: Control) -> None:
    line = control.call("agent")
    me = ada.get("UsersApi.getUsersMe", {"expand": ["station", "presence", "routingStatus"]})
    assert me["id"] == line.user_id
    assert me["chat"]["jabberId"]
    assert me["presence"]["presenceDefinition"]["systemPresence"]
    assert me["routingStatus"]["status"]
    assert ada.get("OrganizationApi.getOrganizationsMe")["id"]
    assert ada.get("TokensApi.getTokensMe")["OAuthClient"]["id"]
    station = me["station"]["effectiveStation"]["id"]
    assert ada.get("StationsApi.getStation", station)["type"] == "inin_webrtc_softphone"


def test_calls_are_listed_and_read(ada: Driver, control: Control) -> None:
    line = control.call("agent")
    listed = ada.get("ConversationsApi.getConversationsCalls")["entities"]
    assert [each["id"] for each in listed] == [line.conversation_id]
    call = ada.get("ConversationsApi.getConversationsCall", line.conversation_id)
    assert mine(call, line)["muted"] is False
    nested = ada.get("ConversationsApi.getConversation", line.conversation_id)
    assert mine(nested, line)["calls"][0]["muted"] is False


def test_a_mute_resolves_with_nothing_and_is_confirmed_by_an_event(
    ada: Driver, node: Node, control: Control
) -> None:
    line = control.call("agent")
    nested = f"v2.users.{line.user_id}.conversations"
    listen(ada, line.topic, nested)
    accepted = mute(ada, line, muted=True)
    assert (accepted.ok, accepted.type) == (True, "undefined"), seen(node)
    events: dict[str, Any] = {}
    while len(events) < 2:
        event = ada.frame()
        if event["topicName"] in (line.topic, nested):
            events[event["topicName"]] = event["eventBody"]
    assert mine(events[line.topic], line)["muted"] is True
    assert mine(events[nested], line)["calls"][0]["muted"] is True
    assert is_muted(ada, line)


def test_a_hold_is_no_mute(ada: Driver, control: Control) -> None:
    line = control.call("agent")
    listen(ada, line.topic)
    assert mute(ada, line, held=True).ok
    participant = mine(ada.frame(line.topic)["eventBody"], line)
    assert (participant["held"], participant["muted"]) == (True, False)


def test_what_is_not_there_is_rejected_with_the_platforms_body(
    ada: Driver, node: Node, control: Control
) -> None:
    line = control.call("agent")
    refused = ada.call("ConversationsApi.getConversationsCall", line.user_id)
    assert (refused.ok, refused.type) == (False, "object"), seen(node)
    assert (refused.value["status"], refused.value["code"]) == (404, "not.found")


def test_the_tutorials_mute_is_an_event_of_the_platform(
    ada: Driver, server: ThreadedServer, control: Control
) -> None:
    line = control.call("agent")
    listen(ada, line.topic)
    device = server.devices()[0].id
    control.ask("POST", "/actors/force-mute", {"clientId": device, "muted": True})
    assert mine(ada.frame(line.topic)["eventBody"], line)["muted"] is True
