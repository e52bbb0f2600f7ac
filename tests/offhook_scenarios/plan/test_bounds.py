"""Bounds: computed, and growing with what the plan does."""

import msgspec
import pytest

from offhook.faults.kinds import (
    Fault as FaultKind,
)
from offhook.faults.kinds import (
    PushDelayFault,
    PushDropFault,
    PushHoldFault,
    ReplyFault,
)
from offhook.faults.rule import RuleSpec
from offhook_client.options import DEFAULT
from offhook_scenarios.plan.bounds import SLACK_S, bounds
from offhook_scenarios.plan.plan import Fault, Plan, Weather

STILL = Plan(weather=Weather(latency_s=0, jitter_s=0))


def with_fault(kind: FaultKind, *, times: int | None = 1) -> Plan:
    step = Fault(at_s=1, rule=RuleSpec(fault=kind, times=times), lasts_s=5)
    return msgspec.structs.replace(STILL, steps=(step,))


def test_without_trouble_a_dead_link_is_what_takes_longest_to_see() -> None:
    assert bounds(STILL).exposure_s == 5 + 3 + 1 + SLACK_S


def test_a_more_patient_client_may_be_wrong_for_longer() -> None:
    patient = msgspec.structs.replace(DEFAULT, ping_interval_s=20.0)
    assert bounds(STILL, patient).exposure_s == bounds(STILL).exposure_s + 15


def test_convergence_takes_the_longest_of_every_wait() -> None:
    assert bounds(STILL).convergence_s == 12 + 30 + 20 + 2 * (5 + 4) + 10 + 0.2 + SLACK_S


@pytest.mark.parametrize(
    ("kind", "exposure_s", "convergence_s"),
    [
        (PushDelayFault(delay_s=4), 4, 4),
        (PushHoldFault(delay_s=3), 3, 3),
        (PushHoldFault(frames=3), 0, 0),
        (PushDropFault(), 1, 0),
        (ReplyFault(status=429, retry_after_s=30), 0, 36),
    ],
)
def test_trouble_excuses_what_it_causes(
    kind: FaultKind, exposure_s: float, convergence_s: float
) -> None:
    plain, troubled = bounds(STILL), bounds(with_fault(kind))
    assert troubled.exposure_s - plain.exposure_s == pytest.approx(exposure_s)
    assert troubled.convergence_s - plain.convergence_s == pytest.approx(convergence_s)


def test_more_lost_events_take_more_heartbeats() -> None:
    lost = bounds(with_fault(PushDropFault(), times=3)).exposure_s
    assert lost == 5 * 4 + SLACK_S


def test_a_heartbeat_that_comes_rarely_excuses_more() -> None:
    plan = msgspec.structs.replace(STILL, policies={"heartbeat_s": 30})
    assert bounds(plan).exposure_s == 30 + SLACK_S
