"""Errors of the simulation are of one family, and name a place in the program."""

import pytest

from offhook_scenarios.sim.errors import (
    DeadlockError,
    EscapeError,
    LivelockError,
    SimulationError,
    call_site,
)


@pytest.mark.parametrize("kind", [DeadlockError, EscapeError, LivelockError])
def test_all_are_errors_of_the_simulation_and_none_is_an_os_error(kind: type[Exception]) -> None:
    assert issubclass(kind, SimulationError)
    assert not issubclass(kind, OSError), "a client that expects network trouble must not take it"


def test_a_call_site_is_a_file_a_line_and_a_function() -> None:
    place, _, function = call_site().partition(" in ")
    file, _, line = place.partition(":")
    assert file == "test_errors.py"
    assert int(line) > 1
    assert function == "test_a_call_site_is_a_file_a_line_and_a_function"
