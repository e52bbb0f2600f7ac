"""What no client could do under a policy, and is therefore excused: reviewed row by row.

A row needs a reason that holds for every client that could be written, not for the one at hand.
What is merely slower under a policy is no row here: the bounds are computed from the policies.
"""

import msgspec

from offhook.policies import Policies
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.plan.plan import Plan


class Excuse(msgspec.Struct, frozen=True, kw_only=True):
    """One invariant under one value of one policy."""

    policy: str
    value: object
    invariant: Invariant
    reason: str


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
)


def excuse(plan: Plan, finding: Finding) -> Excuse | None:
    """The row that excuses a finding under the plan's policies; None when none does."""
    if not plan.policies:
        return None
    policies = Policies().changed(plan.policies)
    for row in EXCUSES:
        if row.invariant is finding.invariant and getattr(policies, row.policy) == row.value:
            return row
    return None
