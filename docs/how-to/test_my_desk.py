"""Three ways to put a client through generated trouble in one's own pytest.

The client here is the reference one. Put your own adapter in its place.
"""

import pytest
from hypothesis import given, settings

from offhook_scenarios import Adapter, Plan, assert_holds, generate
from offhook_scenarios.adapters.reference import ReferenceDesk
from offhook_scenarios.drivers.machine import DeskMachine
from offhook_scenarios.drivers.strategies import plans


def make(seed: int) -> Adapter:
    """A client that has not been started; the seed is for its jitter."""
    return ReferenceDesk(seed=seed)


@pytest.mark.parametrize("seed", range(5))
def test_it_holds_in_generated_sessions(seed: int) -> None:
    assert_holds(generate(seed), make)


@given(plan=plans())
@settings(max_examples=10, deadline=None)
def test_it_holds_in_whatever_hypothesis_thinks_of(plan: Plan) -> None:
    assert_holds(plan, make, shorten=False)  # Hypothesis shortens what fails.


class MyDesk(DeskMachine):
    """Steps through one live session, and looks after each step."""

    def make_client(self, seed: int) -> Adapter:
        """The same client."""
        return make(seed)


TestMyDesk = MyDesk.TestCase
TestMyDesk.settings = settings(max_examples=5, stateful_step_count=10, deadline=None)
