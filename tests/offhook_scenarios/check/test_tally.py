"""Sums, in any order, in bounded memory."""

from itertools import permutations

from offhook_scenarios.check.tally import Tally, Unjudged
from offhook_scenarios.faults.catalogue import KINDS
from offhook_scenarios.oracles.excuses import Excused
from offhook_scenarios.plan.judgement import Finding, Invariant, Judged
from offhook_scenarios.plan.plan import Cut, Plan


def judged(seed: int, *broken: Invariant, steps: int = 0, **more: object) -> Judged:
    findings = tuple(Finding(invariant=each, desk="desk 1", words="") for each in broken)
    plan = Plan(seed=seed, steps=(Cut(at_s=1),) * steps)
    fields = {"digest": str(seed), "elapsed_s": 100.0, **more}
    return Judged(plan=plan, findings=findings, **fields)  # type: ignore[arg-type]  # - fields by name.


def tally(*all_judged: Judged) -> Tally:
    made = Tally(budget_s=2, counts=lambda each: each.invariant is not Invariant.I10)
    for each in all_judged:
        made.add(each)
    return made


def test_it_adds_up() -> None:
    sums = tally(
        judged(9, Invariant.I1, Invariant.I2, exposed_s=3.0, bites={"cut": 0, "429": 1}),
        judged(7, Invariant.I1, Invariant.I1, bites={"429": 2}),
        judged(8, Invariant.I10),
    )
    assert (sums.sessions, sums.failed, sums.virtual_s) == (3, 2, 300.0)
    assert sums.broken == {"I1": 2, "I2": 1}
    assert sums.advised == {"I10": 1}
    assert (sums.exposed_s, sums.over_budget) == (3.0, 1)
    assert sums.never_bit == sorted(set(KINDS) - {"429"})


def test_what_one_session_could_not_judge_another_may_have_judged() -> None:
    none, unnamed = "versions: the server tells none", "named versions: no belief names one"
    sums = tally(
        judged(1, not_judged={Invariant.I4: none}),
        *(judged(seed, not_judged={Invariant.I4: unnamed}) for seed in (2, 3)),
        judged(4),
    )
    assert sums.not_judged == {"I4": Unjudged(why=unnamed, sessions=3)}


def test_what_is_excused_is_counted_by_invariant_and_reason() -> None:
    lost = Finding(invariant=Invariant.I14, desk="desk 1", words="")
    row = Excused(finding=lost, policy="versions=False", reason="it was lost")
    unversioned = judged(1, excused=(row, row))
    sums = tally(unversioned, unversioned, judged(2))
    assert sums.excused == {("I14", "versions=False", "it was lost"): 2}
    assert (sums.failed, sums.broken, sums.advised) == (0, {}, {})


def test_of_each_invariant_the_shortest_session_is_kept_whatever_the_order() -> None:
    sessions = [
        judged(9, Invariant.I1, steps=2),
        judged(7, Invariant.I1, Invariant.I2, steps=3),
        judged(5, Invariant.I2, steps=3),
        judged(11, Invariant.I1, steps=2),
        judged(1),
    ]
    for order in permutations(sessions):
        kept = {key.value: each.plan.seed for key, each in tally(*order).candidates.items()}
        assert kept == {"I1": 9, "I2": 5}


def test_the_spread_is_of_all_desks_and_checkpoints() -> None:
    assert tally().converged() is None
    spread = tally(*(judged(n, converged_s=(float(n), n + 0.004)) for n in range(100))).converged()
    assert spread is not None
    assert (spread.p50, spread.p99, spread.max) == (50, 99, 99)


def test_memory_is_bounded_however_many_sessions_there_are() -> None:
    sums = tally(*(judged(n, converged_s=(n / 7_000,)) for n in range(2_000)))
    assert len(sums._converged) < 40
