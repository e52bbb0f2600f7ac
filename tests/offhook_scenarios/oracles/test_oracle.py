"""What every oracle has."""

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle


class Content(Oracle):
    """Is content with everything."""

    id = Invariant.I0
    term = "contentment"
    rule = "Nothing matters."

    def judge(self, case: Case) -> list[Finding]:  # noqa: ARG002 - content as it is.
        return []


def test_an_oracle_judges_everything_unless_it_says_otherwise() -> None:
    assert Content().unjudged(Story().case()) is None
    assert (Content.bound, Content.needs) == ("none: it holds always", "nothing")


def test_an_oracle_must_judge() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Oracle()  # type: ignore[abstract]  # - that is what is tried.
