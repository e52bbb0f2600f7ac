"""The steps of a plan in words: who does what."""

from collections.abc import Callable
from typing import Any

from offhook.faults.kinds import ReplyFault
from offhook.faults.verdicts import When
from offhook_scenarios.plan.plan import Cut, Fault, Plan, Restart, Step, Wire

_MUTE = {True: "mute", False: "unmute"}
_WAY = {"both": "", "up": ", from the desk to the server", "down": ", from the server to the desk"}
_ENDS = {"reset": "resets", "fin": "ends"}
_LINK = {None: "", "http": " of a request's connection", "events": " of an event socket"}


def told(step: Step) -> tuple[str, str]:
    """Who, and what."""
    return _WORDS[tag(step)](step)


def tag(step: Step) -> str:
    """The word by which a plan calls this kind of step."""
    return str(step.__struct_config__.tag)


def trouble(step: Step) -> str:
    """What kind of trouble a step makes, finer than its tag: `reply 429`, `wire lose`."""
    if isinstance(step, Wire):
        return f"wire {step.action.__struct_config__.tag}"
    if isinstance(step, Fault):
        kind = step.rule.fault
        more = f" {kind.status}" if isinstance(kind, ReplyFault) else ""
        when = getattr(kind, "when", None)
        return f"{kind.__struct_config__.tag}{more}{' after' if when is When.AFTER else ''}"
    return tag(step)


def troubles(plan: Plan) -> list[str]:
    """Of every step of a plan, in their order."""
    return [trouble(step) for step in plan.steps]


def seconds(number: float) -> str:
    """`1 s`, `2.5 s`."""
    return f"{number:g} s"


def _cut(step: Cut) -> tuple[str, str]:
    side = {"both": "", "desk": "; only the desk is told", "server": "; only the server is told"}
    return "network", f"{_ENDS[step.end]} every connection of the desk{side[step.side]}"


def _half_open(step: Any) -> tuple[str, str]:
    lasts = "" if step.lasts_s is None else f" for {seconds(step.lasts_s)}"
    return "network", f"open connections go dead{lasts}, and nobody is told"


def _slow(step: Any) -> tuple[str, str]:
    took = f"takes {seconds(step.latency_s)} a way{_WAY[step.way]}"
    return "network", f"{took}, for {seconds(step.lasts_s)}"


def _restart(step: Restart) -> tuple[str, str]:
    state = "" if step.keeps_state else "; then it has forgotten everything"
    return "server", f"is down for {seconds(step.lasts_s)}{state}"


def _client(step: Any) -> tuple[str, str]:
    words = {
        "reload": "the page is reloaded",
        "process": "the program is started anew",
        "sleep": "the computer sleeps",
    }
    return "agent", f"{words[step.restart]}, {seconds(step.lasts_s)}"


def _wire(step: Wire) -> tuple[str, str]:
    when, action = step.when, step.action
    what = "what is sent" if when.contains is None else f"what contains {when.contains!r}"
    way = {None: "", "up": " by the desk", "down": " to the desk"}[when.way]
    nth = "" if when.nth == 1 else f", number {when.nth}"
    does_it = _ACTIONS[str(action.__struct_config__.tag)](action)
    return "network", f"{what}{way}{_LINK[when.link]}{nth} {does_it}"


def _fault(step: Fault) -> tuple[str, str]:
    rule = step.rule
    target = rule.match.operation or "anything"
    which = {1: "the next", None: "every"}.get(rule.times, f"the next {rule.times}")
    skip = "" if not rule.skip else f" after {rule.skip}"
    kind = rule.fault
    what = _FAULTS[str(kind.__struct_config__.tag)](kind)
    return "server", f"{which} {target}{skip} {what} (within {seconds(step.lasts_s)})"


def _after(kind: Any) -> str:
    return "though applied" if kind.when is When.AFTER else "before it is applied"


def _reply(kind: ReplyFault) -> str:
    wait = kind.retry_after_text
    if wait is None and kind.retry_after_s is not None:
        wait = str(kind.retry_after_s)
    return f"is answered {kind.status}" + ("" if wait is None else f", Retry-After: {wait}")


def _push_hold(kind: Any) -> str:
    passed = "" if kind.frames is None else f" by {kind.frames}"
    late = "" if kind.delay_s is None else f", or {seconds(kind.delay_s)} late"
    return f"is overtaken{passed}{late}"


def _stall(kind: Any) -> str:
    lasts = "" if kind.duration_s is None else f" for {seconds(kind.duration_s)}"
    return f"is not sent, and its socket is dead{lasts}"


_ACTIONS: dict[str, Callable[[Any], str]] = {
    "delay": lambda action: f"is {seconds(action.delay_s)} late",
    "hold": lambda _: "waits until it is healed, with all behind it",
    "lose": lambda _: "never arrives, nor anything behind it",
    "drop": lambda _: "never arrives",
    "break": lambda action: f"breaks off after {action.keep} bytes with a reset",
    "end": lambda action: f"breaks off after {action.keep} bytes",
    "drip": lambda action: f"comes in drops of {action.size} bytes, {seconds(action.gap_s)} apart",
}

_FAULTS: dict[str, Callable[[Any], str]] = {
    "delay": lambda kind: f"takes {seconds(kind.delay_s)}, {_after(kind)}",
    "reply": _reply,
    "abort": lambda kind: f"is reset, {_after(kind)}",
    "truncate": lambda kind: f"is answered with {kind.bytes} bytes and an end",
    "push-delay": lambda kind: f"is {seconds(kind.delay_s)} late",
    "push-drop": lambda _: "is not sent",
    "push-duplicate": lambda _: "is sent twice",
    "push-hold": _push_hold,
    "push-close": lambda kind: f"closes its socket with {kind.code} instead",
    "push-stall": _stall,
    "push-garble": lambda _: "is cut in half",
}

_WORDS: dict[str, Callable[[Any], tuple[str, str]]] = {
    "press": lambda step: ("agent", f"presses {_MUTE[step.muted]}"),
    "headset": lambda step: ("headset", f"{_MUTE[step.muted]}s"),
    "force": lambda step: ("supervisor", f"{_MUTE[step.muted]}s"),
    "cut": _cut,
    "partition": lambda step: (
        "network",
        f"nothing gets through for {seconds(step.lasts_s)}{_WAY[step.way]}; no connection ends",
    ),
    "halfOpen": _half_open,
    "slow": _slow,
    "refuse": lambda step: (
        "server",
        f"{'ignores' if step.silent else 'refuses'} who dials, for {seconds(step.lasts_s)}",
    ),
    "restart": _restart,
    "expire": lambda _: ("server", "the agent's access tokens expire"),
    "client": _client,
    "wire": _wire,
    "fault": _fault,
}
