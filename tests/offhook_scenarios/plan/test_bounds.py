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
from offhook_scenarios.adapters.adapter import Restart
from offhook_scenarios.plan.bounds import PROMPT_S, SLACK_S, bounds
from offhook_scenarios.plan.plan import Client, Fault, Plan, Slow, Step, Weather, Wire
from offhook_scenarios.plan.wire import Delay, Drop, Hold, Lose

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
        (ReplyFault(status=429, retry_after_text="30"), 0, 36),
        (ReplyFault(status=429, retry_after_text="Thu, 01 Jan 2026 00:10:00 GMT"), 0, 720),
        (ReplyFault(status=429, retry_after_text="Wed, 31 Dec 2025 23:10:00 GMT"), 0, 0),
        (ReplyFault(status=429, retry_after_text="soon"), 0, 0),
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


@pytest.mark.parametrize(
    ("step", "exposure_s"),
    [
        # Whatever comes is lost, heartbeats too: who notices the silence has done well.
        (Fault(at_s=1, rule=RuleSpec(fault=PushDropFault(), times=None), lasts_s=60), 3),
        (Wire(at_s=1, action=Drop(), times=None, lasts_s=60), 3),
        # What waits behind what waits.
        (Fault(at_s=1, rule=RuleSpec(fault=PushDelayFault(delay_s=3), times=None), lasts_s=60), 60),
        (Wire(at_s=1, action=Delay(delay_s=3), times=None, lasts_s=60), 60),
        (Wire(at_s=1, action=Delay(delay_s=3), times=None, lasts_s=1), 3),
        (Wire(at_s=1, action=Lose(), times=None, lasts_s=60), 0),
    ],
)
def test_what_befalls_all_that_comes_excuses_more_than_what_befalls_one(
    step: Step, exposure_s: float
) -> None:
    troubled = bounds(msgspec.structs.replace(STILL, steps=(step,)))
    assert troubled.exposure_s - bounds(STILL).exposure_s == pytest.approx(exposure_s)


def test_a_heartbeat_that_comes_rarely_excuses_more() -> None:
    plan = msgspec.structs.replace(STILL, policies={"heartbeat_s": 30})
    assert bounds(plan).exposure_s == 30 + SLACK_S


@pytest.mark.parametrize(
    ("step", "exposure_s"),
    [
        (Slow(at_s=1, latency_s=2, jitter_s=1, lasts_s=9), 6),
        (Wire(at_s=1, action=Delay(delay_s=3), times=2, lasts_s=9), 6),
        (Wire(at_s=1, action=Drop(), times=1, lasts_s=9), 1),
        (Wire(at_s=1, action=Hold(), lasts_s=9), 3),
        (Client(at_s=1, restart=Restart.SLEEP, lasts_s=30), 30),
        (Client(at_s=1, restart=Restart.RELOAD, lasts_s=30), 0),
    ],
)
def test_what_befalls_bytes_excuses_what_it_causes(step: Step, exposure_s: float) -> None:
    troubled = bounds(msgspec.structs.replace(STILL, steps=(step,)))
    assert troubled.exposure_s - bounds(STILL).exposure_s == pytest.approx(exposure_s)


@pytest.mark.parametrize(
    ("policies", "exposure_s", "convergence_s", "prompt_s"),
    [
        ({"event_timing": "event-late", "event_lag_s": 4}, 4, 4, 4),
        ({"event_lag_s": 4}, 0, 0, 0),
        ({"expired_socket": "silent"}, 3, 0, 0),
        ({"rate_per_token": 5, "rate_window_s": 30}, 0, 36, 0),
        ({"drop_grace_s": 20}, 0, 10, 0),
    ],
)
def test_policies_excuse_what_they_cause(
    policies: dict[str, object], exposure_s: float, convergence_s: float, prompt_s: float
) -> None:
    plain, other = bounds(STILL), bounds(msgspec.structs.replace(STILL, policies=policies))
    assert other.exposure_s - plain.exposure_s == pytest.approx(exposure_s)
    assert other.convergence_s - plain.convergence_s == pytest.approx(convergence_s)
    assert other.prompt_s - plain.prompt_s == pytest.approx(prompt_s)


def test_a_healthy_client_has_as_long_as_a_person_waits_and_the_weather_takes() -> None:
    assert bounds(STILL).prompt_s == PROMPT_S
    slow = msgspec.structs.replace(STILL, weather=Weather(latency_s=0.5, jitter_s=0.5))
    assert bounds(slow).prompt_s == PROMPT_S + 8


def test_a_press_ends_within_the_deadline_that_the_client_declares() -> None:
    patient = msgspec.structs.replace(DEFAULT, interactive_deadline_s=20.0)
    assert bounds(STILL, patient).command_s == 20 + SLACK_S
