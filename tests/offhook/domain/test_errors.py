"""The catalogue of refusals, row by row."""

import re

import pytest

from offhook.domain.errors import REFUSALS, DomainError, OffhookError, Refusal
from offhook.domain.evidence import Evidence


@pytest.mark.parametrize("code", REFUSALS)
def test_each_row_is_whole(code: str) -> None:
    row = REFUSALS[code]
    assert row.code == code
    assert re.fullmatch(r"[a-z]+(\.[a-z]+)*", code)
    assert 400 <= row.status <= 503
    assert row.message.strip() == row.message
    assert row.message
    assert row.evidence in Evidence


@pytest.mark.parametrize("code", REFUSALS)
def test_an_error_without_words_of_its_own_says_the_standard_ones(code: str) -> None:
    error = DomainError(code)
    row = REFUSALS[code]
    assert (error.code, error.status, error.message) == (code, row.status, row.message)
    assert (error.facts, error.headers) == ({}, ())
    assert str(error) == f"{row.status} {code}: {row.message}"
    assert isinstance(error, OffhookError)


def test_an_error_carries_its_own_words_facts_and_headers() -> None:
    error = DomainError("forced", "Locked.", facts={"a": 1}, headers=(("Retry-After", "1"),))
    assert str(error) == "403 forced: Locked."
    assert (error.facts, error.headers) == ({"a": 1}, (("Retry-After", "1"),))


def test_an_unknown_code_is_a_broken_promise_of_ours() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.code"):
        DomainError("no.such.code")


def test_the_statuses_of_the_tutorial_are_all_there() -> None:
    assert {row.status for row in REFUSALS.values()} >= {400, 401, 403, 404, 409, 429}


def test_a_row_is_a_value() -> None:
    with pytest.raises(AttributeError):
        REFUSALS["forced"].status = 200  # type: ignore[misc]  # frozen - that is the point.
    assert REFUSALS["forced"] == Refusal(
        "forced", 403, REFUSALS["forced"].message, Evidence.ASSUMED
    )
