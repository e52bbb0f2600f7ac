"""Plans from seeds. Each seed first draws which kinds of trouble it knows (swarm testing).

A plan that knows few kinds goes deeper into them than one that knows all. What goes wrong in the
field goes wrong between two things, so a trouble comes with what it waits for, and with hands
that act while it lasts.
"""

import math
import random
from collections.abc import Callable

import msgspec

from offhook.faults.kinds import DelayFault, PushDelayFault, PushHoldFault, ReplyFault
from offhook.policies import EventTiming, ExpiredSocket, MuteAfterReconnect, MuteAnswer
from offhook_scenarios.plan.kinds import (
    EVENTS,
    KINDS,
    MUTE,
    ONCE,
    READ,
    Draw,
    cut,
    expire,
    force,
    press,
    seconds,
)
from offhook_scenarios.plan.plan import (
    Cut,
    Fault,
    Force,
    Headset,
    Plan,
    Press,
    Refuse,
    Step,
    Weather,
    Wire,
)
from offhook_scenarios.plan.wire import Delay
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim.seeds import Seeds

Draws = Callable[[random.Random, float, int], list[Step]]

STEPS_MAX = 10
GAP_MAX_S = 6.0
BURST = 0.3
"""Share of the steps that come in the same instant as the one before."""
SOON = 0.2
"""Share of those that come within what a request takes."""
INSTANT_S = 0.001
LATENCY_MAX_S = 0.4
"""Bytes are under way for milliseconds or, in as many plans as it has orders, for far longer."""
FORCED = 0.7
"""Share of the plans in which a supervisor acts."""
EARLY = 0.5
"""Share of the hands that act within a round trip of what they meddle with."""

POLICIES: dict[str, dict[str, object]] = {
    "reset": {"mute_after_reconnect": MuteAfterReconnect.RESET, "drop_grace_s": 0.5},
    "last known good": {
        "mute_after_reconnect": MuteAfterReconnect.LAST_KNOWN_GOOD,
        "drop_grace_s": 0.5,
    },
    "no replay": {"replay_events": 0},
    "event first": {"event_timing": EventTiming.EVENT_FIRST},
    "event late": {"event_timing": EventTiming.EVENT_LATE},
    "minimal answer": {"mute_answer": MuteAnswer.MINIMAL},
    "no versions": {"versions": False},
    "short tokens": {"access_token_ttl_s": 30.0},
    "silent when expired": {"expired_socket": ExpiredSocket.SILENT},
    "slow to connect": {"connect_delay_s": 40.0},
    "no idempotency": {"idempotency_window_s": 0.0},
}
"""What an org may do otherwise than by default; a plan has one of these, or none."""
USUAL = 0.85
"""Share of the plans with the policies as they are by default: most others are assumptions, and
what is found under an assumption is advisory only."""


def _absence(rng: random.Random, at_s: float, desk: int) -> list[Step]:
    """Away for longer than the server takes for it, so that the device is disconnected."""
    refused = Refuse(at_s=at_s, silent=False, lasts_s=seconds(rng, 8, 20))
    return [refused, Cut(at_s=at_s, desk=desk)]


def _one(draw: Draw) -> Draws:
    return lambda rng, at_s, desk: [draw(rng, at_s, desk)]


_PROVOKES: dict[str, Draws] = {
    MUTE: _one(press),
    "POST /api": _one(press),
    "204": _one(press),
    READ: _one(cut),
    EVENTS: _one(cut),
    "GET /api": _one(cut),
    "101": _one(cut),
    "lastIntent": _one(cut),
    "subscribed": _one(cut),
    "connectionStatusChanged": _absence,
    "muteChanged": _one(force),
    "postOauthToken": _one(expire),
    "oauth": _one(expire),
    "access_token": _one(expire),
}
"""By a part of what a rule or a tap waits for."""
PROVOKED = 0.7
"""Share of the troubles that wait for something and are given it, at once or soon."""
MEDDLED = 0.5
"""Share of the steps within whose effect somebody acts."""
A_RECONNECT_S = 3.0


def _provoked(rng: random.Random, step: Step, at_s: float, desk: int) -> list[Step]:
    """What makes a trouble bite that waits for something: a press, a hand, a new dial."""
    match step:
        case Fault():
            waits_for = step.rule.match.operation or ""
        case Wire():
            waits_for = step.when.contains or ""
        case Refuse():
            waits_for = EVENTS
        case _:
            return []
    draw = next((draw for words, draw in _PROVOKES.items() if words in waits_for), None)
    return [] if draw is None else draw(rng, at_s, desk)


def _window_s(step: Step, round_trip_s: float) -> float:
    """For how long something that is done meets the effect of a step: what it keeps waiting."""
    match step:
        case Press() | Headset() | Force():
            return round_trip_s
        case Cut():
            return A_RECONNECT_S
        case Wire(action=Delay(delay_s=delay_s)):
            return delay_s
        case Fault():
            return _held_up_s(step)
    return float(getattr(step, "lasts_s", None) or A_RECONNECT_S)


def _held_up_s(step: Fault) -> float:
    match step.rule.fault:
        case DelayFault(delay_s=delay_s) | PushDelayFault(delay_s=delay_s):
            return delay_s
        case PushHoldFault(delay_s=delay_s):
            return delay_s or A_RECONNECT_S
        case ReplyFault(retry_after_s=retry_after_s) if retry_after_s:
            return float(retry_after_s)
    return A_RECONNECT_S


def _within_s(rng: random.Random, window_s: float, round_trip_s: float) -> float:
    """Anywhere in it; half of the times early, on the scale of a round trip and below."""
    if rng.random() < EARLY:
        return _scaled(rng, INSTANT_S, round_trip_s)
    return rng.uniform(0, window_s)


def _scaled(rng: random.Random, low: float, high: float) -> float:
    """Each order of magnitude as likely as the other."""
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def _gap_s(rng: random.Random) -> float:
    """Until the next step."""
    share = rng.random()
    if share < BURST:
        return 0.0
    if share < BURST + SOON:
        return _scaled(rng, INSTANT_S, 1.0)
    return rng.uniform(0.05, GAP_MAX_S)


def _scene(
    rng: random.Random, first: Step, desk: int, hands: list[Draw], round_trip_s: float
) -> list[Step]:
    """A step, what makes it bite, and who acts while it does."""
    steps = [first]
    if rng.random() < PROVOKED:
        after_s = rng.choice((0.0, _scaled(rng, INSTANT_S, 1.0)))
        steps += _provoked(rng, first, round(first.at_s + after_s, 3), desk)
    if rng.random() < MEDDLED:
        window_s = max(_window_s(step, round_trip_s) for step in steps)
        for _ in range(rng.choice((1, 1, 2, 3))):
            at_s = round(first.at_s + _within_s(rng, window_s, round_trip_s), 3)
            steps.append(rng.choice(hands)(rng, at_s, desk))
    return steps


def _steps(rng: random.Random, desks: int, round_trip_s: float) -> list[Step]:
    hands: list[Draw] = [press, *([force] if rng.random() < FORCED else [])]
    names = rng.sample(sorted(KINDS), rng.randint(1, 5))
    if "headset" in names:
        hands.append(KINDS["headset"])
    if _coin(rng):
        names.append("cut")
    steps: list[Step] = []
    at_s, count = 1.0, rng.randint(2, STEPS_MAX)
    while len(steps) < count:
        at_s = round(at_s + _gap_s(rng), 3)
        desk = rng.randint(1, desks)
        number = rng.randrange(len(hands) + len(names))
        if number < len(hands):
            step = hands[number](rng, at_s, desk)
        else:
            name = names[number - len(hands)]
            step = KINDS[name](rng, at_s, desk)
            if name in ONCE:
                names = [other for other in names if other not in ONCE]
        steps += _scene(rng, step, desk, hands, round_trip_s)
    return _turned(rng, sorted(steps[:count], key=lambda step: step.at_s))


def _turned(rng: random.Random, steps: list[Step]) -> list[Step]:
    """Most hands turn round what the one before has set: that is what a button is for."""
    last: dict[int, bool] = {}
    turned: list[Step] = []
    for each in steps:
        step = each
        if isinstance(step, Press | Headset | Force):
            if step.desk in last and _coin(rng):
                step = msgspec.structs.replace(step, muted=not last[step.desk])
            last[step.desk] = step.muted
        turned.append(step)
    return turned


def _coin(rng: random.Random) -> bool:
    return rng.random() < 0.5  # noqa: PLR2004 - that is a coin.


def generate(seed: int) -> Plan:
    """The plan of this seed."""
    rng = Seeds(seed).stream("plan")
    weather = Weather(
        latency_s=round(_scaled(rng, 0.003, LATENCY_MAX_S), 3), jitter_s=seconds(rng, 0, 0.1)
    )
    desks = rng.choice((1, 2))
    steps = _steps(rng, desks, 2 * (weather.latency_s + weather.jitter_s))
    policies = {} if rng.random() < USUAL else POLICIES[rng.choice(sorted(POLICIES))]
    return Plan(
        seed=seed,
        order=rng.choice((Order.FIFO, Order.RANDOM, Order.PCT)),
        weather=weather,
        desks=desks,
        policies=dict(policies),
        steps=tuple(steps),
    )
