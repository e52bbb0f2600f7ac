"""The reviewed table of what no client could do."""

import pytest

from offhook.faults.kinds import PushDropFault, PushGarbleFault
from offhook.faults.rule import RuleSpec
from offhook.policies import Policies
from offhook_scenarios.oracles.excuses import EXCUSES, Excuse, excuse, loses_events
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.plan.plan import Fault, Plan, Press, Step, Wire
from offhook_scenarios.plan.wire import Drop, Lose

LOST = Fault(at_s=1, rule=RuleSpec(fault=PushDropFault()), lasts_s=5)


@pytest.mark.parametrize("row", EXCUSES, ids=lambda row: f"{row.policy} {row.invariant}")
def test_each_row_names_a_policy_a_value_that_is_not_the_default_and_a_reason(row: Excuse) -> None:
    changed = Policies().changed({row.policy: row.value})
    assert getattr(changed, row.policy) != getattr(Policies(), row.policy)
    assert len(row.reason.split()) > 8
    finding = Finding(invariant=row.invariant, desk="d", words="")
    plan = Plan(policies={row.policy: row.value}, steps=(LOST,))
    assert excuse(plan, finding) == row
    unlucky = excuse(Plan(policies={row.policy: row.value}), finding)
    assert unlucky == (row if row.where(Plan()) else None)
    assert excuse(Plan(), finding) is None


def test_no_row_stands_twice() -> None:
    keys = [(row.policy, row.value, row.invariant) for row in EXCUSES]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("invariant", [Invariant.I1, Invariant.I2, Invariant.I6])
def test_what_every_client_can_do_is_never_excused(invariant: Invariant) -> None:
    assert invariant not in {row.invariant for row in EXCUSES if row.where(Plan())}


@pytest.mark.parametrize(
    ("step", "loses"),
    [
        (LOST, True),
        (Wire(at_s=1, action=Drop(), lasts_s=5), True),
        (Wire(at_s=1, action=Lose(), lasts_s=5), False),
        (Fault(at_s=1, rule=RuleSpec(fault=PushGarbleFault()), lasts_s=5), False),
        (Press(at_s=1, muted=True), False),
    ],
)
def test_an_event_is_lost_without_a_trace_where_the_connection_lives_on(
    step: Step, *, loses: bool
) -> None:
    assert loses_events(Plan(steps=(step,))) is loses
