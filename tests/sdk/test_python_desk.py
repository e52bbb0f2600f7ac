"""What a desk reads and sets besides calls, by the Python SDK: presence, station, queues, token."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from tests.sdk.control import Control
from tests.sdk.python_bench import SEEN, Desktop, unknown_values
from tests.sdk.test_python_calls import heard, listen

from offhook.threaded import ThreadedServer

Make = Callable[..., Desktop]


def test_the_sdk_reads_everything_that_can_be_read_and_knows_every_value(
    ada: Desktop, control: Control
) -> None:
    line = control.call("agent")
    users, presence = ada.api("UsersApi"), ada.api("PresenceApi")
    routing, conversations = ada.api("RoutingApi"), ada.api("ConversationsApi")
    everything = [
        "authorization,station,presence,routingStatus,conversationSummary,organization,token"
    ]
    me = users.get_users_me(expand=everything)
    queue = routing.get_routing_queues().entities[0]
    call = (line.conversation_id, line.participant_id)
    read = {
        "me": me,
        "user": users.get_user(me.id),
        "users": users.get_users(),
        "station of the user": users.get_user_station(me.id),
        "stations": ada.api("StationsApi").get_stations(),
        "presences": presence.get_presence_definitions(),
        "system presences": presence.get_systempresences(),
        "presence": presence.get_user_presences_purecloud(me.id),
        "presence by source": presence.get_user_presence(me.id, "PURECLOUD"),
        "routing status": users.get_user_routingstatus(me.id),
        "queue": routing.get_routing_queue(queue.id),
        "my queues": routing.get_routing_queues_me(),
        "queues of the user": users.get_user_queues(me.id),
        "wrap-up codes": routing.get_routing_wrapupcodes(),
        "wrap-up codes of the queue": routing.get_routing_queue_wrapupcodes(queue.id),
        "wrap-up codes of the call": conversations.get_conversations_call_participant_wrapupcodes(
            *call
        ),
        "organization": ada.api("OrganizationApi").get_organizations_me(),
        "token": ada.api("TokensApi").get_tokens_me(),
    }
    assert not {name: found for name, each in read.items() if (found := unknown_values(each))}
    assert all(each is not None for each in read.values())


def test_a_presence_is_set_and_told(ada: Desktop) -> None:
    me = ada.api("UsersApi").get_users_me(expand=["presence"])
    definitions = ada.api("PresenceApi").get_presence_definitions().entities
    meeting = next(each for each in definitions if each.system_presence == "Meeting")
    topic = f"v2.users.{me.id}.presence"
    with listen(ada, topic) as socket:
        ada.api("PresenceApi").patch_user_presences_purecloud(
            me.id, {"presenceDefinition": {"id": meeting.id}, "message": "back at four"}
        )
        event = ada.read(heard(socket, topic)["eventBody"], "PresenceEventUserPresence")
    assert event.presence_definition.id == meeting.id
    now = ada.api("PresenceApi").get_user_presences_purecloud(me.id)
    assert (now.presence_definition.id, now.message) == (meeting.id, "back at four")


def test_an_agent_goes_on_queue_and_the_routing_status_follows(ada: Desktop) -> None:
    me = ada.api("UsersApi").get_users_me()
    topic = f"v2.users.{me.id}.routingStatus"
    definitions = ada.api("PresenceApi").get_presence_definitions().entities
    on_queue = next(each for each in definitions if each.system_presence == "OnQueue")
    with listen(ada, topic) as socket:
        ada.api("PresenceApi").patch_user_presences_purecloud(
            me.id, {"presenceDefinition": {"id": on_queue.id}}
        )
        told = heard(socket, topic)["eventBody"]
    assert told["routingStatus"]["status"] == "IDLE"
    assert ada.api("UsersApi").get_user_routingstatus(me.id).status == "IDLE"


def test_a_station_is_left_and_taken_again(ada: Desktop) -> None:
    users = ada.api("UsersApi")
    me = users.get_users_me(expand=["station"])
    station = me.station.effective_station.id
    users.delete_user_station_associatedstation(me.id)
    assert users.get_user_station(me.id).associated_station is None
    users.put_user_station_associatedstation_station_id(me.id, station)
    assert users.get_user_station(me.id).associated_station.id == station


def test_a_deleted_token_is_no_longer_good(
    ada: Desktop, desktop: Make, server: ThreadedServer, python_sdk: ModuleType
) -> None:
    other = desktop(server.token("agent"))
    tokens = ada.api("TokensApi")
    assert tokens.head_tokens_me() is None
    tokens.delete_tokens_me()
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        tokens.get_tokens_me()
    assert refused.value.status == 401, SEEN
    assert other.api("UsersApi").get_users_me().id


def test_deleting_all_tokens_of_a_user_ends_every_desk_of_theirs(
    ada: Desktop, desktop: Make, server: ThreadedServer, python_sdk: ModuleType
) -> None:
    other = desktop(server.token("agent"))
    me = ada.api("UsersApi").get_users_me()
    ada.api("TokensApi").delete_token(me.id)
    for each in (ada, other):
        with pytest.raises(python_sdk.rest.ApiException) as refused:
            each.api("UsersApi").get_users_me()
        assert refused.value.status == 401, SEEN


def test_what_the_mock_does_not_model_names_the_stub_that_would(
    ada: Desktop, python_sdk: ModuleType
) -> None:
    with pytest.raises(python_sdk.rest.ApiException) as refused:
        ada.api("RoutingApi").get_routing_skills()
    body: dict[str, Any] = json.loads(refused.value.body)
    assert (refused.value.status, body["code"]) == (501, "not.implemented")
    assert "/api/v2/routing/skills" in body["message"]


def test_an_outbound_call_is_placed_and_hung_up(ada: Desktop) -> None:
    conversations = ada.api("ConversationsApi")
    body = ada.sdk.CreateCallRequest()
    body.phone_number = "+15550123"
    placed = conversations.post_conversations_calls(body)
    me = ada.api("UsersApi").get_users_me().id
    call = conversations.get_conversations_call(placed.id)
    mine = next(each for each in call.participants if each.user and each.user.id == me)
    assert mine.direction == "outbound"
    conversations.patch_conversations_call_participant(
        placed.id, mine.id, {"state": "disconnected"}
    )
    assert conversations.get_conversations_calls().entities == []
