"""What is demanded of every mutant: its plan kills it, and not the client without the bug."""

from collections.abc import Callable

import pytest

from offhook_scenarios.mutants.figures import KILLS_MIN
from offhook_scenarios.mutants.findability import alarms, kills
from offhook_scenarios.mutants.mutant import Mutant

BY_DAY = 3


@pytest.fixture
def demand() -> Callable[[Mutant], None]:
    """A failure tells how often it was killed, or where the reference client broke.

    By day the reference is played on a few networks of each plan; `test_registry` has all of them.
    """

    def check(mutant: Mutant) -> None:
        assert kills(mutant) >= KILLS_MIN
        found = [(each.plan.seed, each.findings) for each in alarms(mutant, count=BY_DAY)]
        assert not found, "the reference client breaks in this plan"

    return check
