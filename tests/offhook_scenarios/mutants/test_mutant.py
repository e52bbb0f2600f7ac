"""The adapter of mutants: the reference desk, until a patch or a page changes it."""

import asyncio

from msgspec.structs import replace

from offhook_scenarios.adapters.adapter import Belief, Shown
from offhook_scenarios.adapters.reference import ReferenceDesk
from offhook_scenarios.check.setup import quiet
from offhook_scenarios.mutants.mutant import Mutant, MutantDesk
from offhook_scenarios.mutants.steps import cut, mute, plan
from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.plan.judgement import run_plan

PLAN = plan(mute(1), cut(3))


def bugless(page: type[MutantDesk] = MutantDesk) -> Mutant:
    return Mutant(
        name="none",
        bug="nothing is wrong",
        ports="nowhere",
        page=page,
        caught_by=(Invariant.I0,),
        plan=PLAN,
    )


def test_without_a_bug_every_byte_is_that_of_the_reference() -> None:
    with quiet():
        mutant = run_plan(PLAN, bugless().make)
        reference = run_plan(PLAN, lambda seed: ReferenceDesk(seed=seed))
    assert not mutant.findings
    assert mutant.digest == reference.digest


def test_a_page_paints_what_is_seen_and_its_tasks_end_with_it() -> None:
    tasks: list[asyncio.Task[None]] = []

    class Painted(MutantDesk):
        def paint(self, belief: Belief) -> Belief:
            if not tasks:
                self.run(asyncio.sleep(1e6))
                tasks.extend(self._own)
            return replace(belief, shown=Shown.UNKNOWN)

    with quiet():
        judged = run_plan(PLAN, bugless(Painted).make)
    assert Invariant.I1 in {finding.invariant for finding in judged.findings}
    assert all(task.cancelled() for task in tasks)


def test_it_is_called_by_its_name() -> None:
    assert bugless().make(1).name == "mutant:none"
