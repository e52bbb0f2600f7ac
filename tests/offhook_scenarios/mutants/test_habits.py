"""Mutants of the page round the client, each killed by its plan."""

from collections.abc import Callable

import pytest

from offhook_scenarios.mutants.habits import MUTANTS
from offhook_scenarios.mutants.mutant import Mutant
from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.plan.judgement import run_plan


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_its_plan_kills_it_and_holds_for_the_reference(
    mutant: Mutant, demand: Callable[[Mutant], None]
) -> None:
    demand(mutant)


def test_who_outvotes_the_headset_makes_a_plain_mistake() -> None:
    # The news had come: no version was needed to know better, so it is no advice.
    (mutant,) = [each for each in MUTANTS if each.name == "outvotes_headset"]
    (finding,) = run_plan(mutant.plan, mutant.make).findings
    assert finding.invariant is Invariant.I7
    assert not finding.advisory
