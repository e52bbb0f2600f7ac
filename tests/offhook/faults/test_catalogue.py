"""The table of kinds: complete, and clear about what is wrong."""

import pytest

from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence
from offhook.faults.catalogue import CATALOGUE, Row, Seam, near, phrase, read_fault
from offhook.faults.kinds import Fault, HttpFault, PushFault

ROWS = list(CATALOGUE.values())
WRONG: tuple[object, ...] = ([], {"x": 1}, True, "wrong", -1, 1e12, 0.5)
TEXTS = {("reply", "code"), ("reply", "retryAfterText")}
WRONG_FIELDS = [
    (row, name, wrong)
    for row in ROWS
    for name in row.fields
    for wrong in WRONG
    if (row.kind, name) != ("reply", "body")
    and not ((name.endswith("S") and name != "retryAfterS") and wrong == 0.5)
    and not ((row.kind, name) in TEXTS and wrong == "wrong")
]


def kind_of(value: object) -> str | None:
    return value.kind if isinstance(value, Row) else None


def sentence(value: object) -> str:
    with pytest.raises(DomainError) as refused:
        read_fault(value)
    assert refused.value.status == 400
    message = refused.value.message
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_the_catalogue_lists_every_kind_at_its_seam() -> None:
    assert {row.type for row in ROWS} == set(Fault.__args__)
    assert {row.type for row in ROWS if row.seam is Seam.HTTP} == set(HttpFault.__args__)
    assert {row.type for row in ROWS if row.seam is Seam.PUSH} == set(PushFault.__args__)


def test_the_name_of_a_kind_of_the_push_seam_says_so() -> None:
    for row in ROWS:
        assert row.kind.startswith("push-") == (row.seam is Seam.PUSH), row.kind


@pytest.mark.parametrize("row", ROWS, ids=kind_of)
def test_every_kind_says_what_it_means_and_how_we_know(row: Row) -> None:
    assert row.type.__doc__
    assert row.meaning == row.type.__doc__
    assert row.evidence in Evidence
    for name, field in row.fields.items():
        assert phrase(field), f"{row.kind}.{name} has no description: its errors would be mute."


@pytest.mark.parametrize("row", ROWS, ids=kind_of)
def test_the_example_of_a_kind_is_all_that_must_be_given(row: Row) -> None:
    read_fault({"kind": row.kind, **row.example})
    for name in row.example:
        rest = {key: value for key, value in row.example.items() if key != name}
        message = sentence({"kind": row.kind, **rest})
        assert row.kind in message
        assert name in message


@pytest.mark.parametrize(("row", "name", "wrong"), WRONG_FIELDS, ids=kind_of)
def test_a_wrong_value_is_one_sentence_that_names_field_value_and_what_is_right(
    row: Row, name: str, wrong: object
) -> None:
    message = sentence({"kind": row.kind, **row.example, name: wrong})
    assert message.startswith(f"{name} of fault {row.kind!r} is ")
    assert message.endswith(f"it must be {phrase(row.fields[name])}.")


@pytest.mark.parametrize("row", ROWS, ids=kind_of)
def test_an_unknown_field_is_answered_by_those_that_exist(row: Row) -> None:
    message = sentence({"kind": row.kind, **row.example, "colour": "red"})
    assert "'colour'" in message or '"colour"' in message
    for name in row.fields:
        assert name in message


def test_an_unknown_kind_is_answered_by_those_that_exist_and_near_misses() -> None:
    message = sentence({"kind": "push-dealy"})
    assert "did you mean push-delay" in message
    for kind in CATALOGUE:
        assert kind in message


@pytest.mark.parametrize("value", [None, 3, "delay", ["delay"], {}, {"kind": 3}, {"kind": None}])
def test_what_is_no_fault_at_all_is_told_what_would_be_one(value: object) -> None:
    assert "push-garble" in sentence(value)


def test_a_huge_wrong_value_is_not_repeated_whole() -> None:
    assert len(sentence({"kind": "reply", "status": "x" * 10_000})) < 300


def test_a_rule_across_fields_is_told_as_well() -> None:
    assert "`frames` or `delayS`" in sentence({"kind": "push-hold"})
    assert "1005" in sentence({"kind": "push-close", "code": 1005})


def test_nothing_near_is_no_hint() -> None:
    assert near("zzz", CATALOGUE) == ""
    assert near(None, CATALOGUE) == ""
