"""What is demanded of every mutant: its plan kills it, and not the client without the bug."""

from collections.abc import Callable

import pytest

from offhook_scenarios.mutants.findability import KILLS_MIN, alarms, kills
from offhook_scenarios.mutants.mutant import Mutant

WAITING = {
    "no_heartbeat",
    "reconnect_storm",
    "never_reset_backoff",
    "task_per_dial",
    "snapshot_clobbers",
    "old_event_wins",
    "trust_response",
    "ignore_epoch",
    "own_overtakes",
    "late_causality",
    "no_if_match",
    "matches_by_value",
    "adopts_at_once",
    "toggle_retry",
    "fresh_key",
    "stale_retry",
    "ignore_retry_after",
    "retry_after_milliseconds",
    "retry_after_number_only",
    "gate_per_request",
    "retry_storm",
    "keeps_old_id",
    "no_refresh",
    "refresh_race",
    "rotation_ignored",
    "expired_token_kept",
    "token_captured",
    "no_serialize",
    "superseded_hangs",
    "drops_offline",
    "first_unmute_lost",
    "skips_what_seems_so",
    "remembers_remote_mute",
    "optimistic_rollback",
    "stale_closure",
    "lock_kept",
    "two_tabs",
    "wake_resends",
    "throttled_timers",
    "sync_unmutes",
    "blur_flips",
    "id_of_old_page",
    "joins_with_lobby",
    "sends_own_again",
    "reset_is_a_wish",
}
"""For oracles and steps of the plan that are being built; to be empty."""


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
