"""Query and header parameters: checked as the document describes them, errors name them."""

from typing import Any

import pytest
from hypothesis import given
from tests.drawn import near, reaches

from offhook.api.answer import empty_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Dialect, Operation, Outcome, Param
from offhook.api.parameters import Check, compile_checks, read_parameters
from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence


def handler(call: Call) -> Answer:
    return empty_answer(204)


def checks(*params: Param) -> tuple[Check, ...]:
    return compile_checks(
        Operation(
            id="probe",
            method="GET",
            path="/probe",
            summary="A probe.",
            dialects=frozenset({Dialect.CONTROL}),
            params=params,
            outcomes={204: Outcome(meaning="Good.")},
            handler=handler,
            evidence=Evidence.ASSUMED,
        )
    )


def query(name: str = "p", *, required: bool = False, **schema: Any) -> tuple[Check, ...]:
    return checks(
        Param(name=name, where="query", schema=schema, meaning="A probe.", required=required)
    )


def read(declared: tuple[Check, ...], text: str, **headers: str) -> dict[str, str]:
    return read_parameters(declared, query=text, headers=headers)


def refused(declared: tuple[Check, ...], text: str, **headers: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        read(declared, text, **headers)
    assert caught.value.status == 400
    return caught.value


WORD = {"type": "string", "pattern": "^[a-z.]{1,4}$"}


@pytest.mark.parametrize(
    ("schema", "raw", "value"),
    [
        (WORD, "ab.c", "ab.c"),
        (WORD, "%61%62", "ab"),
        ({"type": "string", "maxLength": 3}, "%C3%A9+%2B", "é +"),
        ({"type": "string"}, "", ""),
        ({"type": "string", "enum": ["a", "b"]}, "b", "b"),
        ({"type": "integer", "minimum": 0, "maximum": 9}, "9", "9"),
        ({"type": "integer"}, "-12", "-12"),
        ({"type": "integer"}, "58.0", "58"),
        ({"type": "number", "minimum": 0}, "0.5", "0.5"),
        ({"type": "number"}, "1e3", "1e3"),
        ({"type": "boolean"}, "true", "true"),
    ],
)
def test_a_right_value_reaches_the_handler(schema: dict[str, Any], raw: str, value: str) -> None:
    assert read(query(**schema), f"p={raw}") == {"p": value}


@pytest.mark.parametrize(
    ("schema", "raw", "right"),
    [
        (WORD, "", "text matching ^[a-z.]{1,4}$"),
        (WORD, "ABC", "text matching"),
        (WORD, "ab%0A", "text matching"),
        ({"type": "string", "maxLength": 3}, "abcd", "at most 3 characters"),
        ({"type": "string", "minLength": 2}, "a", "2 or more characters"),
        ({"type": "string", "enum": ["a", "b"]}, "c", "one of a, b"),
        ({"type": "integer", "minimum": 0, "maximum": 9}, "10", "a whole number from 0 to 9"),
        ({"type": "integer", "minimum": 0}, "-1", "a whole number from 0"),
        ({"type": "integer"}, "1.5", "a whole number"),
        ({"type": "integer"}, "", "a whole number"),
        ({"type": "integer"}, "%D9%A1", "a whole number"),
        ({"type": "integer"}, "1_000", "a whole number"),
        ({"type": "integer"}, "9" * 400, "a whole number"),
        ({"type": "number"}, "nan", "a number"),
        ({"type": "number", "maximum": 1}, "1.5", "a number to 1"),
        ({"type": "boolean"}, "True", "one of true, false"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(
    schema: dict[str, Any], raw: str, right: str
) -> None:
    error = refused(query(**schema), f"p={raw}")
    assert error.code == "invalid.query.param.value"
    assert "'p'" in error.message
    assert right in error.message
    assert error.facts == {"field": "p"}


def test_unknown_parameters_are_ignored() -> None:
    assert read(query(type="string"), "x=1&p=a&x=2") == {"p": "a"}


def test_a_missing_one_is_absent_defaulted_or_refused() -> None:
    assert read(query(type="string"), "") == {}
    assert read(query(type="boolean", default=False), "") == {"p": "false"}
    assert read(query(type="integer", default=7), "x=1") == {"p": "7"}
    assert "is missing" in refused(query(required=True, type="string"), "x=1").message


def test_a_declared_one_may_be_given_once() -> None:
    assert "given 2 times" in refused(query(type="string"), "p=a&p=a").message


def test_a_query_that_is_not_utf_8_is_refused() -> None:
    assert "not UTF-8" in refused(query(type="string"), "p=%FF").message


def test_a_query_of_very_many_parameters_is_refused() -> None:
    assert "more than 100" in refused(query(type="string"), "&".join(["x=1"] * 101)).message


def test_headers_are_checked_without_regard_to_the_case_of_their_name() -> None:
    declared = checks(Param(name="If-Match", where="header", schema=WORD, meaning="A probe."))
    assert read(declared, "", **{"if-match": "ab"}) == {}
    error = refused(declared, "", **{"if-match": "AB"})
    assert error.code == "invalid.value"
    assert "header 'if-match'" in error.message


def test_path_parameters_are_left_to_whoever_looks_the_resource_up() -> None:
    assert checks(Param(name="id", where="path", schema=WORD, meaning="A probe.")) == ()


def test_a_schema_that_nobody_can_check_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="array"):
        query(type="array")


QUERIES = near("p=7", "p=-1&q=2", "p=00&p=1", "q=%31&p=%37", "p=7.0")
COUNT = query(type="integer", minimum=0)


def is_read(text: str) -> bool:
    try:
        read(COUNT, text)
    except DomainError:
        return False
    return True


@given(QUERIES)
def test_any_query_is_read_or_refused(text: str) -> None:
    """What is read is one whole number, and not below the least."""
    if is_read(text) and (values := read(COUNT, text)):
        assert float(values["p"]) >= 0
        assert float(values["p"]).is_integer()


def test_some_of_them_are_read() -> None:
    reaches(QUERIES, lambda text: len(read(COUNT, text)) if is_read(text) else None, None, 0, 1)


def test_what_is_only_described_is_left_to_the_handler() -> None:
    param = Param(
        name="p",
        where="query",
        schema={"type": "integer"},
        meaning="A probe.",
        required=True,
        checked=False,
    )
    assert checks(param) == ()
