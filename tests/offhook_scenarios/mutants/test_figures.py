"""Figures: what is asked of a mutant can be had."""

from itertools import pairwise

from offhook_scenarios.mutants.figures import KILLS_MIN, NETWORKS, SESSIONS, STREAMS


def test_a_plan_is_asked_for_no_more_kills_than_it_has_networks() -> None:
    assert 0 < KILLS_MIN <= NETWORKS


def test_no_stream_runs_into_the_next() -> None:
    assert all(after - before > SESSIONS for before, after in pairwise(STREAMS))
