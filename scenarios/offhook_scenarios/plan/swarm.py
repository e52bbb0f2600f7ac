"""Plans from seeds. Each seed first draws which kinds of trouble it knows (swarm testing).

A plan that knows few kinds goes deeper into them than one that knows all.
"""

import random
from collections.abc import Callable
from typing import Literal

from offhook.faults.kinds import (
    AbortFault,
    DelayFault,
    PushCloseFault,
    PushDelayFault,
    PushDropFault,
    PushDuplicateFault,
    PushGarbleFault,
    PushHoldFault,
    PushStallFault,
    ReplyFault,
    TruncateFault,
)
from offhook.faults.kinds import Fault as FaultKind
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook.policies import EventTiming, ExpiredSocket, MuteAfterReconnect, MuteAnswer
from offhook_scenarios.adapters.adapter import Restart as RestartKind
from offhook_scenarios.plan.plan import (
    Client,
    Cut,
    Expire,
    Fault,
    Force,
    HalfOpen,
    Headset,
    Partition,
    Plan,
    Press,
    Refuse,
    Restart,
    Slow,
    Step,
    Ways,
    Weather,
    Wire,
)
from offhook_scenarios.plan.wire import Action, Break, Delay, Drip, Drop, Hold, Lose
from offhook_scenarios.plan.wire import End as EndWithin
from offhook_scenarios.plan.wire import When as Which
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim.seeds import Seeds

STEPS_MAX = 12
GAP_MAX_S = 6.0
BURST = 0.3
"""Share of the steps that come in the same instant as the one before: double clicks, and worse."""

MUTE, READ, EVENTS = "postWebrtcClientMute", "getWebrtcClientsMe", "getWebrtcClientEvents"
HTTP_TARGETS = (MUTE, READ, EVENTS, "postOauthToken")
PUSH_TARGETS = ("muteChanged", "connectionStatusChanged")

Draw = Callable[[random.Random, float, int], Step]
_Way = Literal["up", "down"]
Side = Literal["both", "desk", "server"]
End = Literal["reset", "fin"]


_WAYS: tuple[Ways, ...] = ("both", "up", "down")
_BYTES: tuple[tuple[_Way | None, str | None, Literal["http", "events"] | None], ...] = (
    ("up", "POST /api/v2/webrtc", None),
    ("up", "GET /api/v2/webrtc", "http"),
    ("up", "POST /oauth/token", None),
    ("down", "HTTP/1.1 204", None),
    ("down", "HTTP/1.1 101", None),
    ("down", "lastIntent", "http"),
    ("down", "access_token", "http"),
    ("down", "muteChanged", "events"),
    ("down", "subscribed", "events"),
    ("down", "heartbeat", "events"),
    ("down", None, "events"),
    ("up", None, None),
)
"""Which bytes something may befall: each an exchange, an answer or a frame of its own kind."""

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
    "silent when expired": {"expired_socket": ExpiredSocket.SILENT},
    "slow to connect": {"connect_delay_s": 15.0},
    "no idempotency": {"idempotency_window_s": 0.0},
}
"""What an org may do otherwise than by default; a plan has one of these, or none."""
USUAL = 0.85
"""Share of the plans with the policies as they are by default: most others are assumptions, and
what is found under an assumption is advisory only."""


def _seconds(rng: random.Random, low: float, high: float) -> float:
    return round(rng.uniform(low, high), 3)


def _coin(rng: random.Random) -> bool:
    return rng.choice((False, True))


def _press(rng: random.Random, at_s: float, desk: int) -> Step:
    return Press(at_s=at_s, desk=desk, muted=_coin(rng))


def _headset(rng: random.Random, at_s: float, desk: int) -> Step:
    return Headset(at_s=at_s, desk=desk, muted=_coin(rng))


def _force(rng: random.Random, at_s: float, desk: int) -> Step:
    return Force(at_s=at_s, desk=desk, muted=_coin(rng))


def _cut(_rng: random.Random, at_s: float, desk: int) -> Step:
    return Cut(at_s=at_s, desk=desk)


def _partition(rng: random.Random, at_s: float, desk: int) -> Step:
    way: Literal["both", "up", "down"] = rng.choice(("both", "up", "down"))
    return Partition(at_s=at_s, desk=desk, way=way, lasts_s=_seconds(rng, 1, 25))


def _half_open(rng: random.Random, at_s: float, desk: int) -> Step:
    return HalfOpen(at_s=at_s, desk=desk, lasts_s=_seconds(rng, 5, 40))


def _slow(rng: random.Random, at_s: float, desk: int) -> Step:
    return Slow(
        at_s=at_s,
        desk=desk,
        way=rng.choice(_WAYS),
        latency_s=_seconds(rng, 0.1, 1.2),
        jitter_s=_seconds(rng, 0, 0.6),
        lasts_s=_seconds(rng, 2, 20),
    )


def _cut_one_side(rng: random.Random, at_s: float, desk: int) -> Step:
    sides: tuple[tuple[Side, End], ...] = (
        ("desk", "reset"),
        ("server", "reset"),
        ("desk", "fin"),
        ("server", "fin"),
        ("both", "fin"),
    )
    side, end = rng.choice(sides)
    return Cut(at_s=at_s, desk=desk, side=side, end=end)


def _restart(*, keeps_state: bool) -> Draw:
    def draw(rng: random.Random, at_s: float, _desk: int) -> Step:
        return Restart(at_s=at_s, keeps_state=keeps_state, lasts_s=_seconds(rng, 0.5, 12))

    return draw


def _expire(_rng: random.Random, at_s: float, desk: int) -> Step:
    return Expire(at_s=at_s, desk=desk)


def _client(kind: RestartKind, longest_s: float) -> Draw:
    def draw(rng: random.Random, at_s: float, desk: int) -> Step:
        return Client(at_s=at_s, desk=desk, restart=kind, lasts_s=_seconds(rng, 0.5, longest_s))

    return draw


def _wire(rng: random.Random, at_s: float, desk: int) -> Step:
    way, contains, link = rng.choice(_BYTES)
    action: Action = rng.choice(
        (
            Delay(delay_s=_seconds(rng, 0.1, 5)),
            Hold(),
            Lose(),
            Drop(),
            Break(keep=rng.randrange(40)),
            EndWithin(keep=rng.randrange(40)),
            Drip(size=rng.choice((16, 64)), gap_s=_seconds(rng, 0.01, 0.2)),
        )
    )
    when = Which(way=way, contains=contains, link=link, nth=rng.choice((1, 1, 1, 2)))
    return Wire(at_s=at_s, desk=desk, when=when, action=action, lasts_s=_seconds(rng, 2, 15))


def _refuse(rng: random.Random, at_s: float, _desk: int) -> Step:
    return Refuse(at_s=at_s, silent=_coin(rng), lasts_s=_seconds(rng, 1, 15))


def _fault(
    make: Callable[[random.Random], FaultKind],
    targets: tuple[str, ...],
    times: tuple[int, ...] = (1, 1, 2, 3),
) -> Draw:
    def draw(rng: random.Random, at_s: float, desk: int) -> Step:
        operation = rng.choice(targets)
        # The token request is made before there is a device to match.
        own = operation not in {READ, "postOauthToken"}
        rule = RuleSpec(match=Match(operation=operation), fault=make(rng), times=rng.choice(times))
        lasts_s = _seconds(rng, 2, 20)
        return Fault(at_s=at_s, desk=desk if own else None, rule=rule, lasts_s=lasts_s)

    return draw


def _reply(status: int, *, waits_s: tuple[int, ...] = ()) -> Callable[[random.Random], FaultKind]:
    def make(rng: random.Random) -> FaultKind:
        return ReplyFault(status=status, retry_after_s=rng.choice(waits_s) if waits_s else None)

    return make


def _dead_socket(rng: random.Random) -> FaultKind:
    dead: tuple[FaultKind, ...] = (
        *(PushCloseFault(code=code) for code in (1006, 1011, 1012, 1013)),
        PushStallFault(duration_s=_seconds(rng, 1, 20)),
        PushStallFault(),
    )
    return rng.choice(dead)


KINDS: dict[str, Draw] = {
    "headset": _headset,
    "force": _force,
    "cut": _cut,
    "cut at one side": _cut_one_side,
    "partition": _partition,
    "half-open": _half_open,
    "slow": _slow,
    "refuse": _refuse,
    "restart": _restart(keeps_state=True),
    "state lost": _restart(keeps_state=False),
    "token expires": _expire,
    "process": _client(RestartKind.PROCESS, 10),
    "sleep": _client(RestartKind.SLEEP, 40),
    "wire": _wire,
    "slow request": _fault(lambda rng: DelayFault(delay_s=_seconds(rng, 0.1, 8)), HTTP_TARGETS),
    "slow answer": _fault(
        lambda rng: DelayFault(delay_s=_seconds(rng, 0.1, 8), when=When.AFTER), HTTP_TARGETS[:3]
    ),
    "429": _fault(_reply(429, waits_s=(1, 2, 5, 10, 30)), (MUTE, READ, EVENTS)),
    "503": _fault(_reply(503), (MUTE, READ, EVENTS)),
    "409": _fault(_reply(409), (MUTE,)),
    "401": _fault(_reply(401), (MUTE, READ, EVENTS), times=(1,)),
    "request lost": _fault(lambda _: AbortFault(), HTTP_TARGETS),
    "answer lost": _fault(lambda _: AbortFault(when=When.AFTER), HTTP_TARGETS[:3]),
    "answer cut short": _fault(lambda rng: TruncateFault(bytes=rng.randrange(40)), (READ,)),
    "event lost": _fault(lambda _: PushDropFault(), PUSH_TARGETS),
    "event late": _fault(lambda rng: PushDelayFault(delay_s=_seconds(rng, 0.1, 6)), PUSH_TARGETS),
    "event twice": _fault(lambda _: PushDuplicateFault(), PUSH_TARGETS),
    "event overtaken": _fault(
        lambda rng: PushHoldFault(delay_s=_seconds(rng, 0.1, 6)), PUSH_TARGETS
    ),
    "event garbled": _fault(lambda _: PushGarbleFault(), PUSH_TARGETS),
    "socket closed": _fault(_dead_socket, PUSH_TARGETS),
    "socket refused": _fault(lambda _: PushCloseFault(code=4401), PUSH_TARGETS, times=(1,)),
}
"""Every kind of trouble, from harmless to harsh within its family; presses are always known."""

ONCE = frozenset({"401", "socket refused"})
"""Of these together a plan has one: a new token that is refused at once is a login that is refused,
and a client that gives up then is right."""


def _provoked(rng: random.Random, step: Step, at_s: float, desk: int) -> Step | None:
    """What makes a trouble bite that waits for something: a press, a hand, a new dial."""
    if isinstance(step, Fault):
        waits_for = step.rule.match.operation or ""
    elif isinstance(step, Wire):
        waits_for = step.when.contains or ""
    else:
        return None
    draw = next((draw for words, draw in _PROVOKES.items() if words in waits_for), None)
    return None if draw is None else draw(rng, at_s, desk)


_PROVOKES: dict[str, Draw] = {
    MUTE: _press,
    "POST /api": _press,
    "204": _press,
    READ: _cut,
    EVENTS: _cut,
    "GET /api": _cut,
    "101": _cut,
    "lastIntent": _cut,
    "subscribed": _cut,
    "connectionStatusChanged": _cut,
    "muteChanged": _force,
    "postOauthToken": _expire,
    "oauth": _expire,
    "access_token": _expire,
}
"""By a part of what a rule or a tap waits for."""
PROVOKED = 0.5
"""Share of the troubles that wait for something and are given it at once."""


def generate(seed: int) -> Plan:
    """The plan of this seed."""
    rng = Seeds(seed).stream("plan")
    known = [
        "press",
        *(["force"] if _coin(rng) else []),
        *rng.sample(sorted(KINDS), rng.randint(1, 6)),
    ]
    desks = rng.choice((1, 2))
    steps: list[Step] = []
    at_s = 1.0
    count = rng.randint(2, STEPS_MAX)
    while len(steps) < count:
        if rng.random() >= BURST:
            at_s = round(at_s + rng.uniform(0.05, GAP_MAX_S), 3)
        name = rng.choice(known)
        draw = _press if name == "press" else KINDS[name]
        desk = rng.randint(1, desks)
        steps.append(draw(rng, at_s, desk))
        after = _provoked(rng, steps[-1], at_s, desk)
        if after is not None and len(steps) < count and rng.random() < PROVOKED:
            steps.append(after)
        if name in ONCE:
            known = [other for other in known if other not in ONCE]
    policies = {} if rng.random() < USUAL else POLICIES[rng.choice(sorted(POLICIES))]
    weather = Weather(latency_s=_seconds(rng, 0.001, 0.05), jitter_s=_seconds(rng, 0, 0.1))
    return Plan(
        seed=seed,
        order=rng.choice((Order.FIFO, Order.RANDOM, Order.PCT)),
        weather=weather,
        desks=desks,
        policies=dict(policies),
        steps=tuple(steps),
    )
