"""The mock's own register: what none does is found, before anybody is judged by it."""

import msgspec
import pytest
from tests.offhook_scenarios.oracles.stories import MINE, Story

from offhook.faults.kinds import ReplyFault
from offhook.faults.rule import RuleSpec
from offhook_scenarios.history import Answer, Ask, History
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.register import unbelievable
from offhook_scenarios.plan.judgement import judged
from offhook_scenarios.plan.plan import Fault, Plan

UNVERSIONED = Plan(policies={"versions": False})


def asked(
    history: History,
    at: float,
    *,
    muted: bool | None = None,
    told: bool | None = None,
    rev: int = 0,
) -> History:
    """A mute, or a read that tells this; answered a second later. Without a rev no version."""
    ask = Ask(
        at=at,
        connection=1,
        method="GET" if muted is None else "POST",
        path=f"/{MINE}/mute",
        whose="me",
        muted=muted,
    )
    version = (1, rev) if rev else None
    answer = Answer(
        at=at + 1, connection=1, status=200, version=version, device_id=MINE, muted=told
    )
    return msgspec.structs.replace(
        history, asks=(*history.asks, ask), answers=(*history.answers, answer)
    )


def case(*told: History, plan: Plan = UNVERSIONED) -> Case:
    return Case(plan=plan, histories=told)


FRESH = Story().held(0, muted=False).history
MUTED = asked(FRESH, 1, muted=True)


def test_what_was_set_and_told_again_can_be_believed() -> None:
    assert list(unbelievable(case(asked(MUTED, 3, told=True)))) == []
    assert list(unbelievable(case(FRESH))) == []


def test_a_set_that_nobody_sees_is_found_by_search() -> None:
    lost = case(asked(MUTED, 3, told=False))
    assert list(unbelievable(lost)) == ["no order of the requests explains what was told of d1"]
    with pytest.raises(AssertionError, match="the mock broke: no order of the requests"):
        judged(lost, digest="", elapsed_s=1.0)


@pytest.mark.parametrize(
    "plan",
    [
        Plan(policies={"versions": False, "idempotency_window_s": 0.0}),
        msgspec.structs.replace(
            UNVERSIONED,
            steps=(Fault(at_s=1, rule=RuleSpec(fault=ReplyFault(status=204)), lasts_s=1),),
        ),
    ],
)
def test_where_an_answer_may_be_untrue_there_is_no_search(plan: Plan) -> None:
    assert list(unbelievable(case(asked(MUTED, 3, told=False), plan=plan))) == []


def test_versions_are_held_in_order_and_to_their_values() -> None:
    newer = asked(FRESH, 1, muted=True, rev=2)
    assert list(unbelievable(case(asked(newer, 3, told=True, rev=2), plan=Plan()))) == []
    assert list(unbelievable(case(asked(newer, 3, told=False, rev=1), plan=Plan()))) == [
        "d1 was at (1, 2), and at (1, 1) after that"
    ]
    assert list(unbelievable(case(asked(newer, 3, told=False, rev=2), plan=Plan()))) == [
        "d1 was told live at (1, 2), where it was not"
    ]
