"""On what a finding rests: a fault or a policy that nobody but us has said makes it advisory."""

from collections.abc import Mapping
from types import MappingProxyType

from offhook.domain.evidence import Evidence
from offhook.faults.catalogue import CATALOGUE
from offhook.policies import EVIDENCE, Policies
from offhook_scenarios.faults.catalogue import KINDS, kind_of
from offhook_scenarios.history import History
from offhook_scenarios.plan.plan import Client, Fault, Plan, Step, Wire

LOGIN = frozenset({"allow_password_grant"})
"""Policies that make no difference to what is judged."""


def assumed_before(
    plan: Plan, history: History, at: float, *, bites: Mapping[str, int] = MappingProxyType({})
) -> bool:
    """Whether something assumed had a part in what the desk went through up to `at`.

    A fault of the mock counts once it has bitten, any other once it was begun at this desk, and a
    policy when the plan changes it. What never bit by `bites`, as bytes that never came or a
    restart that the client's adapter cannot do, had no part in anything.
    """
    if assumed_policies(plan):
        return True
    at_s = at - history.began
    for step in plan.steps:
        if isinstance(step, Fault) or not is_assumed_step(step):
            continue
        if isinstance(step, Wire | Client) and bites.get(kind_of(step)) == 0:
            continue
        if step.at_s <= at_s and getattr(step, "desk", None) in {None, number_of(history.desk)}:
            return True
    return any(
        is_assumed(trouble.name) and any(bite <= at for bite in trouble.bites)
        for trouble in history.troubles
    )


def assumed_policies(plan: Plan) -> tuple[str, ...]:
    """The policies that the plan changes and nobody has vouched for."""
    usual = Policies()
    return tuple(
        name
        for name, value in plan.policies.items()
        if name not in LOGIN
        and value != getattr(usual, name)
        and EVIDENCE[name].evidence is Evidence.ASSUMED
    )


def is_assumed(trouble: str) -> bool:
    """Whether the fault of this name, `<kind> <what it hits>`, rests on an assumption."""
    row = CATALOGUE.get(trouble.partition(" ")[0])
    return row is not None and row.evidence is Evidence.ASSUMED


def is_assumed_step(step: Step) -> bool:
    """Whether the step is a fault that rests on an assumption. Hands are none."""
    kind = KINDS.get(kind_of(step))
    return kind is not None and kind.evidence is Evidence.ASSUMED


def number_of(desk: str) -> int:
    """Of a desk by its name. One that is named otherwise is the only one there is."""
    _, _, number = desk.rpartition(" ")
    return int(number) if number.isdigit() else 1
