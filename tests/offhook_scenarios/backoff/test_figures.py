"""From a run to its figures, on runs that are written by hand."""

from math import inf, sin

import msgspec
import pytest

from offhook_scenarios.backoff.figures import figures
from offhook_scenarios.backoff.herd import Each, Outcome
from offhook_scenarios.backoff.servers import Outage, TokenBucket

SERVER = TokenBucket(2.0)
EACH = Each(started_at=[0.0, 0.0, 0.0, 0.0], served_at=[0.5, 1.0, 4.0, inf], calls=[1, 2, 3, 3])
RUN = Outcome(
    clients=4,
    arrivals=[4.0, 2.0, *[0.0] * 28, 1.0, 2.0, *[0.0] * 10],
    served=[0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, *[0] * 29, 1],
    total_calls=9,
    gave_up=1,
    told=4,
    early=1,
    ended=None,
    each=EACH,
)


def test_the_figures_of_four_clients() -> None:
    found = figures(RUN, SERVER, start_within_s=1.0)
    assert found.ideal_s == 2.0
    assert found.calls_per_client == 2.25
    assert found.calls_per_success == 3.0
    assert found.calls_p99 == 3
    assert found.gave_up == 0.25
    assert (found.t50, found.t99, found.t100) == (0.5, None, None)
    assert (found.first_peak, found.peak) == (20.0, 10.0)
    assert found.early == 0.25
    assert found.fairness == pytest.approx(5.5**2 / (3 * (0.25 + 1 + 16)))
    assert found.slow_to_median == 4.0


def test_an_outage_is_not_counted_as_the_policys() -> None:
    found = figures(RUN, Outage(SERVER, length_s=0.5), start_within_s=0.2)
    assert found.t50 == 0.25
    assert (found.first_peak, found.peak) == (20.0, 10.0)


def test_nobody_served_has_no_calls_per_success() -> None:
    each = msgspec.structs.replace(EACH, served_at=[inf] * 4)
    run = msgspec.structs.replace(RUN, each=each, served=[0.0] * 40, told=0)
    found = figures(run, SERVER, start_within_s=1.0)
    assert (found.calls_per_success, found.t50, found.early, found.fairness) == (None,) * 4


def test_of_a_fluid_times_are_read_between_the_tenths() -> None:
    run = msgspec.structs.replace(RUN, each=None, served=[1.0] * 4, gave_up=0.0)
    found = figures(run, SERVER, start_within_s=1.0)
    assert found.t50 == pytest.approx(0.15 / 2.0)
    assert found.t100 == pytest.approx(0.35 / 2.0)
    assert (found.fairness, found.calls_p99) == (None, None)


def waves(counts: list[float]) -> tuple[float, float | None, float | None]:
    run = msgspec.structs.replace(RUN, arrivals=[0.0] * 10 + counts)
    found = figures(run, SERVER, start_within_s=1.0)
    return found.dispersion, found.period_s, found.resemblance


def test_waves_are_seen_with_their_period() -> None:
    dispersion, period_s, resemblance = waves([100 + 90 * sin(n / 20 * 6.2832) for n in range(600)])
    assert dispersion > 30
    assert period_s == 2.0
    assert resemblance is not None
    assert resemblance > 0.9


def test_an_even_stream_and_a_slow_trend_have_no_waves() -> None:
    assert waves([50.0] * 300) == (0.0, None, None)
    dispersion, _, _ = waves([1000.0 - n for n in range(900)])
    assert dispersion < 0.01
    assert waves([5.0] * 20) == (1.0, None, None)
