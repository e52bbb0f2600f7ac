"""Trust: the reference client holds in thousands of generated sessions, and no trouble is idle."""

import pytest

from offhook_scenarios.check.drive import drive
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.check.tally import Tally
from offhook_scenarios.drivers.executors import workers

CHUNK = 50
"""Seeds of one test, so that they can be spread over processors."""


def tally_of(seeds: range) -> Tally:
    """Of the reference client."""
    setup = Setup(client="reference")
    tally = Tally(budget_s=2, counts=setup.counts)
    with workers(1) as here:
        for judged in drive(setup, seeds, here):
            tally.add(judged)
            told = [f"{each.invariant} {each.desk}: {each.words}" for each in setup.broken(judged)]
            assert not told, f"seed {judged.plan.seed}: {told}"
    return tally


@pytest.mark.parametrize("first", range(1, 2_001, CHUNK))
def test_the_reference_client_holds_in_two_thousand_sessions(first: int) -> None:
    tally = tally_of(range(first, first + CHUNK))
    assert (tally.sessions, tally.failed) == (CHUNK, 0)
    assert tally.exposed_s == 0.0


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(2_001, 12_001, CHUNK))
def test_and_in_ten_thousand_more(first: int) -> None:
    tally_of(range(first, first + CHUNK))


@pytest.mark.nightly
def test_every_kind_of_trouble_that_is_drawn_bites_in_a_thousand_sessions() -> None:
    # No session that is drawn reloads a page: the reference client is none, and has no storage.
    assert tally_of(range(20_001, 21_001)).never_bit == ["reload"]
