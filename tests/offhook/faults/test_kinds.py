"""Each kind of fault: from JSON, to the verdict that the shell carries out, and back."""

from typing import Any

import msgspec
import pytest

from offhook.domain.errors import DomainError
from offhook.faults import kinds, verdicts
from offhook.faults.catalogue import read_fault
from offhook.faults.verdicts import RetryAfterForm, Verdict, When

RULE = "rule-1"

FORMLESS = {"retryAfterForm": "seconds", "retryAfterText": None}
"""What a `Retry-After` is when nothing is said about it."""

TABLE: list[tuple[dict[str, Any], Verdict]] = [
    (
        {"kind": "delay", "delayS": 2.5, "when": "after"},
        verdicts.Delay(rule_id=RULE, delay_s=2.5, when=When.AFTER),
    ),
    (
        {
            "kind": "reply",
            "status": 429,
            "code": "busy",
            "retryAfterS": 3,
            "body": {"a": 1},
            **FORMLESS,
        },
        verdicts.Reply(rule_id=RULE, status=429, code="busy", retry_after_s=3, body=b'{"a":1}'),
    ),
    (
        {
            "kind": "reply",
            "status": 502,
            "code": None,
            "retryAfterS": None,
            "body": "<html>",
            **FORMLESS,
        },
        verdicts.Reply(rule_id=RULE, status=502, code=None, retry_after_s=None, body=b"<html>"),
    ),
    (
        {
            "kind": "reply",
            "status": 503,
            "code": None,
            "retryAfterS": None,
            "body": None,
            **FORMLESS,
        },
        verdicts.Reply(rule_id=RULE, status=503, code=None, retry_after_s=None, body=None),
    ),
    (
        {
            "kind": "reply",
            "status": 429,
            "code": None,
            "retryAfterS": 60,
            "retryAfterForm": "date",
            "retryAfterText": "soon",
            "body": None,
        },
        verdicts.Reply(
            rule_id=RULE,
            status=429,
            code=None,
            retry_after_s=60,
            body=None,
            retry_after_form=RetryAfterForm.DATE,
            retry_after_text="soon",
        ),
    ),
    ({"kind": "abort", "when": "before"}, verdicts.Abort(rule_id=RULE, when=When.BEFORE)),
    ({"kind": "abort", "when": "after"}, verdicts.Abort(rule_id=RULE, when=When.AFTER)),
    ({"kind": "truncate", "bytes": 0}, verdicts.Truncate(rule_id=RULE, bytes=0)),
    ({"kind": "push-delay", "delayS": 1.0}, verdicts.PushDelay(rule_id=RULE, delay_s=1.0)),
    ({"kind": "push-drop"}, verdicts.PushDrop(rule_id=RULE)),
    ({"kind": "push-duplicate"}, verdicts.PushDuplicate(rule_id=RULE)),
    (
        {"kind": "push-hold", "frames": 2, "delayS": None},
        verdicts.PushHold(rule_id=RULE, frames=2, delay_s=None),
    ),
    (
        {"kind": "push-hold", "frames": 2, "delayS": 4.0},
        verdicts.PushHold(rule_id=RULE, frames=2, delay_s=4.0),
    ),
    ({"kind": "push-close", "code": 4401}, verdicts.PushClose(rule_id=RULE, code=4401)),
    ({"kind": "push-stall", "durationS": 30.0}, verdicts.PushStall(rule_id=RULE, duration_s=30.0)),
    ({"kind": "push-stall", "durationS": None}, verdicts.PushStall(rule_id=RULE, duration_s=None)),
    ({"kind": "push-garble"}, verdicts.PushGarble(rule_id=RULE)),
]


@pytest.mark.parametrize(("written", "verdict"), TABLE)
def test_each_kind_becomes_its_verdict(written: dict[str, Any], verdict: Verdict) -> None:
    assert read_fault(written).verdict(RULE) == verdict


@pytest.mark.parametrize("written", [written for written, _ in TABLE])
def test_each_kind_is_written_as_it_was_read(written: dict[str, Any]) -> None:
    assert msgspec.to_builtins(read_fault(written)) == written


def test_the_table_above_knows_every_kind() -> None:
    concrete = {kind for kind in vars(kinds).values() if _is_kind(kind)}
    assert {type(read_fault(written)) for written, _ in TABLE} == concrete
    assert {type(verdict) for _, verdict in TABLE} == set(Verdict.__subclasses__())


def _is_kind(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, kinds.Kind) and value is not kinds.Kind


def test_a_fault_that_may_be_left_short_takes_the_sensible_side() -> None:
    assert read_fault({"kind": "delay", "delayS": 1}) == kinds.DelayFault(delay_s=1)
    assert kinds.DelayFault(delay_s=1).when is When.BEFORE
    assert kinds.AbortFault().when is When.BEFORE
    assert kinds.PushCloseFault().code == 1006
    assert kinds.PushStallFault().duration_s is None


@pytest.mark.parametrize("code", sorted(kinds.RESERVED_CLOSE_CODES))
def test_codes_that_never_stand_in_a_close_frame_are_refused(code: int) -> None:
    with pytest.raises(ValueError, match=rf"{code} never stands"):
        kinds.PushCloseFault(code=code)


def test_a_hold_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="`frames` or `delayS`"):
        kinds.PushHoldFault()


@pytest.mark.parametrize(
    "text", ["soon\n", "a\nb", " soon", "", "s" * 129, "bald\x7f", "\N{BULLET}"]
)
def test_a_text_for_the_header_is_one_line_of_ascii(text: str) -> None:
    with pytest.raises(DomainError, match="retryAfterText"):
        read_fault({"kind": "reply", "status": 429, "retryAfterText": text})
