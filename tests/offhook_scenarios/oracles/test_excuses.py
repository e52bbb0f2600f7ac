"""The reviewed table of what no client could do: each row excuses that, and nothing beside it."""

from typing import Any

import msgspec
import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook.domain.views import Cause
from offhook.faults.kinds import PushDropFault, PushGarbleFault
from offhook.faults.rule import RuleSpec
from offhook.policies import Policies
from offhook_scenarios.adapters.adapter import Ending, Shown
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.causality import Causality
from offhook_scenarios.oracles.excuses import EXCUSES, Excuse, excuse
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.last_intent import LastIntent
from offhook_scenarios.plan.plan import Fault, Plan, Step, Wire
from offhook_scenarios.plan.wire import Drop, Lose

UNVERSIONED = Plan(desks=2, policies={"versions": False})
LOST = Fault(at_s=1, rule=RuleSpec(fault=PushDropFault()), lasts_s=5)
DROPPED = Wire(at_s=1, action=Drop(), lasts_s=5)


def rows() -> list[Any]:
    return [pytest.param(row, id=f"{row.under} {row.invariant}") for row in EXCUSES]


@pytest.mark.parametrize("row", rows())
def test_each_row_has_a_reason_and_a_trouble_or_a_policy_that_is_no_default(row: Excuse) -> None:
    assert len(row.reason.split()) > 8
    if row.policy is None:
        assert row.under == row.trouble != ""
        return
    assert row.under == f"{row.policy}={row.value}"
    changed = Policies().changed({row.policy: row.value})
    assert getattr(changed, row.policy) != getattr(Policies(), row.policy)


def test_no_row_stands_twice() -> None:
    keys = [(row.under, row.invariant) for row in EXCUSES]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("invariant", Invariant)
def test_nothing_is_excused_in_an_untroubled_session(invariant: Invariant) -> None:
    finding = Finding(invariant=invariant, desk="desk 1", words="", at_s=20.0)
    assert excuse(Story().case(plan=UNVERSIONED), finding) is None


def found(invariant: Invariant, *steps: Step, desk: int = 1, **bites: int) -> tuple[Case, Finding]:
    plan = msgspec.structs.replace(UNVERSIONED, steps=steps)
    case = msgspec.structs.replace(Story().case(plan=plan), bites=bites)
    return case, Finding(invariant=invariant, desk=f"desk {desk}", words="", at_s=20.0)


@pytest.mark.parametrize("invariant", [Invariant.I1, Invariant.I3])
@pytest.mark.parametrize("step", [LOST, msgspec.structs.replace(LOST, desk=1), DROPPED])
def test_who_was_not_told_of_an_event_cannot_miss_it(invariant: Invariant, step: Step) -> None:
    case, finding = found(invariant, step, **{"event lost": 1, "wire drop": 1})
    row = excuse(case, finding)
    assert row is not None
    assert row.policy == "versions=False"
    assert row.finding == finding
    versioned = msgspec.structs.replace(case, plan=msgspec.structs.replace(case.plan, policies={}))
    assert excuse(versioned, finding) is None


@pytest.mark.parametrize(
    ("step", "desk"),
    [
        # Another desk's; an end of the connection, or a frame, tells that something is missing.
        (msgspec.structs.replace(LOST, desk=2), 1),
        (DROPPED, 2),
        (Wire(at_s=1, action=Lose(), lasts_s=5), 1),
        (Fault(at_s=1, rule=RuleSpec(fault=PushGarbleFault()), lasts_s=5), 1),
    ],
)
def test_what_was_lost_elsewhere_or_told_excuses_nothing(step: Step, desk: int) -> None:
    bites = {"event lost": 1, "wire drop": 1, "wire lose": 1, "event garbled": 1}
    case, finding = found(Invariant.I3, step, desk=desk, **bites)
    assert excuse(case, finding) is None


@pytest.mark.parametrize("step", [LOST, DROPPED])
def test_a_loss_that_never_bit_excuses_nothing(step: Step) -> None:
    case, finding = found(Invariant.I3, step, **{"event lost": 0, "wire drop": 0})
    assert excuse(case, finding) is None


def passed(story: Story) -> tuple[Case, Finding]:
    """An unmute of before that lands upon an administrator's mute."""
    case = story.case(plan=UNVERSIONED)
    (finding,) = Causality().judge(case)
    return case, finding


FORCED = Story().presses(1, muted=False).writes(3, 1, muted=True, cause=Cause.ADMIN)


def test_an_unmute_on_its_way_is_excused() -> None:
    assert excuse(*passed(FORCED.writes(5, 2, muted=False, asked_at=4))) is not None


def test_an_unmute_that_is_sent_when_the_mute_was_heard_of_is_not() -> None:
    heard = FORCED.hears(3.5, None, muted=True)
    assert excuse(*passed(heard.writes(5, 2, muted=False, asked_at=4))) is None
    # Heard too late.
    assert excuse(*passed(heard.writes(5, 2, muted=False, asked_at=3.2))) is not None


def test_news_of_one_of_two_mutes_may_be_of_the_older_one() -> None:
    story = Story().presses(0.5, muted=True).writes(0.6, 1, muted=True).presses(1, muted=False)
    story = story.writes(1.5, 2, muted=False).writes(3, 3, muted=True, cause=Cause.ADMIN)
    story = story.hears(3.5, None, muted=True).writes(5, 4, muted=False, asked_at=4)
    assert excuse(*passed(story)) is not None


def wanted(story: Story) -> tuple[Case, Finding]:
    """A mute that was called ok, and undone by nobody else."""
    story = story.held(0, muted=False).presses(1, muted=True, ended_at=2, ending=Ending.OK)
    story = story.writes(1.5, 1, muted=True).writes(9, 2, muted=False)
    case = story.case(plan=UNVERSIONED, checkpoints=((10.0, 30.0),))
    (finding,) = LastIntent().judge(case)
    return case, finding


def test_after_an_answer_that_was_lost_nobody_knows_whose_mute_is_seen() -> None:
    asked = Story().asks(1.1, path="/x/mute", muted=True)
    assert excuse(*wanted(asked)) is not None
    assert excuse(*wanted(asked.answered(1.6, 204, path="/x/mute"))) is None
    # News of a mute that was over when it came, and of one that was not.
    answered = asked.answered(1.6, 204, path="/x/mute")
    assert excuse(*wanted(answered.hears(9.5, None, muted=True))) is not None
    assert excuse(*wanted(answered.hears(2, None, muted=True))) is None
    # What the desk had not asked for yet.
    later = asked.answered(1.6, 204, path="/x/mute").asks(40, path="/x/mute", muted=True)
    assert excuse(*wanted(later)) is None


def given_up(story: Story, *, shown: Shown = Shown.UNKNOWN) -> tuple[Case, Finding]:
    case = story.shows(5, shown).case()
    return case, Finding(invariant=Invariant.I1, desk="desk 1", words="", at_s=20.0)


def answered(*answers: tuple[int, str]) -> Story:
    story = Story()
    for at, (status, whose) in enumerate(answers, 1):
        story = story.answered(at, status, whose=whose)
    return story


def test_a_login_is_over_where_the_token_just_granted_is_refused() -> None:
    story = answered((401, "old"), (200, "password"), (401, "new"))
    excused = excuse(*given_up(story))
    assert excused is not None
    assert excused.policy == "401 again and again"


@pytest.mark.parametrize(
    "story",
    [
        # One refusal, or one of a token that had been taken, asks for a new one.
        answered((401, "old")),
        answered((401, "old"), (401, "old")),
        answered((401, "old"), (200, "new"), (401, "new")),
        # It comes too late to explain anything.
        answered((401, "old")).answered(30, 401, whose="new"),
    ],
)
def test_who_gives_up_sooner_is_not_excused(story: Story) -> None:
    assert excuse(*given_up(story)) is None


def test_who_gives_up_says_so() -> None:
    story = answered((401, "old"), (401, "new"))
    assert excuse(*given_up(story)) is not None
    assert excuse(*given_up(story, shown=Shown.LIVE)) is None
