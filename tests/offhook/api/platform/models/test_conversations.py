"""Models of conversations, in the platform's spelling."""

import msgspec

from offhook.api.platform.models.conversations import (
    Address,
    Call,
    CreateCallRequest,
    MediaParticipantRequest,
)


def test_self_is_spelled_self() -> None:
    fields = {each.encode_name for each in msgspec.structs.fields(Call)}
    assert "self" in fields
    assert "startHoldTime" in fields
    assert {each.encode_name for each in msgspec.structs.fields(Address)} >= {"nameRaw"}


def test_a_wish_names_only_what_changes() -> None:
    wish = msgspec.json.decode(b'{"muted": true, "unknown": 1}', type=MediaParticipantRequest)
    assert (wish.muted, wish.held, wish.state) == (True, None, None)


def test_a_call_needs_a_number() -> None:
    decoded = msgspec.json.decode(b'{"phoneNumber": "+1"}', type=CreateCallRequest)
    assert decoded.phone_number == "+1"
