"""Every step has its words."""

from typing import get_args

import pytest

from offhook.faults.kinds import (
    AbortFault,
    DelayFault,
    PushHoldFault,
    PushStallFault,
    ReplyFault,
)
from offhook.faults.kinds import (
    Fault as FaultKind,
)
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When as Side
from offhook_scenarios.check import step_words
from offhook_scenarios.check.step_words import told, trouble, troubles
from offhook_scenarios.plan.kinds import KINDS
from offhook_scenarios.plan.plan import (
    Cut,
    Expire,
    Fault,
    Force,
    HalfOpen,
    Partition,
    Plan,
    Press,
    Refuse,
    Restart,
    Slow,
    Step,
    Wire,
)
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.plan.wire import Action, Break, Delay, Drip, Lose, When


def fault(kind: FaultKind, *, times: int | None = 1) -> Fault:
    match = Match(operation="postWebrtcClientMute")
    return Fault(at_s=1, rule=RuleSpec(match=match, fault=kind, times=times), lasts_s=5)


@pytest.mark.parametrize(
    ("step", "who", "what"),
    [
        (Press(at_s=1, muted=True), "agent", "presses mute"),
        (Force(at_s=1, muted=False), "supervisor", "unmutes"),
        (Cut(at_s=1), "network", "resets every connection of the desk"),
        (
            Cut(at_s=1, side="server", end="fin"),
            "network",
            "ends every connection of the desk; only the server is told",
        ),
        (
            Partition(at_s=1, way="up", lasts_s=17),
            "network",
            "nothing gets through for 17 s, from the desk to the server; no connection ends",
        ),
        (HalfOpen(at_s=1), "network", "open connections go dead, and nobody is told"),
        (Slow(at_s=1, latency_s=2, lasts_s=9), "network", "takes 2 s a way, for 9 s"),
        (Refuse(at_s=1, silent=True, lasts_s=4), "server", "ignores who dials, for 4 s"),
        (
            Restart(at_s=1, keeps_state=False, lasts_s=2.5),
            "server",
            "is down for 2.5 s; then it has forgotten everything",
        ),
        (Expire(at_s=1), "server", "the agent's access tokens expire"),
        (
            Wire(at_s=1, when=When(way="down", contains="204", nth=2), action=Break(), lasts_s=9),
            "network",
            "what contains '204' to the desk, number 2 breaks off after 0 bytes with a reset",
        ),
        (
            fault(ReplyFault(status=429, retry_after_s=30), times=2),
            "server",
            "the next 2 postWebrtcClientMute is answered 429, Retry-After: 30 (within 5 s)",
        ),
        (
            fault(AbortFault(when=Side.AFTER), times=None),
            "server",
            "every postWebrtcClientMute is reset, though applied (within 5 s)",
        ),
        (
            fault(PushHoldFault(delay_s=3)),
            "server",
            "the next postWebrtcClientMute is overtaken, or 3 s late (within 5 s)",
        ),
        (
            fault(PushStallFault()),
            "server",
            "the next postWebrtcClientMute is not sent, and its socket is dead (within 5 s)",
        ),
    ],
)
def test_a_step_is_told(step: Step, who: str, what: str) -> None:
    assert told(step) == (who, what)


def test_every_kind_of_step_fault_and_action_has_its_words() -> None:
    assert set(step_words._WORDS) == {kind.__struct_config__.tag for kind in get_args(Step)}
    assert set(step_words._FAULTS) == {kind.__struct_config__.tag for kind in get_args(FaultKind)}
    assert set(step_words._ACTIONS) == {kind.__struct_config__.tag for kind in get_args(Action)}


def test_whatever_is_generated_can_be_told() -> None:
    for seed in range(300):
        for step in generate(seed).steps:
            assert all(told(step))
    assert len(KINDS) > 20


def test_troubles_are_told_apart() -> None:
    steps = (
        Press(at_s=1, muted=True),
        fault(ReplyFault(status=401)),
        fault(DelayFault(delay_s=1, when=Side.AFTER)),
        Wire(at_s=1, action=Lose(), lasts_s=1),
    )
    assert troubles(Plan(steps=steps)) == ["press", "reply 401", "delay after", "wire lose"]
    assert trouble(Expire(at_s=1)) == "expire"


@pytest.mark.parametrize("action", [Delay(delay_s=2), Drip()])
def test_seconds_have_their_unit(action: Action) -> None:
    _, what = told(Wire(at_s=1, action=action, lasts_s=9))
    assert " s" in what
