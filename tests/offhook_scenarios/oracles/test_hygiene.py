"""I10: what broke, and what was left over."""

import msgspec
from tests.offhook_scenarios.oracles.stories import Story

from offhook_scenarios.oracles.hygiene import Hygiene


def test_nothing_broke() -> None:
    assert Story().judged(Hygiene()) == []


def test_troubles_are_everybodys_and_errors_are_the_desks() -> None:
    case = msgspec.structs.replace(
        Story().case(),
        troubles=("a task was left over",),
        broken=(("desk 1", "stop(): ValueError()"),),
    )
    assert [(found.desk, found.words) for found in Hygiene().judge(case)] == [
        ("all", "a task was left over"),
        ("desk 1", "the client broke in stop(): ValueError()"),
    ]
