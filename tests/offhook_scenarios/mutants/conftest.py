"""What is demanded of every mutant: its plan kills it, and not the client without the bug."""

from collections.abc import Callable

import pytest

from offhook_scenarios.mutants.findability import KILLS_MIN, alarms, kills
from offhook_scenarios.mutants.mutant import Mutant


@pytest.fixture
def demand() -> Callable[[Mutant], None]:
    """A failure tells how often it was killed, or where the reference client broke."""

    def check(mutant: Mutant) -> None:
        assert kills(mutant) >= KILLS_MIN
        found = [(judged.plan.seed, judged.findings) for judged in alarms(mutant)]
        assert not found, "the reference client breaks in this plan"

    return check
