"""What no client could do under a policy, and is therefore excused: reviewed row by row.

A row needs a reason that holds for every client that could be written, not for the one at hand.
What is merely slower under a policy is no row here: the bounds are computed from the policies.
"""

from collections.abc import Callable

import msgspec

from offhook.faults.kinds import PushDropFault
from offhook.policies import Policies
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.plan.plan import Fault, Plan, Wire
from offhook_scenarios.plan.wire import Drop


def loses_events(plan: Plan) -> bool:
    """Whether an event may be lost without a trace on a connection that lives on."""
    return any(
        isinstance(step.rule.fault, PushDropFault)
        if isinstance(step, Fault)
        else isinstance(step, Wire) and isinstance(step.action, Drop)
        for step in plan.steps
    )


class Excuse(msgspec.Struct, frozen=True, kw_only=True):
    """One invariant under one value of one policy, in the plans in which `where` holds."""

    policy: str
    value: object
    invariant: Invariant
    reason: str
    where: Callable[[Plan], bool] = lambda _plan: True


EXCUSES: tuple[Excuse, ...] = (
    Excuse(
        policy="versions",
        value=False,
        invariant=Invariant.I7,
        reason="An unmute on its way cannot be made to depend on what is known: there is nothing "
        "to put into If-Match.",
    ),
    Excuse(
        policy="versions",
        value=False,
        invariant=Invariant.I14,
        reason="Where an answer was lost, nobody can tell whether the mute that is seen is the "
        "own one or a later one by other hands.",
    ),
    *(
        Excuse(
            policy="versions",
            value=False,
            invariant=invariant,
            reason="The event was lost, and no version tells that one is missing: nothing was "
            "delivered, and an obligation begins with what was.",
            where=loses_events,
        )
        for invariant in (Invariant.I1, Invariant.I3)
    ),
)


def excuse(plan: Plan, finding: Finding) -> Excuse | None:
    """The row that excuses a finding under the plan's policies; None when none does."""
    if not plan.policies:
        return None
    policies = Policies().changed(plan.policies)
    for row in EXCUSES:
        fits = row.invariant is finding.invariant and getattr(policies, row.policy) == row.value
        if fits and row.where(plan):
            return row
    return None
