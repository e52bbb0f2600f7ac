"""Sentences for whoever reads a failed test."""

from collections.abc import Callable

import msgspec

from offhook.faults.kinds import DelayFault
from offhook.faults.rule import Match, Rule, RuleSpec
from offhook.testing.explain import SHOWN_CALLS, call_lines, often, rule_line
from offhook.testing.handle import Offhook

Get = Callable[..., int]


def test_a_refusal_tells_the_state_that_forbade_it(
    handle: Offhook, get: Get, device_id: str
) -> None:
    get(f"/api/v2/webrtc/clients/{device_id}/mute", body=b'{"muted": 7}')
    told = list(call_lines(handle.calls))
    assert told[0].endswith("-> 400")
    assert "    The device was connected and live." in told
    assert told[-1].startswith("    Likely remedy: Send what the OpenAPI document describes")


def test_an_expired_token_is_named(handle: Offhook, get: Get) -> None:
    token = handle.token(ttl_s=1)
    handle.clock.advance(2)
    get("/api/v2/users/me", user="agent", ttl_s=0)
    assert token
    (line,) = [line for line in call_lines(handle.calls) if "The token is" in line]
    assert "expired; its life ended at 2026-01-01T00:00:02.000Z" in line


def test_a_story_keeps_to_the_end_of_what_happened(
    handle: Offhook, get: Get, device_id: str
) -> None:
    assert handle.story().endswith("The mock saw no request.")
    for _ in range(SHOWN_CALLS + 2):
        get("/api/v2/users/me")
    story = handle.story()
    assert story.startswith("The org's clock is manual and shows 2026-01-01T00:00:01.000Z.")
    assert f"Device {device_id} is connected and live." in story
    assert "The mock saw, after 2 others:" in story
    assert story.count("getUsersMe") == SHOWN_CALLS


def test_a_fault_that_never_bit_is_told_by_its_accounts() -> None:
    spec = RuleSpec(match=Match(operation="getUsersMe"), fault=DelayFault(delay_s=1), skip=2)
    fresh = Rule.of(spec, id="f")
    for changes, told in (
        ({}, "getUsersMe never came."),
        ({"match": Match(operation="getUsersMe", client_id="c")}, "meant for."),
        ({"match": Match()}, "nothing came."),
        ({"matched": 2, "skipped": 2}, "2 came, and skip=2 let them pass."),
        ({"matched": 3, "remaining": 0}, "decided and not carried out"),
    ):
        line = rule_line(msgspec.structs.replace(fresh, **changes))
        assert line.startswith("The fault 'delay' on ")
        assert told in line, line


def test_counts_in_words() -> None:
    assert [often(count) for count in (0, 1, 2)] == ["0 times", "once", "2 times"]
