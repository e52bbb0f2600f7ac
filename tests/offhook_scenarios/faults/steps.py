"""A step of each kind of trouble that there is, by the kind's name."""

from offhook.faults import kinds
from offhook.faults.kinds import Fault as MockFault
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When as Side
from offhook_scenarios.adapters.adapter import Restart as RestartKind
from offhook_scenarios.faults.catalogue import READ
from offhook_scenarios.plan.plan import (
    Client,
    Cut,
    Expire,
    Fault,
    HalfOpen,
    Partition,
    Refuse,
    Restart,
    Slow,
    Step,
    Wire,
)
from offhook_scenarios.plan.wire import Action, Break, Delay, Drip, Drop, End, Hold, Lose

ACTIONS: dict[str, Action] = {
    "delay": Delay(delay_s=1),
    "hold": Hold(),
    "lose": Lose(),
    "drop": Drop(),
    "break": Break(),
    "end": End(),
    "drip": Drip(),
}
RULES: dict[str, tuple[str, MockFault]] = {
    "slow request": ("postWebrtcClientMute", kinds.DelayFault(delay_s=1)),
    "slow snapshot": (READ, kinds.DelayFault(delay_s=1, when=Side.AFTER)),
    "slow answer": ("postWebrtcClientMute", kinds.DelayFault(delay_s=1, when=Side.AFTER)),
    "429": ("postWebrtcClientMute", kinds.ReplyFault(status=429)),
    "401": (READ, kinds.ReplyFault(status=401)),
    "409": ("postWebrtcClientMute", kinds.ReplyFault(status=409)),
    "5xx": ("postWebrtcClientMute", kinds.ReplyFault(status=502)),
    "other answer": ("postWebrtcClientMute", kinds.ReplyFault(status=418)),
    "request lost": ("postWebrtcClientMute", kinds.AbortFault()),
    "answer lost": ("postWebrtcClientMute", kinds.AbortFault(when=Side.AFTER)),
    "answer cut short": (READ, kinds.TruncateFault(bytes=3)),
    "event lost": ("muteChanged", kinds.PushDropFault()),
    "event late": ("muteChanged", kinds.PushDelayFault(delay_s=1)),
    "event twice": ("muteChanged", kinds.PushDuplicateFault()),
    "event overtaken": ("muteChanged", kinds.PushHoldFault(frames=1)),
    "event garbled": ("muteChanged", kinds.PushGarbleFault()),
    "socket stalled": ("muteChanged", kinds.PushStallFault()),
    "socket refused": ("muteChanged", kinds.PushCloseFault(code=4401)),
    "socket closed": ("muteChanged", kinds.PushCloseFault(code=1011)),
}
ONE_OF_EACH: dict[str, Step] = {
    "cut": Cut(at_s=1),
    "cut at one side": Cut(at_s=1, side="desk"),
    "end": Cut(at_s=1, end="fin"),
    "partition": Partition(at_s=1, lasts_s=9),
    "partition one way": Partition(at_s=1, way="up", lasts_s=9),
    "half-open": HalfOpen(at_s=1, lasts_s=9),
    "slow": Slow(at_s=1, latency_s=1, lasts_s=9),
    "refuse": Refuse(at_s=1, lasts_s=9),
    "silent": Refuse(at_s=1, silent=True, lasts_s=9),
    "restart": Restart(at_s=1, lasts_s=9),
    "state lost": Restart(at_s=1, keeps_state=False, lasts_s=9),
    "token expires": Expire(at_s=1),
    "reload": Client(at_s=1, restart=RestartKind.RELOAD, lasts_s=9),
    "process": Client(at_s=1, restart=RestartKind.PROCESS, lasts_s=9),
    "sleep": Client(at_s=1, restart=RestartKind.SLEEP, lasts_s=9),
    **{f"wire {name}": Wire(at_s=1, action=action, lasts_s=9) for name, action in ACTIONS.items()},
    **{
        name: Fault(at_s=1, rule=RuleSpec(match=Match(operation=operation), fault=fault), lasts_s=9)
        for name, (operation, fault) in RULES.items()
    },
}
