"""Verdicts."""

from offhook_scenarios.score.rule import (
    Judged,
    Look,
    Rule,
    Verdict,
    Weight,
    broke,
    holds,
    kept,
    unjudged,
)
from offhook_scenarios.score.seen import WRITES, Arrival, Seen


def test_a_verdict_comes_with_its_evidence() -> None:
    assert holds(True, "x") == kept("x")
    assert holds(False, "x") == broke("x")
    assert unjudged("x").verdict is Verdict.NOT_JUDGED
    assert unjudged("x").words == "x"


def test_what_keeps_a_server_down_counts_most() -> None:
    assert max(Weight) is Weight.MUST


def arrival(at: float, *, client: int = 0, operation: str = "postWebrtcClientMute") -> Arrival:
    return Arrival(
        at=at,
        answered_at=at + 1.0,
        operation=operation,
        method="POST",
        status=429,
        client=client,
        retry_after="3",
    )


def seen(probe: str, *arrivals: Arrival) -> Seen:
    return Seen(probe=probe, clients=2, began=0.0, ended=9.0, arrivals=arrivals, presses=())


def test_a_rule_looks_at_its_own_probes_and_operations() -> None:
    looked: list[Look] = []

    def how(look: Look) -> Judged:
        looked.append(look)
        return kept("fine")

    rule = Rule(
        id="B00",
        name="any",
        asks="",
        reason="",
        reference="",
        weight=Weight.NICE,
        probes=("b", "a"),
        how=how,
    )
    others = arrival(4.0, operation="getUsersMe"), arrival(9.0, client=1)
    probes = {name: seen(name, arrival(2.0), *others, arrival(5.0)) for name in ("a", "b", "c")}
    assert rule.judge(probes) == kept("fine")
    (look,) = looked
    assert [each.probe for each in look.seen] == ["b", "a"]
    assert look.rows() == [[2.0], [2.0]]
    assert look.told() == [(3.0, 2.0, 0), (3.0, 2.0, 0)]


def test_one_is_the_only_probe() -> None:
    only = seen("a")
    assert Look((only,), WRITES).one is only
