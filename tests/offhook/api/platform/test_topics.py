"""Frames of channel sockets: out and in."""

import json
from typing import Any

import pytest

from offhook.api.notifications import EVENT_TYPES, encode, event_type
from offhook.api.platform.topics import BODIES, read_message
from offhook.domain.directory_inputs import (
    RoutingStatus,
    RoutingView,
    StationAction,
    StationChange,
    StationView,
)
from offhook.domain.events import ChannelNotice, ChannelReply, SystemNotice, TopicEvent
from offhook.domain.topics import OF_USER

CLOSING = SystemNotice(
    device_id=None,
    version=None,
    at=0.0,
    topic="v2.system.socket_closing",
    channel_id="ch",
    reason=None,
    message="socket_closing",
    correlation_id="k",
)


def test_a_system_notice_has_the_platforms_envelope() -> None:
    assert json.loads(encode(CLOSING)) == {
        "topicName": "v2.system.socket_closing",
        "version": "2",
        "eventBody": {
            "channelId": "ch",
            "systemTopicType": "socket_closing",
            "message": "socket_closing",
        },
        "metadata": {"CorrelationId": "k"},
    }
    assert event_type(CLOSING) == "v2.system.socket_closing"


def test_a_notice_on_the_channel_itself_has_no_metadata() -> None:
    notice = ChannelNotice(device_id=None, version=None, at=0.0, message="pong")
    assert json.loads(encode(notice)) == {
        "topicName": "channel.metadata",
        "version": "2",
        "eventBody": {"message": "pong"},
    }
    assert event_type(notice) == "channel.metadata"


def test_an_answer_leaves_out_what_it_has_not() -> None:
    reply = ChannelReply(
        device_id=None,
        version=None,
        at=0.0,
        result="200",
        status="subscribed",
        message="",
        correlation_id=None,
    )
    assert json.loads(encode(reply)) == {"result": "200", "status": "subscribed"}
    assert event_type(reply) == "channel.reply"


def test_fault_rules_may_name_every_topic_that_is_spoken_on() -> None:
    assert {suffix for suffix, kind in OF_USER.items() if kind.spoken} <= EVENT_TYPES


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ('{"message": "ping"}', "ping"),
        ('{"message": "subscribe", "topics": ["t"], "correlationId": "k"}', "subscribe"),
        ('{"message": "dance"}', "unreadable"),
        ("{}", "unreadable"),
        ("[]", "unreadable"),
        ("nonsense", "unreadable"),
        ('{"message": "subscribe", "topics": "t"}', "unreadable"),
        ('{"message": "subscribe", "topics": []}', "unreadable"),
        ('{"message": "subscribe"}', "unreadable"),
        (b"\x00", "unreadable"),
    ],
)
def test_messages_are_read_or_found_unreadable_with_a_reason(data: str | bytes, kind: str) -> None:
    message = read_message("s", data)
    assert message.kind == kind
    assert (message.problem is not None) == (kind == "unreadable")


def test_a_subscribe_without_topics_is_told_so_under_its_id() -> None:
    message = read_message("s", '{"message": "subscribe", "correlationId": "k"}')
    assert message.correlation_id == "k"
    assert message.problem == "subscribe names no topics; topics is a list of their names."


def test_a_subscribe_carries_its_topics_and_its_id() -> None:
    message = read_message("s", '{"message": "subscribe", "topics": ["t"], "correlationId": "k"}')
    assert (message.topics, message.correlation_id) == (("t",), "k")


def told(suffix: str, body: object) -> dict[str, Any]:
    event = TopicEvent(
        device_id=None,
        version=None,
        at=0.0,
        topic=f"v2.users.u.{suffix}",
        suffix=suffix,
        body=body,
        correlation_id="k",
    )
    envelope = json.loads(encode(event))
    assert isinstance(envelope, dict)
    return envelope


@pytest.mark.parametrize("action", StationAction)
def test_only_the_topic_of_a_station_says_what_happened(action: StationAction) -> None:
    view = StationView(id="s", name="S", owner_id="u", owner_name="U", associated_at=None)
    change = told("station", StationChange(station=view, action=action))
    assert change["metadata"] == {"CorrelationId": "k", "action": action.value}
    status = RoutingView(user_id="u", status=RoutingStatus.IDLE, started_at=0.0)
    assert told("routingStatus", status)["metadata"] == {"CorrelationId": "k"}


def test_every_topic_that_is_spoken_on_has_a_shape() -> None:
    spoken = {suffix for suffix, kind in OF_USER.items() if kind.spoken}
    assert {suffix for _, suffix in BODIES} == spoken
