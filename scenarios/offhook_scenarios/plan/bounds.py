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
    ReplyFault,
)
from offhook.policies import Policies
from offhook_client.options import DEFAULT, Options
from offhook_scenarios.plan.plan import Fault, Plan

SLACK_S = 0.5
"""For the turns of both loops."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Both in seconds."""

    exposure_s: float
    """The longest that a screen may say what is not so: detection, lag, round trip."""
    convergence_s: float
    """From the end of all trouble until the screen is right, and says so, for good."""


def bounds(plan: Plan, options: Options = DEFAULT) -> Bounds:
    """Of a client with these constants in this plan."""
    policies = Policies().changed(plan.policies)
    faults = [step for step in plan.steps if isinstance(step, Fault)]
    kinds = [step.rule.fault for step in faults]
    lag_s = sum(
        _lag_s(kind) * (step.rule.times or 1) for kind, step in zip(kinds, faults, strict=True)
    )
    lost = sum(
        step.rule.times or 1
        for kind, step in zip(kinds, faults, strict=True)
        if isinstance(kind, PushDropFault | PushGarbleFault | PushCloseFault)
    )
    waits = [kind.retry_after_s or 0 for kind in kinds if isinstance(kind, ReplyFault)]
    wait_s = max(waits, default=0) * (1 + options.spread)
    round_trip_s = 2 * (plan.weather.latency_s + plan.weather.jitter_s)
    dead_link_s = options.ping_interval_s + options.ping_timeout_s + options.close_timeout_s
    unheard_s = policies.heartbeat_s * (1 + lost)
    return Bounds(
        exposure_s=max(dead_link_s, unheard_s) + lag_s + round_trip_s + SLACK_S,
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
    )


def _lag_s(kind: object) -> float:
    """For how long such a fault keeps news from arriving."""
    match kind:
        case PushDelayFault(delay_s=delay_s) | DelayFault(delay_s=delay_s):
            return delay_s
        case PushHoldFault(delay_s=delay_s):
            return delay_s or 0.0
    return 0.0
