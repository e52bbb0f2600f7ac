"""Every kind of trouble makes a step that can be played, and its details differ."""

import pytest

from offhook_scenarios.faults.catalogue import kind_of
from offhook_scenarios.plan.kinds import KINDS
from offhook_scenarios.plan.plan import Plan, Wire, check_plan
from offhook_scenarios.plan.wire import Action
from offhook_scenarios.sim.seeds import Seeds


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_alone_makes_a_valid_step(kind: str) -> None:
    rng = Seeds(1).stream(kind)
    for _ in range(20):
        check_plan(Plan(desks=2, steps=(KINDS[kind](rng, 1.0, 2),)))


def test_whatever_may_befall_bytes_is_a_kind_of_its_own() -> None:
    rng = Seeds(1).stream("wire")
    steps = {name: draw(rng, 1.0, 1) for name, draw in KINDS.items() if name.startswith("wire ")}
    assert {type(step.action) for step in steps.values() if isinstance(step, Wire)} == set(
        Action.__args__
    )
    assert all(kind_of(step) == name for name, step in steps.items())
