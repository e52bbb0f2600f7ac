"""What a finding rests on."""

from typing import Any

import pytest
from tests.offhook_scenarios.oracles.stories import STILL, Story

from offhook.faults.kinds import PushDropFault, ReplyFault
from offhook.faults.rule import RuleSpec
from offhook_scenarios.oracles.evidence import (
    assumed_before,
    assumed_policies,
    assumed_steps,
    is_assumed,
)
from offhook_scenarios.plan.plan import Cut, Fault, Plan


@pytest.mark.parametrize(
    ("trouble", "bites", "assumed"),
    [
        ("push-drop muteChanged", (10.0,), True),
        ("push-drop muteChanged", (), False),
        ("push-drop muteChanged", (30.0,), False),
        ("reply postWebrtcClientMute", (10.0,), False),
        ("push-close muteChanged", (10.0,), False),
        ("something of a network", (10.0,), False),
    ],
)
def test_a_fault_counts_once_it_has_bitten(
    trouble: str, bites: tuple[float, ...], *, assumed: bool
) -> None:
    history = Story().troubles(trouble, *bites).history
    assert assumed_before(STILL, history, 20.0) is assumed


@pytest.mark.parametrize(
    ("policies", "assumed"),
    [
        ({"versions": False}, ("versions",)),
        ({"versions": True}, ()),
        ({"mute_after_reconnect": "reset"}, ()),
        ({"allow_password_grant": True}, ()),
        ({"heartbeat_s": 30, "rate_per_token": 5}, ("heartbeat_s",)),
    ],
)
def test_a_policy_counts_when_the_plan_changes_it(
    policies: dict[str, Any], assumed: tuple[str, ...]
) -> None:
    plan = Plan(policies=policies)
    assert assumed_policies(plan) == assumed
    assert assumed_before(plan, Story().history, 1.0) is bool(assumed)


def test_the_kinds_of_a_plan_are_told_once_each() -> None:
    drop = Fault(at_s=1, rule=RuleSpec(fault=PushDropFault()), lasts_s=5)
    reply = Fault(at_s=1, rule=RuleSpec(fault=ReplyFault(status=503)), lasts_s=5)
    assert assumed_steps(Plan(steps=(drop, reply, Cut(at_s=2), drop))) == ("push-drop",)
    assert not is_assumed("cut")
