"""What a finding rests on."""

from typing import Any

import pytest
from tests.offhook_scenarios.oracles.stories import STILL, Story

from offhook.faults.kinds import PushDropFault, ReplyFault
from offhook.faults.rule import RuleSpec
from offhook_scenarios.adapters.adapter import Restart as RestartKind
from offhook_scenarios.oracles.evidence import (
    assumed_before,
    assumed_policies,
    is_assumed_step,
)
from offhook_scenarios.plan.plan import (
    Client,
    Cut,
    Fault,
    Partition,
    Plan,
    Press,
    Restart,
    Step,
    Wire,
)
from offhook_scenarios.plan.wire import Drop, Lose


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


@pytest.mark.parametrize(
    ("step", "assumed"),
    [
        (Cut(at_s=2), False),
        (Partition(at_s=2, lasts_s=1), False),
        (Press(at_s=2, muted=True), False),
        (Restart(at_s=2, lasts_s=1), False),
        (Restart(at_s=2, lasts_s=1, keeps_state=False), True),
        (Client(at_s=2, restart=RestartKind.PROCESS), False),
        (Client(at_s=2, restart=RestartKind.SLEEP), True),
        (Wire(at_s=2, action=Lose(), lasts_s=5), False),
        (Wire(at_s=2, action=Drop(), lasts_s=5), True),
        (Fault(at_s=2, rule=RuleSpec(fault=PushDropFault()), lasts_s=5), True),
        (Fault(at_s=2, rule=RuleSpec(fault=ReplyFault(status=503)), lasts_s=5), False),
    ],
)
def test_a_step_rests_on_what_its_fault_rests_on(step: Step, *, assumed: bool) -> None:
    assert is_assumed_step(step) is assumed


@pytest.mark.parametrize(
    ("desk", "at", "assumed"), [(1, 10.0, True), (1, 1.0, False), (2, 10.0, False)]
)
def test_a_step_counts_once_it_was_begun_and_at_its_own_desk(
    desk: int, at: float, *, assumed: bool
) -> None:
    restart = Client(at_s=2, desk=desk, restart=RestartKind.SLEEP, lasts_s=5)
    plan = Plan(desks=2, steps=(restart,))
    assert assumed_before(plan, Story().history, at) is assumed
    assert assumed_before(plan, Story(desk="my client").history, at) is assumed


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Client(at_s=2, restart=RestartKind.SLEEP), "sleep"),
        (Wire(at_s=2, action=Drop(), lasts_s=5), "wire drop"),
    ],
)
def test_a_step_that_never_bit_had_no_part_in_anything(step: Step, kind: str) -> None:
    plan, history = Plan(steps=(step,)), Story().history
    assert not assumed_before(plan, history, 10.0, bites={kind: 0})
    assert assumed_before(plan, history, 10.0, bites={kind: 1})


def test_a_state_that_is_lost_counts_though_it_met_no_connection() -> None:
    plan = Plan(steps=(Restart(at_s=2, lasts_s=1, keeps_state=False),))
    assert assumed_before(plan, Story().history, 10.0, bites={"state lost": 0})
