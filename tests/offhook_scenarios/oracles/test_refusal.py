"""A mute in vain excuses doubt behind a cut switch, and nothing else."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Ending, Gate, Shown
from offhook_scenarios.mutants.findability import networks, reference
from offhook_scenarios.mutants.steps import MUTE, answered, cut, mute, plan
from offhook_scenarios.oracles.refusal import in_vain
from offhook_scenarios.plan.judgement import run_plan
from offhook_scenarios.plan.plan import Plan

PATH = "/api/v2/webrtc/clients/d1/mute"
WITHOUT = Plan(policies={"versions": False})


def refused(status: int = 403, *, muted: bool = True) -> Story:
    """A press, and an answer that ends it."""
    story = Story().held(0, muted=not muted).presses(10, muted=muted, ending=Ending.FAILED)
    return story.asks(10, path=PATH, muted=muted).answered(10.1, status, path=PATH)


def doubt(story: Story, *, gate: Gate = Gate.CUT, shown: Shown = Shown.UNKNOWN) -> Story:
    return story.shows(10.1, shown, gate=gate)


def undone(times: int) -> Story:
    """A mute that the server has undone so often, and that was set again each time."""
    story = Story().presses(1, muted=True).writes(1, 1, muted=True)
    for number in range(times):
        at, rev = 2.0 + number, 2 + 2 * number
        story = story.writes(at, rev, muted=False, cause=Cause.DEFAULT_RESET)
        if number < times - 1:
            story = story.writes(at + 0.5, rev + 1, muted=True)
    return story


@pytest.mark.parametrize("status", [400, 403, 422, 501])
def test_who_is_refused_for_good_may_doubt_behind_a_cut_switch(status: int) -> None:
    story = doubt(refused(status))
    assert in_vain(story.case(), story.history, 60.0)


def test_what_is_pressed_at_that_very_moment_comes_after_it() -> None:
    """The probe of the epilogue looks, and presses."""
    story = doubt(refused()).presses(60, muted=True).shows(60, Shown.MUTING, gate=Gate.CUT)
    assert in_vain(story.case(), story.history, 60.0)
    assert not in_vain(story.case(), story.history, 60.1)


@pytest.mark.parametrize(
    "story",
    [
        doubt(refused(), shown=Shown.LIVE),
        doubt(refused(), shown=Shown.MUTED),
        doubt(refused(), gate=Gate.OPEN),
        doubt(refused(), gate=Gate.UNKNOWN),
        doubt(refused(muted=False)),
        doubt(refused(429)),
        doubt(refused(503)),
        doubt(refused(204)),
        doubt(Story().held(0, muted=False).presses(10, muted=True)),
        # Whoever comes after it gives the client something to show.
        doubt(refused()).writes(20, 1, muted=False, cause=Cause.ADMIN),
        doubt(refused()).presses(20, muted=True),
    ],
)
def test_nothing_else_is_in_vain(story: Story) -> None:
    assert not in_vain(story.case(), story.history, 60.0)


def test_a_mute_that_does_not_hold_is_in_vain_once_it_was_fought_for() -> None:
    for times, expected in ((5, False), (6, True)):
        story = doubt(undone(times))
        assert in_vain(story.case(), story.history, 60.0) is expected


@pytest.mark.parametrize(
    "troubled",
    [
        plan(answered(1, MUTE, 403), mute(1.1)),
        plan(
            answered(2, MUTE, 403, times=None, lasts_s=20),
            mute(1),
            cut(3),
            drop_grace_s=0.01,
            mute_after_reconnect="reset",
        ),
        plan(
            mute(1),
            *(cut(3 + 2 * number) for number in range(9)),
            drop_grace_s=0.01,
            mute_after_reconnect="reset",
        ),
    ],
)
def test_the_reference_client_holds_when_a_mute_cannot_be_had(troubled: Plan) -> None:
    for each in [*networks(troubled)][:3]:
        assert run_plan(each, reference).findings == ()


def test_an_own_older_unmute_that_arrives_late_is_no_news() -> None:
    story = doubt(refused()).writes(20, 1, muted=False, asked_at=5)
    assert in_vain(story.case(), story.history, 60.0)
    later = doubt(refused()).writes(20, 1, muted=True)
    assert not in_vain(later.case(), later.history, 60.0)


@pytest.mark.parametrize("versions", [True, False])
def test_a_set_that_changes_nothing_is_news_only_where_there_are_versions(
    *, versions: bool
) -> None:
    story = Story().writes(1, 1, muted=False, cause=Cause.ADMIN).presses(10, muted=True)
    story = story.asks(10, path=PATH, muted=True).answered(10.1, 403, path=PATH)
    story = doubt(story).writes(20, 2, muted=False, cause=Cause.ADMIN)
    case = story.case(plan=Plan(policies={"versions": versions}))
    assert in_vain(case, story.history, 60.0) is not versions


@pytest.mark.parametrize("hand", [Cause.DEFAULT_RESET, Cause.HEADSET, Cause.NATIVE])
@pytest.mark.parametrize("told", [True, False])
def test_a_set_that_was_undone_before_it_was_told_is_no_news_without_versions(
    *, told: bool, hand: Cause
) -> None:
    story = doubt(refused()).writes(20, 1, muted=True, cause=Cause.ADMIN)
    story = story.hears(20.1, None, muted=True) if told else story
    story = story.writes(20.5, 2, muted=False, cause=hand).answered(30, 200)
    assert in_vain(story.case(plan=WITHOUT), story.history, 60.0) is not told
    assert not in_vain(story.case(), story.history, 60.0)


@pytest.mark.parametrize("hand", [Cause.ADMIN, Cause.SELF])
def test_a_set_that_an_answer_may_have_told_of_is_news(hand: Cause) -> None:
    story = doubt(refused()).writes(20, 1, muted=True, cause=Cause.ADMIN)
    reset = story.answered(20.2, 200).writes(20.5, 2, muted=False, cause=Cause.DEFAULT_RESET)
    wish = story.writes(20.5, 2, muted=False, cause=hand, asked_at=20.5).answered(30, 200)
    assert not in_vain(reset.case(plan=WITHOUT), reset.history, 60.0)
    assert in_vain(wish.case(plan=WITHOUT), wish.history, 60.0) is (hand is Cause.SELF)
