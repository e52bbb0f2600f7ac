"""`assert_holds`, as a test of one's own uses it."""

import re

import pytest

from offhook_scenarios import assert_holds, generate
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.check.client_name import NoClientError
from offhook_scenarios.plan.plan import Plan, PlanError, written


def test_a_client_that_holds_is_passed_in_silence() -> None:
    assert_holds(generate(3), "reference")
    assert_holds(written(generate(4)), "reference")


def test_one_that_breaks_is_told_by_its_shortest_session() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_holds(generate(30), lambda _: NaiveDesk())
    told = str(caught.value)
    assert re.match(r"I\d+ breaks: ", told)
    assert "start        the screen says live" in told
    assert 'The plan: {"seed":30' in told


def test_it_may_be_told_as_it_is() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_holds(generate(30), "naive", shorten=False)
    assert written(generate(30)).decode() in str(caught.value)


def test_what_cannot_be_played_is_no_failure_of_the_client() -> None:
    with pytest.raises(PlanError, match="cannot be read"):
        assert_holds("{", "reference")
    with pytest.raises(NoClientError, match="no client"):
        assert_holds(Plan(), "nobody")
