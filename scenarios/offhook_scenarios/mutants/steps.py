"""Short names for the steps of directed plans, so that a plan reads as a sentence. Seconds."""

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
    ReplyFault,
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
    Plan,
    Press,
    Refuse,
    Restart,
    Step,
    Wire,
)
from offhook_scenarios.plan.wire import Delay, Lose
from offhook_scenarios.plan.wire import When as Which

MUTE, READ, EVENTS = "postWebrtcClientMute", "getWebrtcClientsMe", "getWebrtcClientEvents"
TOKEN = "postOauthToken"  # noqa: S105 - the name of an operation.
NEWS, STATUS, GREETING = "muteChanged", "connectionStatusChanged", "subscribed"


def plan(*steps: Step, desks: int = 1, **policies: object) -> Plan:
    """A plan of these steps."""
    return Plan(desks=desks, policies=policies, steps=steps)


def mute(at_s: float, *, desk: int = 1) -> Press:
    """The agent presses mute."""
    return Press(at_s=at_s, desk=desk, muted=True)


def unmute(at_s: float, *, desk: int = 1) -> Press:
    """The agent presses unmute."""
    return Press(at_s=at_s, desk=desk, muted=False)


def force(at_s: float, *, muted: bool, desk: int = 1) -> Force:
    """A supervisor sets the agent's mute."""
    return Force(at_s=at_s, desk=desk, muted=muted)


def headset(at_s: float, *, muted: bool, desk: int = 1) -> Headset:
    """The button on the headset."""
    return Headset(at_s=at_s, desk=desk, muted=muted)


def cut(at_s: float, *, desk: int = 1) -> Cut:
    """Every connection of the desk is reset."""
    return Cut(at_s=at_s, desk=desk)


def _fault(
    at_s: float,
    operation: str,
    kind: FaultKind,
    times: int | None,
    lasts_s: float,
) -> Fault:
    rule = RuleSpec(match=Match(operation=operation), fault=kind, times=times)
    own = operation not in {READ, TOKEN}
    return Fault(at_s=at_s, desk=1 if own else None, rule=rule, lasts_s=lasts_s)


def answered(
    at_s: float,
    operation: str,
    status: int,
    *,
    retry_after_s: int | None = None,
    times: int | None = 1,
    lasts_s: float = 10.0,
    form: RetryAfterForm = RetryAfterForm.SECONDS,
) -> Fault:
    """The next of these requests are answered so, and have no effect."""
    kind = ReplyFault(status=status, retry_after_s=retry_after_s, retry_after_form=form)
    return _fault(at_s, operation, kind, times, lasts_s)


def slow(
    at_s: float,
    operation: str,
    delay_s: float,
    *,
    when: Literal["request", "answer"] = "answer",
    lasts_s: float = 10.0,
) -> Fault:
    """The next such request waits before its effect, or its answer after it."""
    side = When.BEFORE if when == "request" else When.AFTER
    return _fault(at_s, operation, DelayFault(delay_s=delay_s, when=side), 1, lasts_s)


def answer_lost(at_s: float, operation: str, *, lasts_s: float = 10.0) -> Fault:
    """The next such request has its effect, and its connection is reset instead of an answer."""
    return _fault(at_s, operation, AbortFault(when=When.AFTER), 1, lasts_s)


def news_late(
    at_s: float, delay_s: float, *, times: int | None = 1, lasts_s: float = 10.0
) -> Fault:
    """The next `muteChanged` waits, and so does what is behind it."""
    return _fault(at_s, NEWS, PushDelayFault(delay_s=delay_s), times, lasts_s)


def news_overtaken(at_s: float, delay_s: float, *, lasts_s: float = 10.0) -> Fault:
    """The next `muteChanged` waits, and what is behind it does not."""
    return _fault(at_s, NEWS, PushHoldFault(delay_s=delay_s), 1, lasts_s)


def news_lost(
    at_s: float, event: str = NEWS, *, times: int | None = 1, lasts_s: float = 10.0
) -> Fault:
    """The next such event is never written."""
    return _fault(at_s, event, PushDropFault(), times, lasts_s)


def news_twice(at_s: float, *, lasts_s: float = 10.0) -> Fault:
    """The next `muteChanged` comes twice."""
    return _fault(at_s, NEWS, PushDuplicateFault(), 1, lasts_s)


def news_garbled(at_s: float, *, lasts_s: float = 10.0) -> Fault:
    """The next `muteChanged` cannot be read."""
    return _fault(at_s, NEWS, PushGarbleFault(), 1, lasts_s)


def closed_at_once(at_s: float, *, lasts_s: float = 10.0) -> Fault:
    """Every socket of the desk is taken, and closed before its first frame."""
    return _fault(at_s, GREETING, PushCloseFault(), None, lasts_s)


def refused(at_s: float, lasts_s: float, *, silent: bool = False) -> Refuse:
    """Whoever dials is refused."""
    return Refuse(at_s=at_s, silent=silent, lasts_s=lasts_s)


def half_open(at_s: float, lasts_s: float, *, desk: int = 1) -> HalfOpen:
    """The connections of the desk go dead for a while, and new ones work."""
    return HalfOpen(at_s=at_s, desk=desk, lasts_s=lasts_s)


def parted(
    at_s: float, lasts_s: float, *, way: Literal["both", "up", "down"] = "both"
) -> Partition:
    """Nothing passes for a while, then all of it."""
    return Partition(at_s=at_s, way=way, lasts_s=lasts_s)


def expire(at_s: float, *, desk: int = 1) -> Expire:
    """The access tokens of the desk's user expire."""
    return Expire(at_s=at_s, desk=desk)


def restart(at_s: float, lasts_s: float, *, keeps_state: bool = True) -> Restart:
    """The server is gone for a while."""
    return Restart(at_s=at_s, lasts_s=lasts_s, keeps_state=keeps_state)


def held_up(at_s: float, delay_s: float, contains: str, *, lasts_s: float = 10.0) -> Wire:
    """The next bytes of the desk with this text in them arrive so much later."""
    when = Which(way="up", contains=contains)
    return Wire(at_s=at_s, when=when, action=Delay(delay_s=delay_s), lasts_s=lasts_s)


def lost(at_s: float, contains: str, *, lasts_s: float = 10.0) -> Wire:
    """The next bytes of the desk with this text in them never arrive, nor any after them."""
    when = Which(way="up", contains=contains)
    return Wire(at_s=at_s, when=when, action=Lose(), lasts_s=lasts_s)


def asleep(at_s: float, lasts_s: float) -> Client:
    """The machine of the desk sleeps."""
    return Client(at_s=at_s, restart=RestartKind.SLEEP, lasts_s=lasts_s)
