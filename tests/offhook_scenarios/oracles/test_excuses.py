"""The reviewed table of what no client could do."""

import pytest

from offhook.policies import Policies
from offhook_scenarios.oracles.excuses import EXCUSES, Excuse, excuse
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.plan.plan import Plan


@pytest.mark.parametrize("row", EXCUSES, ids=lambda row: f"{row.policy} {row.invariant}")
def test_each_row_names_a_policy_a_value_that_is_not_the_default_and_a_reason(row: Excuse) -> None:
    changed = Policies().changed({row.policy: row.value})
    assert getattr(changed, row.policy) != getattr(Policies(), row.policy)
    assert len(row.reason.split()) > 8
    finding = Finding(invariant=row.invariant, desk="d", words="")
    assert excuse(Plan(policies={row.policy: row.value}), finding) == row
    assert excuse(Plan(), finding) is None


def test_no_row_stands_twice() -> None:
    keys = [(row.policy, row.value, row.invariant) for row in EXCUSES]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("invariant", [Invariant.I1, Invariant.I2, Invariant.I6])
def test_what_every_client_can_do_is_never_excused(invariant: Invariant) -> None:
    assert invariant not in {row.invariant for row in EXCUSES}
