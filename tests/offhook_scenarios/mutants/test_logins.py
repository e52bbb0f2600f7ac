"""Mutants of the login, each killed by its plan."""

from collections.abc import Callable

import pytest

from offhook_scenarios.mutants.logins import MUTANTS
from offhook_scenarios.mutants.mutant import Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_its_plan_kills_it_and_holds_for_the_reference(
    mutant: Mutant, demand: Callable[[Mutant], None]
) -> None:
    demand(mutant)
