"""Mutants of the page round the client, each killed by its plan."""

from collections.abc import Callable

import pytest

from offhook_scenarios.mutants.mutant import Mutant
from offhook_scenarios.mutants.pages import MUTANTS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_its_plan_kills_it_and_holds_for_the_reference(
    mutant: Mutant, demand: Callable[[Mutant], None]
) -> None:
    demand(mutant)
