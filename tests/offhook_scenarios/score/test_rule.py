"""Verdicts."""

from offhook_scenarios.score.rule import Verdict, Weight, broke, holds, kept, unjudged


def test_a_verdict_comes_with_its_evidence() -> None:
    assert holds(True, "x") == kept("x")
    assert holds(False, "x") == broke("x")
    assert unjudged("x").verdict is Verdict.NOT_JUDGED
    assert unjudged("x").words == "x"


def test_what_keeps_a_server_down_counts_most() -> None:
    assert max(Weight) is Weight.MUST
