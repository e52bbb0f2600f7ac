"""I0: what stopped the loop is told, and nothing else."""

from tests.offhook_scenarios.oracles.stories import STILL, Story

from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.no_deadlock import NoDeadlock


def test_a_session_that_came_to_its_end_is_none() -> None:
    assert Story().judged(NoDeadlock()) == []


def test_a_session_that_did_not_says_why() -> None:
    (found,) = NoDeadlock().judge(Case(plan=STILL, stuck="at 3 s nothing is due"))
    assert found.words == "at 3 s nothing is due"
