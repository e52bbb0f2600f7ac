"""The tables of herds: 100,000 clients that begin within a second, against 1,000/s.

Measured with another program of the same models. Bounds: calls 2 %, t99 5 %, peak 15 %; whoever
never got there must not get there. Two cells are judged otherwise, each for its reason.
"""

from typing import NamedTuple

import pytest

from offhook_scenarios.backoff import vectors
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.figures import Figures, figures
from offhook_scenarios.backoff.herd import Herd
from offhook_scenarios.backoff.servers import BacklogAware, FixedWindow, Server, TokenBucket
from offhook_scenarios.backoff.waits import Decorrelated, Waits

SEED = 1
CLIENTS = 100_000
CAPACITY = 1_000


class Row(NamedTuple):
    """What was published of a policy; None where there is no figure."""

    policy: str
    calls: float
    gave_up: float
    t99: float | None
    peak: float | None


TABLES: dict[str, list[Row]] = {
    "bucket": [
        Row("fixed", 47.2, 0, 0.99, 100),
        Row("tutorial", 2.95, 0.95, None, 100),
        Row("exponential", 29.2, 0, 11.8, 100),
        Row("full-jitter", 9.1, 0, 1.02, 119),
        Row("equal-jitter", 7.6, 0, 1.04, 99),
        Row("decorrelated", 9.7, 0, 1.03, 105),
        Row("retry-after", 47.2, 0, 0.99, 100),
        Row("retry-after-jitter", 8.3, 0, 1.02, 97),
        Row("stamina", 9.2, 0.734, None, 126),
        Row("websockets", 10.4, 0, 12.3, 39),
    ],
    "window": [
        Row("retry-after", 5.5, 0, 0.9, 900),
        Row("retry-after-jitter", 5.1, 0, None, 92),
        Row("retry-after-doubled", 5.5, 0, 0.95, 28.7),
        Row("retry-after-near", 5.2, 0, None, 49),
        Row("retry-after-spread", 5.2, 0, 1.05, 26.9),
        Row("tutorial", 2.8, 0.9, None, None),
    ],
    "backlog": [
        Row("retry-after", 1.99, 0, 0.98, None),
        Row("retry-after-jitter", 1.98, 0, 0.98, 1.9),
        Row("full-jitter", 9.1, 0, 1.02, None),
        Row("retry-after-near", 1.98, 0, 1.11, None),
        Row("retry-after-spread", 1.98, 0, 1.76, None),
    ],
}
QUICK = {
    ("bucket", "tutorial"),
    ("bucket", "full-jitter"),
    ("window", "retry-after"),
    ("window", "retry-after-spread"),
    ("backlog", "retry-after-jitter"),
}
"""What every change is tested with; the rest is for the night."""


def play(table: str, name: str, clients: int = CLIENTS) -> Figures:
    capacity = CAPACITY * clients // CLIENTS
    server: Server = TokenBucket(float(capacity))
    if table == "window":
        server = FixedWindow(10 * capacity, window_s=10.0, whole_seconds=False)
    elif table == "backlog":
        server = BacklogAware(float(capacity), whole_seconds=False)
    policy = CATALOGUE[name].policy
    assert isinstance(policy, Waits | Decorrelated)
    outcome = vectors.run(Herd(clients=clients, seed=SEED), policy, server)
    return figures(outcome, server, start_within_s=1.0)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        pytest.param(
            table,
            row,
            marks=() if (table, row.policy) in QUICK else pytest.mark.nightly,
            id=f"{table}-{row.policy}",
        )
        for table, rows in TABLES.items()
        for row in rows
    ],
)
def test_a_herd_does_as_published(table: str, row: Row) -> None:
    found = play(table, row.policy)
    assert found.calls_per_client == pytest.approx(row.calls, rel=0.02)
    assert found.gave_up == pytest.approx(row.gave_up, abs=0.005)
    if row.gave_up:
        assert found.t99 is None
    elif row.policy == "websockets":
        # Its waves come every 90 s, and 99 % are reached at the end of one or of the next.
        assert found.t99 == pytest.approx(12.3, abs=0.95)
    elif row.t99 is not None:
        assert found.t99 == pytest.approx(row.t99, rel=0.05)
    if table == "backlog" and row.peak is not None:
        # How the other program estimates its queue is not known; ours spreads better.
        assert found.peak <= row.peak * 1.15
    elif row.peak is not None:
        assert found.peak == pytest.approx(row.peak, rel=0.15)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("table", "name", "early"),
    [
        ("bucket", "full-jitter", 0.24),
        ("bucket", "equal-jitter", 0.13),
        ("bucket", "decorrelated", 0.14),
        ("bucket", "stamina", 0.27),
        ("bucket", "retry-after-jitter", 0.0),
        ("window", "retry-after-near", 0.0),
        ("window", "retry-after-spread", 0.0),
        ("backlog", "full-jitter", 1.0),
    ],
)
def test_early_retries_are_as_many_as_published(table: str, name: str, early: float) -> None:
    found = play(table, name, clients=10_000)
    assert found.early == pytest.approx(early, abs=0.03)
    assert (found.early == 0.0) == (early == 0.0)


def test_whole_seconds_alone_take_most_of_the_spike_of_a_window() -> None:
    policy = CATALOGUE["retry-after"].policy
    assert isinstance(policy, Waits)
    peaks = []
    for whole in (False, True):
        server = FixedWindow(2000, window_s=10.0, whole_seconds=whole)
        outcome = vectors.run(Herd(clients=20_000, seed=SEED), policy, server)
        peaks.append(figures(outcome, server, start_within_s=1.0).peak)
    assert peaks[0] == pytest.approx(900, rel=0.01)
    assert peaks[1] < 120


@pytest.mark.nightly
def test_a_million_clients_do_as_a_hundred_thousand() -> None:
    small = play("bucket", "full-jitter")
    large = play("bucket", "full-jitter", clients=1_000_000)
    assert large.calls_per_client == pytest.approx(small.calls_per_client, rel=0.01)
    assert large.t99 == pytest.approx(small.t99, rel=0.02)
