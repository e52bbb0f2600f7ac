"""Who I am, my calls and their mute, as the Python SDK sees them."""

import json
from types import ModuleType
from typing import Any

import pytest
from tests.sdk.control import Control, Line
from tests.sdk.python_bench import SEEN, Desktop, unknown_values
from websockets.sync.client import ClientConnection, connect


def mute(desk: Desktop, line: Line, *, muted: bool) -> Any:
    """The PATCH of the participant, with a model of the SDK as its body."""
    body = desk.sdk.MediaParticipantRequest()
    body.muted = muted
    return desk.api("ConversationsApi").patch_conversations_call_participant(
        line.conversation_id, line.participant_id, body
    )


def is_muted(desk: Desktop, line: Line) -> bool:
    """What the call says when it is read."""
    call = desk.api("ConversationsApi").get_conversations_call(line.conversation_id)
    mine = [each for each in call.participants if each.id == line.participant_id]
    return bool(mine[0].muted)


def listen(desk: Desktop, *topics: str) -> ClientConnection:
    """A channel with these topics, and its WebSocket."""
    notifications = desk.api("NotificationsApi")
    channel = notifications.post_notifications_channels()
    wanted = [{"id": topic} for topic in topics]
    notifications.put_notifications_channel_subscriptions(channel.id, wanted)
    return connect(channel.connect_uri)


def heard(socket: ClientConnection, topic: str) -> dict[str, Any]:
    """The next event of a topic."""
    while True:
        event: dict[str, Any] = json.loads(socket.recv(timeout=10))
        if event["topicName"] == topic:
            return event


def test_a_desktop_boots(ada: Desktop, control: Control) -> None:
    line = control.call("agent")
    me = ada.api("UsersApi").get_users_me(expand=["station", "presence", "routingStatus"])
    assert me.id == line.user_id
    assert me.chat.jabber_id
    assert me.presence.presence_definition.system_presence
    assert me.routing_status.status
    assert ada.api("OrganizationApi").get_organizations_me().id
    token = ada.api("TokensApi").get_tokens_me()
    assert token.o_auth_client.id
    assert token.organization.id
    station = ada.api("StationsApi").get_station(me.station.effective_station.id)
    assert station.type == "inin_webrtc_softphone"
    assert station.user_id == me.id
    assert ada.api("UsersApi").get_user_station(me.id).effective_station.id == station.id


def test_calls_are_listed_and_read(ada: Desktop, control: Control) -> None:
    line = control.call("agent")
    conversations = ada.api("ConversationsApi")
    assert [each.id for each in conversations.get_conversations_calls().entities] == [
        line.conversation_id
    ]
    call = conversations.get_conversations_call(line.conversation_id)
    mine = next(each for each in call.participants if each.id == line.participant_id)
    assert (mine.state, mine.muted, mine.held, mine.user.id) == (
        "connected",
        False,
        False,
        line.user_id,
    )
    nested = conversations.get_conversation(line.conversation_id)
    leg = next(each for each in nested.participants if each.id == line.participant_id).calls[0]
    assert (leg.state, leg.muted) == ("connected", False)


def test_a_mute_is_accepted_with_nothing_and_confirmed_by_events_of_both_shapes(
    ada: Desktop, control: Control
) -> None:
    line = control.call("agent")
    nested = f"v2.users.{line.user_id}.conversations"
    with listen(ada, line.topic, nested) as socket:
        assert mute(ada, line, muted=True) is None, SEEN
        assert ada.client.last_response.status == 202
        events = {
            topic: heard(socket, topic)["eventBody"] for topic in sorted((line.topic, nested))
        }
    flat = ada.sdk.ApiClient().deserialize
    assert flat is not None
    mine = [p for p in events[line.topic]["participants"] if p["id"] == line.participant_id]
    assert mine[0]["muted"] is True
    mine = [p for p in events[nested]["participants"] if p["id"] == line.participant_id]
    assert mine[0]["calls"][0]["muted"] is True
    assert is_muted(ada, line)


@pytest.mark.parametrize("state", ["alerting", "connected"])
def test_the_sdk_knows_every_value_that_it_is_sent(
    ada: Desktop, control: Control, state: str
) -> None:
    line = control.call("agent", state=state)
    nested = f"v2.users.{line.user_id}.conversations"
    read = {
        line.topic: "ConversationCallEventTopicCallConversation",
        nested: "ConversationEventTopicConversation",
    }
    conversations = ada.api("ConversationsApi")
    models = [
        conversations.get_conversations(),
        conversations.get_conversations_calls(),
        conversations.get_conversation(line.conversation_id),
        conversations.get_conversations_call(line.conversation_id),
    ]
    with listen(ada, *read) as socket:
        hang_up = {"state": "disconnected"}
        conversations.patch_conversations_call_participant(
            line.conversation_id, line.participant_id, hang_up
        )
        for _ in read:
            event = json.loads(socket.recv(timeout=10))
            models.append(ada.read(event["eventBody"], read[event["topicName"]]))
    models.append(conversations.get_conversation(line.conversation_id))
    assert [path for each in models for path in unknown_values(each)] == []
    assert models[-2].participants


@pytest.mark.parametrize("field", ["held", "muted"])
def test_what_is_set_twice_is_told_once(ada: Desktop, control: Control, field: str) -> None:
    line = control.call("agent")
    with listen(ada, line.topic) as socket:
        patch = ada.api("ConversationsApi").patch_conversations_call_participant
        for value in (True, True, False):
            patch(line.conversation_id, line.participant_id, {field: value})
        told = [heard(socket, line.topic)["eventBody"] for _ in range(2)]
    mine = [
        participant[field]
        for body in told
        for participant in body["participants"]
        if participant["id"] == line.participant_id
    ]
    assert mine == [True, False]


def test_hanging_up_ends_the_call(ada: Desktop, control: Control) -> None:
    line = control.call("agent")
    with listen(ada, line.topic) as socket:
        ada.api("ConversationsApi").patch_conversations_call_participant(
            line.conversation_id, line.participant_id, {"state": "disconnected"}
        )
        body = heard(socket, line.topic)["eventBody"]
    mine = [p for p in body["participants"] if p["id"] == line.participant_id]
    assert mine[0]["state"] in ("disconnected", "terminated")
    assert ada.api("ConversationsApi").get_conversations_calls().entities == []


def test_what_is_not_there_is_an_api_exception_with_the_platforms_body(
    ada: Desktop, python_sdk: ModuleType, control: Control
) -> None:
    line = control.call("agent")
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        ada.api("ConversationsApi").patch_conversations_call_participant(
            line.conversation_id, "00000000-0000-4000-8000-000000000000", {"muted": True}
        )
    body = json.loads(refused.value.body)
    assert (refused.value.status, body["code"], body["status"]) == (404, "not.found", 404), SEEN
    assert refused.value.headers.get("inin-correlation-id") == body["contextId"], SEEN
