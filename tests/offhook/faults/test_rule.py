"""What a rule is meant for, and how it keeps its accounts."""

import msgspec
import pytest

from offhook.faults.kinds import PushDropFault, ReplyFault
from offhook.faults.rule import Match, Rule, RuleSpec

FAULT = ReplyFault(status=503)


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (Match(), True),
        (Match(operation="mute"), True),
        (Match(operation="read"), False),
        (Match(client_id="d1"), True),
        (Match(client_id="d2"), False),
        (Match(token_id="t1"), True),
        (Match(token_id="t2"), False),
        (Match(operation="mute", client_id="d1", token_id="t1"), True),
        (Match(operation="mute", client_id="d1", token_id="t2"), False),
    ],
)
def test_a_rule_is_meant_for_what_agrees_in_every_field_it_names(match: Match, fits: bool) -> None:  # noqa: FBT001 - a table's column.
    assert match.fits("mute", device_id="d1", token_id="t1") is fits


def test_a_wanted_id_that_is_not_there_does_not_fit() -> None:
    assert not Match(client_id="d1").fits("mute", device_id=None, token_id=None)
    assert not Match(token_id="t1").fits("mute", device_id=None, token_id=None)
    assert Match().fits("mute", device_id=None, token_id=None)


def test_a_rule_bites_once_unless_told_otherwise() -> None:
    rule = Rule.of(RuleSpec(fault=FAULT), id="r")
    assert (rule.skip, rule.times, rule.remaining) == (0, 1, 1)
    assert (rule.skipped, rule.matched, rule.bites, rule.decided_at) == (0, 0, 0, None)


def decisions(rule: Rule, count: int) -> tuple[Rule, list[bool]]:
    decided = []
    for at in range(count):
        rule, decides = rule.met(now=float(at))
        decided.append(decides)
    return rule, decided


def test_a_rule_lets_pass_then_decides_then_is_spent() -> None:
    rule, decided = decisions(Rule.of(RuleSpec(fault=FAULT, skip=2, times=3), id="r"), 7)
    assert decided == [False, False, True, True, True, False, False]
    assert (rule.matched, rule.skipped, rule.remaining) == (7, 2, 0)
    assert not rule.ready
    assert rule.decided_at == 4.0


def test_a_rule_for_ever_is_never_spent() -> None:
    rule, decided = decisions(Rule.of(RuleSpec(fault=FAULT, times=None), id="r"), 50)
    assert all(decided)
    assert rule.remaining is None


def test_bites_are_counted_apart_from_decisions() -> None:
    rule, _ = Rule.of(RuleSpec(fault=FAULT, times=2), id="r").met(now=5.0)
    assert (rule.remaining, rule.bites) == (1, 0)
    assert rule.bitten().bites == 1
    assert rule.bitten().remaining == 1


def test_a_rule_is_written_in_the_words_of_the_control_api() -> None:
    spec = RuleSpec(match=Match(operation="muteChanged", client_id="d1"), fault=PushDropFault())
    assert msgspec.to_builtins(Rule.of(spec, id="r")) == {
        "id": "r",
        "match": {"operation": "muteChanged", "clientId": "d1", "tokenId": None},
        "fault": {"kind": "push-drop"},
        "skip": 0,
        "times": 1,
        "remaining": 1,
        "skipped": 0,
        "matched": 0,
        "bites": 0,
        "decidedAt": None,
    }


@pytest.mark.parametrize(
    "wrong",
    [{"skip": -1}, {"times": 0}, {"times": 1.5}, {"match": {"client": "d1"}}, {"colour": "red"}],
)
def test_a_wrong_rule_is_not_read(wrong: dict[str, object]) -> None:
    written = {"fault": {"kind": "push-drop"}, **wrong}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(written, RuleSpec)


def test_a_rule_is_read_from_the_json_it_is_asked_for_with() -> None:
    written = {
        "match": {"operation": "postWebrtcClientMute"},
        "fault": {"kind": "reply", "status": 429, "retryAfterS": 3},
        "skip": 1,
        "times": None,
    }
    assert msgspec.convert(written, RuleSpec) == RuleSpec(
        match=Match(operation="postWebrtcClientMute"),
        fault=ReplyFault(status=429, retry_after_s=3),
        skip=1,
        times=None,
    )
