"""The registry: enough mutants, told apart, each with what it must have."""

import pytest

from offhook_scenarios.mutants.findability import alarms
from offhook_scenarios.mutants.mutant import Mutant, MutantDesk
from offhook_scenarios.mutants.registry import MUTANTS, THEMES
from offhook_scenarios.plan.plan import check_plan

ALL = pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)

STUDIED = {
    "optimistic",
    "ignore_events",
    "no_resync",
    "snapshot_clobbers",
    "snapshot_first",
    "toggle_retry",
    "fresh_key",
    "stale_retry",
    "no_if_match",
    "late_causality",
    "trust_response",
    "no_refresh",
    "refresh_race",
    "ignore_retry_after",
    "reconnect_storm",
    "never_reset_backoff",
    "wrong_device",
    "no_heartbeat",
    "show_stale",
    "hide_doubt",
    "ignore_epoch",
    "bad_frame_kills",
    "snapshot_once",
    "no_serialize",
    "own_overtakes",
}
"""The catalogue of the study that this harness was planned with."""
STEPS_MAX = 5


def test_there_are_enough_and_no_two_have_one_name() -> None:
    assert len(MUTANTS) == sum(map(len, THEMES.values())) >= 45
    assert set(MUTANTS) >= STUDIED
    assert len(STUDIED) == 25
    public = [mutant for mutant in MUTANTS.values() if mutant.link is not None]
    assert len(public) >= 10
    own = [mutant for mutant in MUTANTS.values() if mutant.ports == "our own"]
    assert len(own) >= 10


@ALL
def test_each_is_either_a_patch_or_a_page_and_its_plan_is_short(mutant: Mutant) -> None:
    assert (mutant.patch is None) != (mutant.page is MutantDesk)
    assert mutant.caught_by
    check_plan(mutant.plan)
    assert len(mutant.plan.steps) <= STEPS_MAX
    assert mutant.link is None or mutant.link.startswith("https://")
    assert not mutant.bug.endswith(".")
    assert not mutant.bug[0].isupper()


@pytest.mark.nightly
@ALL
def test_the_reference_client_holds_in_its_plan_on_every_network(mutant: Mutant) -> None:
    assert [(judged.plan.seed, judged.findings) for judged in alarms(mutant)] == []
