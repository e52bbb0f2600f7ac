"""Trust: the reference client holds in thousands of generated sessions, and no trouble is idle."""

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from offhook_scenarios.check.drive import drive
from offhook_scenarios.check.setup import Setup, What
from offhook_scenarios.check.tally import Tally
from offhook_scenarios.drivers.executors import workers
from offhook_scenarios.plan.swarm import POLICIES, generate

CHUNK = 50
"""Seeds of one test, so that they can be spread over processors."""


def tally_of(whats: Iterable[What]) -> Tally:
    """Of the reference client, judged by what is assumed of the platform too."""
    setup = Setup(client="reference", strict=True)
    tally = Tally(budget_s=2, counts=setup.counts)
    with workers(1) as here:
        for judged in drive(setup, whats, here):
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
@pytest.mark.parametrize("first", range(30_001, 30_501, CHUNK))
@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_and_under_each_policy(policy: str, first: int) -> None:
    """The swarm draws each of them in one plan of seventy."""
    plans = map(generate, range(first, first + CHUNK))
    tally_of(replace(plan, policies=dict(POLICIES[policy])) for plan in plans)


@pytest.mark.nightly
def test_every_kind_of_trouble_that_is_drawn_bites_in_a_thousand_sessions() -> None:
    # No session that is drawn reloads a page: the reference client is none, and has no storage.
    assert tally_of(range(20_001, 21_001)).never_bit == ["reload"]
