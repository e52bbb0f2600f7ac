"""How a participant's mute is sent, and what is not sent with it."""

from typing import Any

import msgspec

from offhook_client.platform.participants import OPERATION, ParticipantSender, place
from offhook_client.signals import SendMute, Signal
from offhook_client.tokens import GivenToken
from offhook_client.waiting import Waiters


async def test_a_mute_is_a_patch_with_one_field_and_no_version_number_or_key(
    scripted: Any, login: Any
) -> None:
    account = login(scripted, GivenToken(access_token="given"))
    await account.start()
    scripted.says("/api", status=202)
    reported: list[Signal] = []
    sender = ParticipantSender(
        account.caller,
        Waiters(),
        instance="",
        report=reported.append,
        is_wanted=lambda _: True,
    )
    await sender.send(SendMute(generation=3, muted=True, if_match=None), place("c", "p"))
    (sent,) = (each for each in scripted.received if each.path.startswith("/api"))
    assert (sent.method, sent.path) == ("PATCH", "/api/v2/conversations/calls/c/participants/p")
    assert msgspec.json.decode(sent.body) == {"muted": True}
    assert not {"if-match", "idempotency-key", "offhook-intent"} & set(sent.headers)
    (accepted,) = reported
    assert msgspec.structs.asdict(accepted) == {"generation": 3, "version": None}
    assert sender.operation == OPERATION
