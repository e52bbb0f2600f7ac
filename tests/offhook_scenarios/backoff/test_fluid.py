"""The fluid has the means of the herd."""

import numpy as np
import pytest

from offhook_scenarios.backoff import fluid, vectors
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.figures import figures
from offhook_scenarios.backoff.herd import FLOOD, Herd
from offhook_scenarios.backoff.servers import (
    BacklogAware,
    FixedWindow,
    Outage,
    Server,
    TokenBucket,
)
from offhook_scenarios.backoff.waits import Waits

HERD = Herd(clients=10_000)


def named(name: str) -> Waits:
    policy = CATALOGUE[name].policy
    assert isinstance(policy, Waits)
    return policy


def server(kind: str) -> Server:
    if kind == "window":
        return FixedWindow(1000, window_s=10.0, whole_seconds=False)
    bucket = TokenBucket(100.0)
    return Outage(bucket, length_s=20.0) if kind == "outage" else bucket


@pytest.mark.parametrize("kind", ["bucket", "window", "outage"])
@pytest.mark.parametrize(
    "name",
    [
        "full-jitter",
        "retry-after-spread",
        "stamina",
        "offhook",
        "tutorial",
    ],
)
def test_the_fluid_agrees_with_ten_thousand_clients(name: str, kind: str) -> None:
    policy = named(name)
    exact = figures(vectors.run(HERD, policy, server(kind)), server(kind), start_within_s=1.0)
    mean = figures(fluid.run(HERD, policy, server(kind)), server(kind), start_within_s=1.0)
    assert mean.calls_per_client == pytest.approx(exact.calls_per_client, rel=0.02)
    assert mean.gave_up == pytest.approx(exact.gave_up, abs=0.01)
    assert (mean.t99 is None) == (exact.t99 is None)
    if exact.t99 is not None:
        assert mean.t99 == pytest.approx(exact.t99, rel=0.02)
    noise = 4 * (mean.peak / 10) ** 0.5  # Ten are served in a tenth of a second.
    assert mean.peak == pytest.approx(exact.peak, rel=0.05, abs=noise)
    if exact.early is not None:
        assert mean.early == pytest.approx(exact.early, abs=0.02)


def test_nothing_is_lost() -> None:
    outcome = fluid.run(HERD, named("full-jitter"), TokenBucket(100.0))
    assert sum(outcome.served) == pytest.approx(10_000, abs=1)
    assert sum(outcome.arrivals) == pytest.approx(outcome.total_calls)
    assert outcome.each is None
    given_up = fluid.run(HERD, named("stamina"), TokenBucket(100.0))
    assert sum(given_up.served) + given_up.gave_up == pytest.approx(10_000, abs=1)


def test_size_costs_nothing_and_changes_nothing() -> None:
    small = fluid.run(Herd(clients=10**4), named("full-jitter"), TokenBucket(10**2))
    large = fluid.run(Herd(clients=10**8), named("full-jitter"), TokenBucket(10**6))
    assert large.total_calls / 10**8 == pytest.approx(small.total_calls / 10**4, rel=1e-3)


def test_a_flood_is_ended_and_told() -> None:
    outcome = fluid.run(Herd(clients=20), Waits(steps=((0.0, 0.0),)), TokenBucket(0.01, burst=1))
    assert outcome.ended == f"a flood: more than {FLOOD} calls for each client"


def test_a_server_that_makes_promises_is_beyond_it() -> None:
    with pytest.raises(fluid.NoFluidError, match="has no BacklogAware: take another engine"):
        fluid.run(HERD, named("full-jitter"), BacklogAware(100.0))


def test_mass_arrives_between_its_borders() -> None:
    flow = fluid.Flow(np.zeros(1), np.zeros((1, 16)), np.zeros((1, 16)))
    flow.send(np.array([0]), np.array([8.0]), np.array([2.5]), np.array([4.5]))
    flow.send(np.array([0]), np.array([1.0]), np.array([6.25]), np.array([6.25]))
    found = [float(flow.arrive(tick)[0]) for tick in range(10)]
    assert found == pytest.approx([0, 0, 2, 4, 2, 0, 0.75, 0.25, 0, 0])
