"""The kinds of trouble that plans are drawn from, each a step whose details are drawn too."""

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
from offhook.faults.verdicts import RetryAfterForm, When
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
    Press,
    Refuse,
    Restart,
    Slow,
    Step,
    Ways,
    Wire,
)
from offhook_scenarios.plan.wire import Action, Break, Delay, Drip, Drop, Hold, Lose
from offhook_scenarios.plan.wire import End as EndWithin
from offhook_scenarios.plan.wire import When as Which

MUTE, READ, EVENTS = "postWebrtcClientMute", "getWebrtcClientsMe", "getWebrtcClientEvents"
TOKEN = "postOauthToken"  # noqa: S105 - the name of an operation.
_REPEATS = (1, 1, 2, 4, None)
"""How often a request fails; None: for as long as it lasts."""
HTTP_TARGETS = (MUTE, MUTE, READ, EVENTS, TOKEN)
"""The mute twice: it is what a client is for."""
STATUS = "connectionStatusChanged"
PUSH_TARGETS = ("muteChanged", STATUS)
GREETING = "subscribed"
"""The first frame of a socket: what befalls it befalls every dial."""

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


def seconds(rng: random.Random, low: float, high: float) -> float:
    """To a millisecond."""
    return round(rng.uniform(low, high), 3)


def _coin(rng: random.Random) -> bool:
    return rng.choice((False, True))


def press(rng: random.Random, at_s: float, desk: int) -> Step:
    """The agent presses a button."""
    return Press(at_s=at_s, desk=desk, muted=_coin(rng))


def _headset(rng: random.Random, at_s: float, desk: int) -> Step:
    return Headset(at_s=at_s, desk=desk, muted=_coin(rng))


def force(rng: random.Random, at_s: float, desk: int) -> Step:
    """A supervisor sets mute."""
    return Force(at_s=at_s, desk=desk, muted=_coin(rng))


def cut(_rng: random.Random, at_s: float, desk: int) -> Step:
    """Every connection is reset."""
    return Cut(at_s=at_s, desk=desk)


def _partition(rng: random.Random, at_s: float, desk: int) -> Step:
    way: Literal["both", "up", "down"] = rng.choice(("both", "up", "down"))
    return Partition(at_s=at_s, desk=desk, way=way, lasts_s=seconds(rng, 1, 25))


def _half_open(rng: random.Random, at_s: float, desk: int) -> Step:
    return HalfOpen(at_s=at_s, desk=desk, lasts_s=seconds(rng, 5, 40))


def _slow(rng: random.Random, at_s: float, desk: int) -> Step:
    return Slow(
        at_s=at_s,
        desk=desk,
        way=rng.choice(_WAYS),
        latency_s=seconds(rng, 0.1, 1.2),
        jitter_s=seconds(rng, 0, 0.6),
        lasts_s=seconds(rng, 2, 20),
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
        return Restart(at_s=at_s, keeps_state=keeps_state, lasts_s=seconds(rng, 0.5, 12))

    return draw


def expire(_rng: random.Random, at_s: float, desk: int) -> Step:
    """The tokens are due for a new one."""
    return Expire(at_s=at_s, desk=desk)


def _client(kind: RestartKind, longest_s: float) -> Draw:
    def draw(rng: random.Random, at_s: float, desk: int) -> Step:
        return Client(at_s=at_s, desk=desk, restart=kind, lasts_s=seconds(rng, 0.5, longest_s))

    return draw


def _wire(make: Callable[[random.Random], Action]) -> Draw:
    def draw(rng: random.Random, at_s: float, desk: int) -> Step:
        way, contains, link = rng.choice(_BYTES)
        when = Which(way=way, contains=contains, link=link, nth=rng.choice((1, 1, 1, 2)))
        return Wire(at_s=at_s, desk=desk, when=when, action=make(rng), lasts_s=seconds(rng, 2, 15))

    return draw


def _refuse(low_s: float, high_s: float) -> Draw:
    def draw(rng: random.Random, at_s: float, _desk: int) -> Step:
        return Refuse(at_s=at_s, silent=_coin(rng), lasts_s=seconds(rng, low_s, high_s))

    return draw


def _fault(
    make: Callable[[random.Random], FaultKind],
    targets: tuple[str, ...],
    times: tuple[int | None, ...] = (1, 1, 2, 3),
) -> Draw:
    def draw(rng: random.Random, at_s: float, desk: int) -> Step:
        operation = rng.choice(targets)
        # The token request is made before there is a device to match.
        own = operation not in {READ, TOKEN}
        rule = RuleSpec(match=Match(operation=operation), fault=make(rng), times=rng.choice(times))
        # A status changes seldom.
        lasts_s = seconds(rng, 2, 60 if operation == STATUS else 20)
        return Fault(at_s=at_s, desk=desk if own else None, rule=rule, lasts_s=lasts_s)

    return draw


def _reply(status: int, *, waits_s: tuple[int, ...] = ()) -> Callable[[random.Random], FaultKind]:
    def make(rng: random.Random) -> FaultKind:
        if not waits_s:
            return ReplyFault(status=status)
        form = rng.choice((RetryAfterForm.SECONDS, RetryAfterForm.SECONDS, RetryAfterForm.DATE))
        return ReplyFault(status=status, retry_after_s=rng.choice(waits_s), retry_after_form=form)

    return make


_CLOSES = (1000, 1001, 1006, 1011, 1012, 1013, 4404)
"""The codes of a server that lets go of a socket: in order, broken, or for want of the device."""


def _closed_socket(rng: random.Random) -> FaultKind:
    return PushCloseFault(code=rng.choice(_CLOSES))


def _no_json(_rng: random.Random) -> FaultKind:
    """What stands between a desk and its server may answer for it."""
    return ReplyFault(status=200, body="<html><title>Sign in</title></html>")


def _dead_socket(rng: random.Random) -> FaultKind:
    dead: tuple[FaultKind, ...] = (
        *(PushCloseFault(code=code) for code in _CLOSES),
        PushStallFault(duration_s=seconds(rng, 1, 20)),
        PushStallFault(),
    )
    return rng.choice(dead)


KINDS: dict[str, Draw] = {
    "headset": _headset,
    "force": force,
    "cut": cut,
    "cut at one side": _cut_one_side,
    "partition": _partition,
    "half-open": _half_open,
    "slow": _slow,
    "refuse": _refuse(1, 15),
    "outage": _refuse(60, 300),
    "restart": _restart(keeps_state=True),
    "state lost": _restart(keeps_state=False),
    "token expires": expire,
    "process": _client(RestartKind.PROCESS, 10),
    "sleep": _client(RestartKind.SLEEP, 40),
    "wire delay": _wire(lambda rng: Delay(delay_s=seconds(rng, 0.1, 5))),
    "wire hold": _wire(lambda _: Hold()),
    "wire lose": _wire(lambda _: Lose()),
    "wire drop": _wire(lambda _: Drop()),
    "wire break": _wire(lambda rng: Break(keep=rng.randrange(40))),
    "wire end": _wire(lambda rng: EndWithin(keep=rng.randrange(40))),
    "wire drip": _wire(lambda rng: Drip(size=rng.choice((16, 64)), gap_s=seconds(rng, 0.01, 0.2))),
    "slow request": _fault(lambda rng: DelayFault(delay_s=seconds(rng, 0.1, 8)), HTTP_TARGETS),
    "slow answer": _fault(
        lambda rng: DelayFault(delay_s=seconds(rng, 0.1, 8), when=When.AFTER), HTTP_TARGETS[:4]
    ),
    "429": _fault(_reply(429, waits_s=(1, 2, 5, 10, 30)), HTTP_TARGETS, _REPEATS),
    "429 without a time": _fault(_reply(429), HTTP_TARGETS, _REPEATS),
    "503": _fault(_reply(503), HTTP_TARGETS[:4], _REPEATS),
    "404": _fault(_reply(404), HTTP_TARGETS[:4], _REPEATS),
    "409": _fault(_reply(409), (MUTE,), _REPEATS),
    "403": _fault(_reply(403), (MUTE,), _REPEATS),
    "401": _fault(_reply(401), HTTP_TARGETS[:4], times=(1,)),
    "401 again and again": _fault(_reply(401), HTTP_TARGETS[:4], times=(None,)),
    "request lost": _fault(lambda _: AbortFault(), HTTP_TARGETS, _REPEATS),
    "answer lost": _fault(lambda _: AbortFault(when=When.AFTER), HTTP_TARGETS[:4]),
    "answer cut short": _fault(lambda rng: TruncateFault(bytes=rng.randrange(40)), (READ,)),
    "no JSON": _fault(_no_json, (READ,), _REPEATS),
    "event lost": _fault(lambda _: PushDropFault(), PUSH_TARGETS),
    "event late": _fault(lambda rng: PushDelayFault(delay_s=seconds(rng, 0.1, 6)), PUSH_TARGETS),
    "event twice": _fault(lambda _: PushDuplicateFault(), PUSH_TARGETS),
    "event overtaken": _fault(
        lambda rng: PushHoldFault(delay_s=seconds(rng, 0.1, 6)), PUSH_TARGETS
    ),
    "event garbled": _fault(lambda _: PushGarbleFault(), PUSH_TARGETS),
    "socket closed": _fault(_dead_socket, PUSH_TARGETS),
    "socket closed at once": _fault(_closed_socket, (GREETING,), _REPEATS),
    "socket refused": _fault(lambda _: PushCloseFault(code=4401), PUSH_TARGETS, times=(1,)),
}
"""Every kind of trouble, from harmless to harsh within its family; presses are always known."""

ONCE = frozenset({"401", "401 again and again", "socket refused"})
"""Of these together a plan has one: a new token that is refused at once is a login that is refused,
and a client that gives up then is right."""
