"""The naive desk, found out by each oracle that can, on the shortest plan for it.

The same plans find nothing in the reference desk.
"""

import pytest

from offhook.faults.kinds import DelayFault, PushGarbleFault, ReplyFault
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.plan.judgement import Judged, run_plan
from offhook_scenarios.plan.plan import Cut, Fault, Force, Plan, Press, Step
from offhook_scenarios.run import DESKS

MUTE = Match(operation="postWebrtcClientMute")


def slow(delay_s: float, when: When) -> Fault:
    rule = RuleSpec(match=MUTE, fault=DelayFault(delay_s=delay_s, when=when), times=1)
    return Fault(at_s=1, rule=rule, lasts_s=30)


BUSY = RuleSpec(match=MUTE, fault=ReplyFault(status=429, retry_after_s=30), times=1)
GARBLED = RuleSpec(match=Match(operation="muteChanged"), fault=PushGarbleFault(), times=1)

FOUND: list[tuple[str, tuple[Step, ...], set[Invariant]]] = [
    ("nothing but the epilogue", (), {Invariant.I1, Invariant.I3, Invariant.I12, Invariant.I13}),
    ("muted, and unmuted in the gap", (Press(at_s=1, muted=True),), {Invariant.I2}),
    (
        "muted by a supervisor in the gap",
        (Cut(at_s=2), Force(at_s=2.5, muted=True)),
        {Invariant.I1, Invariant.I3, Invariant.I13},
    ),
    (
        "told to wait",
        (Fault(at_s=1, rule=BUSY, lasts_s=20), Press(at_s=2, muted=True)),
        {Invariant.I6},
    ),
    (
        "an event that is no JSON",
        (Fault(at_s=1, rule=GARBLED, lasts_s=20), Force(at_s=2, muted=True)),
        {Invariant.I10, Invariant.I13},
    ),
    (
        "an unmute that comes late",
        (slow(4, When.BEFORE), Press(at_s=2, muted=False), Force(at_s=4, muted=True)),
        {Invariant.I7},
    ),
    (
        "two presses, the first of which comes late",
        (slow(2, When.BEFORE), Press(at_s=2, muted=True), Press(at_s=2.1, muted=False)),
        {Invariant.I8, Invariant.I14},
    ),
    (
        "an answer that is older than an event",
        (slow(15, When.AFTER), Press(at_s=2, muted=True), Force(at_s=4, muted=False)),
        {Invariant.I4, Invariant.I9},
    ),
]


def played(steps: tuple[Step, ...], desk: str) -> Judged:
    return run_plan(Plan(seed=1, steps=steps), DESKS[desk])


@pytest.mark.parametrize(
    ("steps", "wanted"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND]
)
def test_the_naive_desk_is_found_out_and_the_reference_desk_is_not(
    steps: tuple[Step, ...], wanted: set[Invariant]
) -> None:
    assert wanted <= {finding.invariant for finding in played(steps, "naive").findings}
    assert played(steps, "reference").findings == ()


def test_what_the_naive_desk_does_not_say_is_told_as_not_judged() -> None:
    judged = played((Press(at_s=1, muted=True),), "naive")
    assert set(judged.not_judged) == {Invariant.I4, Invariant.I5, Invariant.I9, Invariant.I14}
    assert played((Press(at_s=1, muted=True),), "reference").not_judged == {}


def test_together_the_plans_try_every_oracle_that_needs_no_mutant() -> None:
    tried = set().union(*(wanted for _, _, wanted in FOUND))
    # A deadlock, a second effect and another device's event are no habits of this desk.
    assert set(Invariant) - tried == {Invariant.I0, Invariant.I5, Invariant.I11}
