"""What is demanded of every mutant: its plan kills it, and not the client without the bug."""

from collections.abc import Callable

import pytest

from offhook_scenarios.mutants.findability import KILLS_MIN, alarms, kills
from offhook_scenarios.mutants.mutant import Mutant

WAITING = {
    "no_heartbeat",
    "ignore_epoch",
    "no_request_timeout",
    "keeps_old_id",
    "no_refresh",
    "refresh_race",
    "rotation_ignored",
    "expired_token_kept",
    "token_captured",
    "optimistic_rollback",
    "wake_resends",
    "throttled_timers",
    "id_of_old_page",
}
"""For steps of the plan that are being built; to be empty."""


@pytest.fixture
def demand() -> Callable[[Mutant], None]:
    """A failure tells how often it was killed, or where the reference client broke."""

    def check(mutant: Mutant) -> None:
        if mutant.name in WAITING:
            return
        assert kills(mutant) >= KILLS_MIN
        found = [(judged.plan.seed, judged.findings) for judged in alarms(mutant)]
        assert not found, "the reference client breaks in this plan"

    return check
