"""How long a client may be wrong, and how long it may take to be right again.

Computed from the constants that the client declares, from the server's heartbeat, and from what
the plan does: never a number that happened to fit.
"""

import msgspec

from offhook.faults.kinds import (
    DelayFault,
    PushCloseFault,
    PushDelayFault,
    PushDropFault,
    PushGarbleFault,
    PushHoldFault,
    PushStallFault,
    ReplyFault,
)
from offhook.policies import EventTiming, ExpiredSocket, Policies
from offhook_client.options import DEFAULT, Options
from offhook_client.retry import read_retry_after
from offhook_scenarios.adapters.adapter import Restart
from offhook_scenarios.plan.plan import Client, Fault, Plan, Slow, Step, Wire
from offhook_scenarios.plan.wire import Action, Delay, Drip, Drop, Hold
from offhook_scenarios.sim.entropy import EPOCH

SLACK_S = 0.5
"""For the turns of both loops."""
PROMPT_S = 3.0
"""What a person may ask of a healthy client on a healthy network; a demand, and no measurement."""
RATES = (
    "rate_per_token",
    "rate_per_user_and_client",
    "rate_per_user",
    "rate_per_operation",
    "rate_window_s",
    "retry_after_constant_s",
)
"""Policies that make the server itself answer 429."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """All in seconds."""

    exposure_s: float
    """The longest that a screen may say what is not so: detection, lag, round trip."""
    convergence_s: float
    """From the end of all trouble until the screen is right, and says so, for good."""
    dead_link_s: float = DEFAULT.ping_interval_s + DEFAULT.ping_timeout_s + DEFAULT.close_timeout_s
    """I + T + close: until a connection that went dead is let go of."""
    prompt_s: float = PROMPT_S
    """For a press, or for coming back after a clean drop, when nothing is wrong."""
    command_s: float = DEFAULT.interactive_deadline_s + SLACK_S
    """For a press to end, whatever is wrong."""


def declared(adapter: object) -> Options:
    """The constants that a client's adapter declares as `options`; else the reference's.

    Raises `TypeError` for others.
    """
    options = getattr(adapter, "options", DEFAULT)
    if not isinstance(options, Options):
        raise TypeError(f"its options are {options!r}, which are no offhook_client.options.Options")
    return options


def bounds(plan: Plan, options: Options = DEFAULT) -> Bounds:
    """Of a client with these constants in this plan."""
    policies = Policies().changed(plan.policies)
    lag_s = _lag_s(plan, policies)
    wait_s = _longest_wait_s(plan, policies) * (1 + options.spread)
    weather_s = 2 * (plan.weather.latency_s + plan.weather.jitter_s)
    round_trip_s = weather_s + max(
        (2 * (step.latency_s + step.jitter_s) for step in plan.steps if isinstance(step, Slow)),
        default=0.0,
    )
    dead_link_s = options.ping_interval_s + options.ping_timeout_s + options.close_timeout_s
    unheard_s = policies.heartbeat_s * (1 + _lost(plan))
    seen_s = max(
        dead_link_s, unheard_s, options.silence_s if _may_fall_silent(plan, policies) else 0
    )
    asleep_s = sum(
        step.lasts_s
        for step in plan.steps
        if isinstance(step, Client) and step.restart is Restart.SLEEP
    )
    return Bounds(
        exposure_s=seen_s + lag_s + round_trip_s + asleep_s + SLACK_S,
        convergence_s=(
            max(dead_link_s, options.silence_s)
            + options.reconnect_cap_s
            + options.backoff_cap_s
            + wait_s
            + 2 * (options.open_timeout_s + options.request_timeout_s)
            + lag_s
            + policies.drop_grace_s
            + policies.connect_delay_s
            + SLACK_S
        ),
        dead_link_s=dead_link_s,
        prompt_s=PROMPT_S + 4 * weather_s + _event_lag_s(policies) + _reconnecting_s(policies),
        command_s=options.interactive_deadline_s + SLACK_S,
    )


def _lag_s(plan: Plan, policies: Policies) -> float:
    """For how long all that delays news may keep it from arriving, one after the other."""
    total = _event_lag_s(policies)
    for step in plan.steps:
        if isinstance(step, Fault):
            total += _altogether_s(_fault_lag_s(step.rule.fault), step.rule.times, step.lasts_s)
        elif isinstance(step, Wire):
            total += _altogether_s(_wire_lag_s(step.action), step.times, step.lasts_s)
    return total


def _altogether_s(lag_s: float, times: int | None, lasts_s: float) -> float:
    """Of what delays so often, or each time while it lasts: then what waits may add up."""
    if times is None:
        return max(lag_s, lasts_s) if lag_s else 0.0
    return lag_s * times


def _event_lag_s(policies: Policies) -> float:
    return policies.event_lag_s if policies.event_timing is EventTiming.EVENT_LATE else 0.0


def _reconnecting_s(policies: Policies) -> float:
    """A device that is disconnected at once must become connected anew."""
    return policies.connect_delay_s if policies.drop_grace_s < PROMPT_S else 0.0


def _fault_lag_s(kind: object) -> float:
    match kind:
        case PushDelayFault(delay_s=delay_s) | DelayFault(delay_s=delay_s):
            return delay_s
        case PushHoldFault(delay_s=delay_s):
            return delay_s or 0.0
    return 0.0


def _wire_lag_s(action: Action) -> float:
    match action:
        case Delay(delay_s=delay_s):
            return delay_s
        case Drip(size=size, gap_s=gap_s):
            # An answer or a few frames: as long as a segment of a kilobyte takes.
            return gap_s * (1024 / size)
    return 0.0


def _lost(plan: Plan) -> int:
    """How many events may be lost, each of which the next heartbeat tells of."""
    total = 0
    for step in plan.steps:
        if isinstance(step, Fault):
            if isinstance(step.rule.fault, PushDropFault | PushGarbleFault | PushCloseFault):
                total += step.rule.times or 1
        elif isinstance(step, Wire) and isinstance(step.action, Drop):
            total += step.times or 1
    return total


def _longest_wait_s(plan: Plan, policies: Policies) -> float:
    """The longest `Retry-After` that the client may have been given: one, for rates end with it."""
    waits = [0.0]
    for step in plan.steps:
        if isinstance(step, Fault) and isinstance(step.rule.fault, ReplyFault):
            waits.append(step.rule.fault.retry_after_s or 0)
            # A date is the farther off the sooner it is told: at the earliest as time begins.
            text = step.rule.fault.retry_after_text
            waits.append(read_retry_after(text, date=None, now=EPOCH) or 0.0)
    if any(name in plan.policies for name in RATES):
        waits.append(max(policies.rate_window_s, policies.retry_after_constant_s))
    return max(waits)


def _may_fall_silent(plan: Plan, policies: Policies) -> bool:
    """Whether a socket may live on, as far as pings can tell, and say nothing any more."""
    if policies.expired_socket is ExpiredSocket.SILENT:
        return True
    return any(map(_silences, plan.steps))


def _silences(step: Step) -> bool:
    """By what holds all that follows, or by what loses each frame while it lasts."""
    if isinstance(step, Fault):
        kind = step.rule.fault
        return isinstance(kind, PushStallFault) or (
            isinstance(kind, PushDropFault) and step.rule.times is None
        )
    if isinstance(step, Wire):
        return isinstance(step.action, Hold) or (
            isinstance(step.action, Drop) and step.times is None
        )
    return False
