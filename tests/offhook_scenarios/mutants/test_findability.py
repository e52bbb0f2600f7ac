"""Random sessions find the mutants, and what they find shrinks to a few steps."""

from statistics import median

import msgspec
import pytest

from offhook_scenarios.check.setup import quiet
from offhook_scenarios.drivers.shrink import Shrunk, shrink
from offhook_scenarios.mutants.figures import NETWORKS, STREAMS
from offhook_scenarios.mutants.findability import counts, found, kills, networks
from offhook_scenarios.mutants.mutant import Mutant
from offhook_scenarios.mutants.registry import MUTANTS
from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.plan.judgement import run_plan
from offhook_scenarios.plan.plan import Plan

SHARE_MIN = 0.9
STEPS_MAX = 5
RUNS_MEDIAN_MAX = 60


def test_the_networks_of_a_plan_differ_in_their_seed_only() -> None:
    plan = Plan(seed=3, desks=2)
    seeds = [each.seed for each in networks(plan)]
    assert seeds == list(range(3, 3 + NETWORKS))
    assert all(msgspec.structs.replace(each, seed=3) == plan for each in networks(plan))


def test_a_mutant_without_its_bug_is_not_killed() -> None:
    innocent = msgspec.structs.replace(MUTANTS["no_resync"], patch=None)
    assert kills(innocent) == 0


def test_what_nobody_was_to_notice_does_not_count() -> None:
    mutant = msgspec.structs.replace(MUTANTS["no_resync"], caught_by=(Invariant.I0,))
    assert kills(mutant) == 0


def test_a_stream_ends_where_it_finds() -> None:
    mutant = MUTANTS["no_resync"]
    short, judged = found(mutant, STREAMS[0], sessions=20)
    assert short.session is not None
    assert judged is not None
    assert judged.plan.seed == STREAMS[0] + short.session
    none, judged = found(msgspec.structs.replace(mutant, patch=None), STREAMS[0], sessions=2)
    assert (none.session, judged) == (None, None)


@pytest.mark.nightly
@pytest.mark.parametrize("first", STREAMS)
def test_a_stream_finds_nine_of_ten(first: int) -> None:
    missed = [name for name, each in MUTANTS.items() if found(each, first)[0].session is None]
    assert len(missed) <= (1 - SHARE_MIN) * len(MUTANTS), missed


@pytest.mark.nightly
def test_what_a_stream_found_shrinks_to_a_few_steps() -> None:
    shrunk = {name: _shrunk(mutant) for name, mutant in MUTANTS.items()}
    small = {name: each for name, each in shrunk.items() if each is not None}
    long = {name: len(each.judged.plan.steps) for name, each in small.items()}
    assert {name: steps for name, steps in long.items() if steps > STEPS_MAX} == {}
    assert median(each.runs for each in small.values()) <= RUNS_MEDIAN_MAX


def _shrunk(mutant: Mutant) -> Shrunk | None:
    _, judged = found(mutant, STREAMS[0])
    if judged is None:
        return None
    noticed = next(each.invariant for each in judged.findings if counts(mutant, each))
    with quiet():
        # What rests on an assumption only shows the mutant all the same.
        return shrink(
            judged.plan,
            noticed,
            lambda plan: run_plan(plan, mutant.make),
            counts=lambda each: counts(mutant, each),
        )
