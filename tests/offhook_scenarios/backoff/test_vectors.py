"""The numpy engine is the other one, only faster: to the last bit."""

import numpy as np
import pytest

from offhook_scenarios.backoff import one_by_one, vectors
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.herd import Herd
from offhook_scenarios.backoff.servers import (
    BacklogAware,
    FixedWindow,
    Outage,
    Server,
    TokenBucket,
)
from offhook_scenarios.backoff.streams import Stream
from offhook_scenarios.backoff.waits import Decorrelated, Waits


def servers() -> dict[str, Server]:
    return {
        "bucket": TokenBucket(8.0),
        "silent": TokenBucket(8.0, retry_after_s=None),
        "window": FixedWindow(80, window_s=10.0),
        "exact window": FixedWindow(80, window_s=10.0, whole_seconds=False),
        "backlog": BacklogAware(8.0),
        "exact backlog": BacklogAware(8.0, whole_seconds=False),
        "outage": Outage(TokenBucket(8.0), length_s=3.0),
        "outage, window": Outage(FixedWindow(80, window_s=10.0), length_s=3.33),
    }


@pytest.mark.parametrize("server", servers())
@pytest.mark.parametrize("name", CATALOGUE)
def test_both_engines_agree_on_every_client(name: str, server: str) -> None:
    policy = CATALOGUE[name].policy
    assert isinstance(policy, Waits | Decorrelated)
    herd = Herd(clients=80, seed=7)
    exact = one_by_one.run(herd, policy, servers()[server])
    assert vectors.run(herd, policy, servers()[server]) == exact


def test_both_engines_agree_on_a_flood() -> None:
    herd, policy = Herd(clients=20), Waits(steps=((0.0, 0.0),))
    exact = one_by_one.run(herd, policy, TokenBucket(0.01, burst=1))
    assert exact.ended is not None
    assert vectors.run(herd, policy, TokenBucket(0.01, burst=1)) == exact


def test_draws_are_those_of_the_streams() -> None:
    clients, attempts = np.array([0, 1, 99, 15_999_999]), np.array([1, 2, 3, 1_000_000])
    stream, found = Stream(3), []
    for client, attempt in zip(clients.tolist(), attempts.tolist(), strict=True):
        stream.aim(client, attempt)
        found.append(stream.random())
    assert vectors.draws(3, clients, attempts).tolist() == found


def test_progress_is_told_from_nothing_to_all() -> None:
    told: list[float] = []
    policy = CATALOGUE["fixed"].policy
    assert isinstance(policy, Waits)
    vectors.run(Herd(clients=50), policy, TokenBucket(25.0), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
