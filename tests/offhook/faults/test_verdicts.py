"""Verdicts are values that name their rule."""

import msgspec
import pytest

from offhook.faults.verdicts import (
    HttpVerdict,
    PushDrop,
    PushVerdict,
    Verdict,
    When,
)


def test_every_verdict_belongs_to_exactly_one_seam() -> None:
    http, push = set(HttpVerdict.__args__), set(PushVerdict.__args__)
    assert http | push == set(Verdict.__subclasses__())
    assert not http & push


@pytest.mark.parametrize("kind", Verdict.__subclasses__())
def test_every_verdict_names_its_rule_first(kind: type[Verdict]) -> None:
    assert kind.__struct_fields__[0] == "rule_id"


def test_a_verdict_is_a_value() -> None:
    verdict = PushDrop(rule_id="r")
    assert verdict == PushDrop(rule_id="r")
    assert hash(verdict) == hash(PushDrop(rule_id="r"))
    with pytest.raises(AttributeError):
        verdict.rule_id = "other"  # type: ignore[misc]  # - a frozen value is written to on purpose.


def test_the_sides_of_an_effect_are_two() -> None:
    assert [msgspec.to_builtins(side) for side in When] == ["before", "after"]
