"""The whole demo, with few sessions: order, progress, failures."""

import msgspec

from offhook_scenarios.adapters.node import Node, NoNodeError
from offhook_scenarios.complete_example import ExampleRun
from offhook_scenarios.demo import Demo, run_demo
from offhook_scenarios.outcome import Outcome
from offhook_scenarios.sessions.catalogue import CATALOGUE

SHORT = tuple(
    msgspec.structs.replace(session, script=(), length_s=1 + number)
    for number, session in enumerate(reversed(CATALOGUE[:3]))
)


def test_outcomes_come_in_the_order_of_the_sessions_whoever_is_done_first() -> None:
    heard: list[Outcome] = []
    demo = run_demo(SHORT, ("naive",), seed=3, speed=20, done=heard.append)
    assert [outcome.session for outcome in demo.outcomes] == list(SHORT)
    assert [outcome.error for outcome in demo.outcomes] == [None] * 3
    assert {outcome.session.id for outcome in heard} == {session.id for session in SHORT}
    assert (demo.seed, demo.speed) == (3, 20)


def test_every_desk_plays_every_session() -> None:
    demo = run_demo(SHORT[:1], ("naive", "reference"), seed=1, speed=20)
    assert [outcome.desk for outcome in demo.outcomes] == ["naive", "reference"]


def test_the_desk_in_node_stands_behind_the_others_in_each_session(node: Node) -> None:
    demo = run_demo(SHORT[:2], ("naive", "reference"), seed=1, speed=20, node=node)
    assert [outcome.desk for outcome in demo.outcomes] == ["naive", "reference", "js-sdk"] * 2
    assert [outcome.session for outcome in demo.outcomes[::3]] == list(SHORT[:2])
    assert [outcome.error for outcome in demo.outcomes] == [None] * 6
    (remark,) = demo.remarks
    assert remark.startswith("js-sdk is a small desk of ours")


def test_without_node_its_absence_is_told() -> None:
    demo = run_demo(SHORT[:1], ("naive",), seed=1, speed=20, node=NoNodeError("There is no Node."))
    assert [outcome.desk for outcome in demo.outcomes] == ["naive"]
    assert demo.remarks == ("js-sdk was not played: There is no Node.",)
    assert not demo.broken


def test_a_demo_is_broken_when_a_play_or_the_example_is() -> None:
    fine = Demo(seed=1, speed=1, example=ExampleRun(), outcomes=())
    failed = Outcome(session=CATALOGUE[0], desk="naive", error="KeyError")
    assert not fine.broken
    assert msgspec.structs.replace(fine, outcomes=(failed,)).broken
    assert msgspec.structs.replace(fine, example=ExampleRun(error="KeyError")).broken
