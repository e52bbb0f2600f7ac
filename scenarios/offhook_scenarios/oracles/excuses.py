"""What no client could do under a policy or a trouble, and is therefore excused, row by row.

A row needs a reason that holds for every client that could be written, not for the one at hand.
What is merely slower under a policy is no row here: the bounds are computed from the policies.
"""

from collections.abc import Callable

import msgspec

from offhook.faults.kinds import PushDropFault
from offhook.policies import Policies
from offhook_scenarios.adapters.adapter import Shown
from offhook_scenarios.faults.catalogue import kind_of
from offhook_scenarios.history import History
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.evidence import number_of
from offhook_scenarios.oracles.exchanges import exchanges
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.screen import belief_at, held_at
from offhook_scenarios.plan.plan import Fault, Step, Wire
from offhook_scenarios.plan.wire import Drop


def lost_an_event(case: Case, finding: Finding) -> bool:
    """Whether an event to that desk was lost without a trace, on a connection that lives on."""
    return any(
        _loses_events(step)
        and case.bites.get(kind_of(step), 0) > 0
        and getattr(step, "desk", None) in {None, number_of(finding.desk)}
        for step in case.plan.steps
    )


def _loses_events(step: Step) -> bool:
    if isinstance(step, Fault):
        return isinstance(step.rule.fault, PushDropFault)
    return isinstance(step, Wire) and isinstance(step.action, Drop)


def was_in_the_dark(case: Case, finding: Finding) -> bool:
    """Whether the desk asked for a mute and was not answered, or was told of one that was over."""
    return any(
        _lost_an_answer(history, history.began + finding.at_s)
        or _heard_late(history, history.began + finding.at_s)
        for history in case.histories
        if history.desk == finding.desk
    )


def _lost_an_answer(history: History, at: float) -> bool:
    return any(
        ask.muted is not None and ask.at <= at and (answer is None or answer.at > at)
        for ask, answer in exchanges(history)
    )


def _heard_late(history: History, at: float) -> bool:
    return any(
        frame.muted and frame.at <= at and held_at(history, frame.at) is False
        for frame in history.heard
    )


_UNAUTHORIZED = 401


def login_is_over(case: Case, finding: Finding) -> bool:
    """Whether the desk had a token refused that it got after a refusal, and says unknown since."""
    return any(
        _refused_what_was_granted(history, history.began + finding.at_s)
        and belief_at(history, history.began + finding.at_s).shown is Shown.UNKNOWN
        for history in case.histories
        if history.desk == finding.desk
    )


def _refused_what_was_granted(history: History, at: float) -> bool:
    known: set[str] = set()
    refused = False
    for answer in history.answers:
        if answer.at > at:
            break
        if answer.status == _UNAUTHORIZED and answer.whose not in known and refused:
            return True
        refused = refused or answer.status == _UNAUTHORIZED
        known.add(answer.whose)
    return False


class Excuse(msgspec.Struct, frozen=True, kw_only=True):
    """One invariant under one value of one policy, for the findings of which `where` is true."""

    policy: str | None = None
    """None: whatever the policies are."""
    value: object = None
    trouble: str = ""
    """What `where` looks for, in words, where there is no policy to name."""
    invariant: Invariant
    reason: str
    where: Callable[[Case, Finding], bool]

    @property
    def under(self) -> str:
        """The policy and its value, or the trouble: what reports name."""
        return self.trouble if self.policy is None else f"{self.policy}={self.value}"

    def fits(self, case: Case, finding: Finding) -> bool:
        """Whether the row speaks of this finding."""
        if finding.invariant is not self.invariant:
            return False
        if self.policy is not None:
            policies = Policies().changed(case.plan.policies)
            if getattr(policies, self.policy) != self.value:
                return False
        return self.where(case, finding)


class Excused(msgspec.Struct, frozen=True, kw_only=True):
    """A finding, and why nobody is blamed for it."""

    finding: Finding
    policy: str
    """`name=value`, or the trouble that explains it."""
    reason: str


EXCUSES: tuple[Excuse, ...] = (
    Excuse(
        policy="versions",
        value=False,
        invariant=Invariant.I7,
        reason="An unmute on its way cannot be made to depend on what is known: there is nothing "
        "to put into If-Match.",
        where=lambda _case, finding: finding.by_version,
    ),
    Excuse(
        policy="versions",
        value=False,
        invariant=Invariant.I14,
        reason="Where an answer was lost or an event came late, nobody can tell whether the mute "
        "that is told of is the own or an older one, or a later one by other hands.",
        where=was_in_the_dark,
    ),
    *(
        Excuse(
            policy="versions",
            value=False,
            invariant=invariant,
            reason="The event was lost, and no version tells that one is missing: nothing was "
            "delivered, and an obligation begins with what was.",
            where=lost_an_event,
        )
        for invariant in (Invariant.I1, Invariant.I3)
    ),
    *(
        Excuse(
            trouble="401 again and again",
            invariant=invariant,
            reason="A server that refuses the token that it has just granted has ended the login: "
            "who gives up then, and says so, is right, and shows nothing any more.",
            where=login_is_over,
        )
        for invariant in (Invariant.I1, Invariant.I9, Invariant.I12, Invariant.I14)
    ),
)


def excuse(case: Case, finding: Finding) -> Excused | None:
    """Why nobody is blamed for a finding in this session; None: somebody is."""
    for row in EXCUSES:
        if row.fits(case, finding):
            return Excused(finding=finding, policy=row.under, reason=row.reason)
    return None
