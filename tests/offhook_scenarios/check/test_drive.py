"""Driving: the same whatever the number of processes, and sums that are right."""

import logging

import pytest

from offhook_scenarios.check.drive import CHUNK, Tally, drive, play_seeds, quiet
from offhook_scenarios.plan.judgement import Finding, Invariant, Judged
from offhook_scenarios.plan.plan import Plan


def judged(seed: int, *broken: Invariant, converged_s: float = 1.0, **more: object) -> Judged:
    findings = tuple(Finding(invariant=each, desk="desk 1", words="") for each in broken)
    fields = {"digest": str(seed), "elapsed_s": 100.0, "converged_s": (converged_s,), **more}
    return Judged(plan=Plan(seed=seed), findings=findings, **fields)  # type: ignore[arg-type]  # - fields by name.


def test_processes_change_nothing_but_the_order() -> None:
    seeds = range(1, CHUNK + 4)
    alone = list(drive("reference", seeds, jobs=1))
    assert [each.plan.seed for each in alone] == list(seeds)
    together = sorted(drive("reference", seeds, jobs=2), key=lambda each: each.plan.seed)
    assert together == alone


def test_a_seed_alone_is_the_same_as_among_others() -> None:
    assert play_seeds("naive", [3]) == play_seeds("naive", [2, 3])[1:]


def test_nothing_is_logged_meanwhile(caplog: pytest.LogCaptureFixture) -> None:
    with quiet():
        logging.getLogger("websockets").error("keepalive ping failed")
    logging.getLogger("websockets").error("told")
    assert [record.message for record in caplog.records] == ["told"]


def test_a_tally_adds_up() -> None:
    tally = Tally(budget_s=2)
    tally.add(judged(9, Invariant.I1, Invariant.I2, exposed_s=3.0, bites={"cut": 0, "429": 1}))
    tally.add(judged(7, Invariant.I1, Invariant.I1, bites={"429": 2}))
    tally.add(judged(8))
    assert (tally.sessions, tally.failed, tally.virtual_s) == (3, 2, 300.0)
    assert tally.broken == {"I1": 2, "I2": 1}
    assert tally.first is not None
    assert tally.first.plan.seed == 7
    assert (tally.exposed_s, tally.over_budget) == (3.0, 1)
    assert tally.never_bit == ["cut"]


def test_the_spread_is_of_all_desks_and_checkpoints() -> None:
    tally = Tally(budget_s=2)
    assert tally.converged() is None
    for number in range(100):
        tally.add(judged(number, converged_s=float(number)))
    spread = tally.converged()
    assert spread is not None
    assert (spread.p50, spread.p99, spread.max) == (50, 99, 99)
