"""Models of the notification service, in the platform's spelling."""

import msgspec

from offhook.api.platform.models.notifications import (
    Channel,
    ChannelTopic,
    EventMetadata,
    SubscribeResult,
)


def test_the_spelling_is_the_platforms() -> None:
    channel = Channel(connect_uri="ws://h/channels/c", id="c", expires="2026-11-23T10:00:00.000Z")
    assert set(msgspec.to_builtins(channel)) == {"connectUri", "id", "expires"}
    assert msgspec.to_builtins(EventMetadata(correlation_id="k")) == {"CorrelationId": "k"}


def test_a_permitted_topic_has_no_reason_and_a_rejected_one_has() -> None:
    assert "rejectionReason" not in msgspec.to_builtins(ChannelTopic(id="t"))
    rejected = ChannelTopic(id="t", state="Rejected", rejection_reason="no")
    assert msgspec.to_builtins(rejected)["rejectionReason"] == "no"


def test_a_result_leaves_out_what_it_has_not() -> None:
    assert msgspec.to_builtins(SubscribeResult(result="200", status="subscribed")) == {
        "result": "200",
        "status": "subscribed",
    }
