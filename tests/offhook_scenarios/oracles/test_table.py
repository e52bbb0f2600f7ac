"""The table of oracles: every invariant once, in order, and the page that explains them."""

import inspect
from pathlib import Path

import pytest
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.oracles.table import ORACLES


def test_each_invariant_has_its_oracle_in_the_order_of_the_numbers() -> None:
    assert [oracle.id for oracle in ORACLES] == list(Invariant)


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.id.value)
def test_each_oracle_lives_in_a_file_of_its_own_and_says_what_it_asks(oracle: Oracle) -> None:
    path = Path(inspect.getfile(type(oracle)))
    assert [other.id for other in ORACLES if inspect.getfile(type(other)) == str(path)] == [
        oracle.id
    ]
    for words in (oracle.term, oracle.rule, oracle.bound, oracle.needs):
        assert words.strip() == words != ""
    assert oracle.rule.endswith(".")


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.id.value)
def test_in_an_empty_session_nothing_is_wrong(oracle: Oracle) -> None:
    assert oracle.judge(Story().case()) == []
