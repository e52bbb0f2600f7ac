"""A session that is shown."""

from offhook_scenarios.check.report import Shown, show
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.plan.judgement import Judged
from offhook_scenarios.plan.plan import Plan


def test_a_session_is_shown_with_what_happened() -> None:
    setup = Setup(client="naive")
    shown = show(Plan(seed=2), setup)
    assert shown.judged == setup.play(Plan(seed=2))
    assert shown.digest == shown.judged.digest
    assert shown.moments


def test_one_that_came_to_no_end_has_no_moments() -> None:
    judged = Judged(plan=Plan(), findings=(), digest="", elapsed_s=0)
    assert Shown(judged=judged, played=None).moments == ()
