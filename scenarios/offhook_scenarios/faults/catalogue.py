"""The table of faults: which class plays which step, what each kind is called, how we know it.

The floor plays by it, the swarm draws by it, reports count by it, the documentation lists it.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from offhook.domain.evidence import Evidence
from offhook.faults import kinds
from offhook.faults.catalogue import CATALOGUE as RULES
from offhook.faults.verdicts import When
from offhook_scenarios.adapters.adapter import Restart as RestartKind
from offhook_scenarios.faults.client import ClientFault
from offhook_scenarios.faults.cut import CutFault
from offhook_scenarios.faults.expire import ExpireFault
from offhook_scenarios.faults.ground import Ground
from offhook_scenarios.faults.half_open import HalfOpenFault
from offhook_scenarios.faults.partition import PartitionFault
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.faults.refuse import RefuseFault
from offhook_scenarios.faults.restart import RestartFault
from offhook_scenarios.faults.rule import RuleFault
from offhook_scenarios.faults.slow import SlowFault
from offhook_scenarios.faults.wire import WireFault
from offhook_scenarios.plan import plan, wire

CLASSES: dict[type, type[PlannedFault[Any]]] = {
    plan.Cut: CutFault,
    plan.Partition: PartitionFault,
    plan.HalfOpen: HalfOpenFault,
    plan.Slow: SlowFault,
    plan.Refuse: RefuseFault,
    plan.Restart: RestartFault,
    plan.Expire: ExpireFault,
    plan.Client: ClientFault,
    plan.Wire: WireFault,
    plan.Fault: RuleFault,
}
"""The steps that are faults. The others are hands: press, headset, force."""

READ = "getWebrtcClientsMe"


def planned(step: plan.Step, ground: Ground) -> PlannedFault[Any]:
    """The fault of a step that is one."""
    return CLASSES[type(step)](step, ground)


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of trouble: a step, and what in it makes the kind."""

    step: type[Any]
    meaning: str
    evidence: Evidence
    fits: Callable[[Any], bool] = lambda _: True


def _by_class(
    step: type[Any],
    meaning: str,
    fits: Callable[[Any], bool] = lambda _: True,
    *,
    evidence: Evidence | None = None,
) -> Kind:
    """A kind whose evidence is that of its class, unless it has one of its own."""
    return Kind(step=step, meaning=meaning, evidence=evidence or CLASSES[step].evidence, fits=fits)


def _wire(action: type, meaning: str, *, evidence: Evidence | None = None) -> Kind:
    return _by_class(
        plan.Wire, meaning, lambda step: isinstance(step.action, action), evidence=evidence
    )


def _client(kind: RestartKind, meaning: str, *, evidence: Evidence | None = None) -> Kind:
    return _by_class(plan.Client, meaning, lambda step: step.restart is kind, evidence=evidence)


def _rule(fault: type, meaning: str, fits: Callable[[plan.Fault], bool] = lambda _: True) -> Kind:
    evidence = next(row.evidence for row in RULES.values() if row.type is fault)
    return Kind(
        step=plan.Fault,
        meaning=meaning,
        evidence=evidence,
        fits=lambda step: isinstance(step.rule.fault, fault) and fits(step),
    )


def _late(when: When, operation: str | None = None) -> Callable[[plan.Fault], bool]:
    def fits(step: plan.Fault) -> bool:
        known: Any = step.rule.fault
        return known.when is when and operation in {None, step.rule.match.operation}

    return fits


def _before(step: plan.Fault) -> bool:
    known: Any = step.rule.fault
    return bool(known.when is When.BEFORE)


def _status(*statuses: int) -> Callable[[plan.Fault], bool]:
    def fits(step: plan.Fault) -> bool:
        known: Any = step.rule.fault
        return known.status in statuses

    return fits


def _code(step: plan.Fault) -> bool:
    known: Any = step.rule.fault
    return bool(known.code == 4401)  # noqa: PLR2004 - the tutorial dialect's: token.


KINDS: dict[str, Kind] = {
    "cut": _by_class(
        plan.Cut,
        "every connection of the desk is reset",
        lambda step: step.side == "both" and step.end == "reset",
    ),
    "cut at one side": _by_class(
        plan.Cut,
        "one side finds its connections ended, the other finds out when it speaks",
        lambda step: step.side != "both",
    ),
    "end": _by_class(plan.Cut, "every connection ends in order"),
    "partition": _by_class(
        plan.Partition, "nothing passes, later all of it does", lambda step: step.way == "both"
    ),
    "partition one way": _by_class(plan.Partition, "the same in one direction"),
    "half-open": _by_class(plan.HalfOpen, "the present connections go dead, new ones work"),
    "slow": _by_class(plan.Slow, "bytes take longer, each a little differently"),
    "refuse": _by_class(plan.Refuse, "dials are refused", lambda step: not step.silent),
    "silent": _by_class(plan.Refuse, "dials are not answered"),
    "restart": _by_class(
        plan.Restart, "the server goes and comes back as it was", lambda step: step.keeps_state
    ),
    "state lost": _by_class(
        plan.Restart,
        "the server comes back without devices and tokens",
        evidence=Evidence.ASSUMED,  # Nobody says that a platform forgets them.
    ),
    "token expires": _by_class(plan.Expire, "the access tokens of the desk's user expire"),
    "reload": _client(RestartKind.RELOAD, "the page is reloaded"),
    "process": _client(RestartKind.PROCESS, "the program ends and is started again"),
    "sleep": _client(
        RestartKind.SLEEP,
        "the machine sleeps; awake, its connections are dead",
        evidence=Evidence.ASSUMED,  # That they are dead by then.
    ),
    "wire delay": _wire(wire.Delay, "bytes of a kind come late, and what follows them too"),
    "wire hold": _wire(wire.Hold, "bytes of a kind stop, and what follows them, until healed"),
    "wire lose": _wire(wire.Lose, "bytes of a kind never come, nor what follows them"),
    "wire drop": _wire(
        wire.Drop,
        "bytes of a kind never come, what follows them does",
        # TCP keeps the order; only what stands between two TCPs can do this.
        evidence=Evidence.ASSUMED,
    ),
    "wire break": _wire(wire.Break, "the connection is reset within bytes of a kind"),
    "wire end": _wire(wire.End, "the connection ends in order within bytes of a kind"),
    "wire drip": _wire(wire.Drip, "bytes of a kind come a few at a time"),
    "slow request": _rule(kinds.DelayFault, "a request takes effect late", _late(When.BEFORE)),
    "slow snapshot": _rule(
        kinds.DelayFault, "what was read early is told late", _late(When.AFTER, READ)
    ),
    "slow answer": _rule(
        kinds.DelayFault, "a request takes effect and is answered late", _late(When.AFTER)
    ),
    "429": _rule(kinds.ReplyFault, "too many requests, with a time to wait", _status(429)),
    "401": _rule(kinds.ReplyFault, "the token is refused", _status(401)),
    "409": _rule(kinds.ReplyFault, "the device is in no state for it", _status(409)),
    "5xx": _rule(kinds.ReplyFault, "the server is broken", _status(500, 502, 503, 504)),
    "other answer": _rule(kinds.ReplyFault, "any other answer instead of the real one"),
    "request lost": _rule(kinds.AbortFault, "reset before the effect", _before),
    "answer lost": _rule(kinds.AbortFault, "reset after the effect, instead of the answer"),
    "answer cut short": _rule(kinds.TruncateFault, "the answer ends within its body"),
    "event lost": _rule(kinds.PushDropFault, "an event is not sent"),
    "event late": _rule(kinds.PushDelayFault, "an event is sent late, and what follows too"),
    "event twice": _rule(kinds.PushDuplicateFault, "an event is sent twice"),
    "event overtaken": _rule(kinds.PushHoldFault, "an event is sent after later ones"),
    "event garbled": _rule(kinds.PushGarbleFault, "an event is no JSON"),
    "socket stalled": _rule(kinds.PushStallFault, "the event socket goes dead, open as it is"),
    "socket refused": _rule(kinds.PushCloseFault, "closed with 4401: the token", _code),
    "socket closed": _rule(kinds.PushCloseFault, "the event socket is closed"),
}
"""Every kind by its name; the first that fits a step is its kind."""

HANDS: dict[type, str] = {plan.Press: "press", plan.Headset: "headset", plan.Force: "force"}


def kind_of(step: plan.Step) -> str:
    """The name of the step's kind, by which its bites are counted."""
    hand = HANDS.get(type(step))
    if hand is not None:
        return hand
    return next(name for name, kind in KINDS.items() if kind.step is type(step) and kind.fits(step))
