"""Faults in the hands of a test."""

from collections.abc import Callable
from typing import Any

import pytest

from offhook.testing.handle import Offhook

Get = Callable[..., int]


def test_a_fault_is_planned_in_one_line_and_counted(handle: Offhook, get: Get) -> None:
    fault = handle.faults.add("reply", "getUsersMe", status=429, retry_after_s=2, skip=1)
    assert [get("/api/v2/users/me") for _ in range(3)] == [200, 429, 200]
    assert (fault.bites, fault.rule.matched, fault.rule.skipped) == (1, 3, 1)
    assert handle.faults.never_bit() == ()


@pytest.mark.parametrize(
    ("kind", "operation", "fields", "told"),
    [
        ("repply", None, {}, "did you mean reply"),
        ("reply", None, {"staus": 1}, "staus"),
        ("reply", "getUserMe", {"status": 503}, "did you mean getUsersMe"),
        ("push-drop", "muteChange", {}, "did you mean muteChanged"),
        ("delay", None, {"delay_s": -1}, "0 to 86400"),
    ],
)
def test_what_cannot_be_is_refused_with_what_there_is(
    handle: Offhook, kind: str, operation: str | None, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        handle.faults.add(kind, operation, **fields)
    assert handle.faults.planned == []


def test_those_that_never_bit_are_told_also_after_their_block(handle: Offhook, get: Get) -> None:
    with handle.faults.add("delay", "getUsersMe", delay_s=0) as bitten:
        get("/api/v2/users/me")
    assert bitten.bites == 1
    with handle.faults.add("delay", "getUsersMe", delay_s=0) as idle:
        pass
    handle.faults.add("delay", delay_s=0, must_bite=False)
    handle.faults.add("delay", delay_s=0).remove()
    assert [rule.id for rule in handle.faults.never_bit()] == [idle.planned.id]


def test_a_fault_that_control_has_set_must_bite_too(handle: Offhook, get: Get) -> None:
    body = b'{"fault": {"kind": "delay", "delayS": 0}}'
    assert get("/_offhook/v1/faults", body=body) == 201
    assert len(handle.faults.never_bit()) == 1
    get("/api/v2/users/me")
    assert handle.faults.never_bit() == ()
