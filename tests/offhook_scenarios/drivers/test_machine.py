"""The state machine: it finds what is wrong, tells it, and lets the reference pass."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from offhook_scenarios.adapters.adapter import Adapter
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.adapters.reference import ReferenceDesk
from offhook_scenarios.drivers.machine import DeskMachine
from offhook_scenarios.mutants.registry import MUTANTS

SETTINGS = settings(
    max_examples=25,
    stateful_step_count=10,
    phases=[Phase.generate],
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class Reference(DeskMachine):
    """The reference client."""

    def make_client(self, seed: int) -> Adapter:
        return ReferenceDesk(seed=seed)


class Naive(DeskMachine):
    """What the tutorial does."""

    def make_client(self, seed: int) -> Adapter:  # noqa: ARG002 - it draws nothing.
        return NaiveDesk()


class Mutant(DeskMachine):
    """The reference client that shows what is old as if it were certain."""

    def make_client(self, seed: int) -> Adapter:
        return MUTANTS["show_stale"].make(seed)


def test_the_reference_desk_holds() -> None:
    run_state_machine_as_test(Reference, settings=settings(SETTINGS, max_examples=12))


@pytest.mark.parametrize("machine", [Naive, Mutant])
def test_a_client_that_is_wrong_is_found_out(machine: type[DeskMachine]) -> None:
    with pytest.raises(AssertionError, match=r"^I\d+ breaks: ") as caught:
        run_state_machine_as_test(machine, settings=SETTINGS)
    told = str(caught.value)
    assert "Likely cause: " in told
    assert "The plan: {" in told


def test_one_that_does_not_say_which_client_is_told_what_to_override() -> None:
    with pytest.raises(TypeError, match="DeskMachine must say which client it is about"):
        run_state_machine_as_test(DeskMachine, settings=settings(SETTINGS, max_examples=1))
