"""Rows of the table: what a row that says nothing allows, and the rules all rows keep."""

import re
from collections.abc import Callable

import pytest

from offhook.api.operation import Access, Dialect, Operation
from offhook.server import OPERATIONS


def test_a_row_that_says_nothing_wants_a_token_and_counts() -> None:
    access = Access()
    assert not access.public
    assert access.counted
    assert (access.scope, access.permission) == (None, None)
    assert {access.owner, access.service, access.user} == {False}


def is_control(row: Operation) -> bool:
    return Dialect.CONTROL in row.dialects


RULES: dict[str, Callable[[Operation], object]] = {
    "its id is one word": lambda row: re.fullmatch(r"[a-z]+[A-Za-z]*[0-9]?", row.id),
    "its path begins with a slash and ends without": lambda row: re.fullmatch("/.*[^/]", row.path),
    "its method is one of five": lambda row: (
        row.method in ["GET", "POST", "PUT", "PATCH", "DELETE"]
    ),
    "it says what it does": lambda row: row.summary,
    "it belongs to a dialect": lambda row: row.dialects,
    "it can succeed": lambda row: any(status < 400 for status in row.outcomes),
    "each status has a meaning": lambda row: all(each.meaning for each in row.outcomes.values()),
    "a GET has no body": lambda row: row.method != "GET" or row.body is None,
    "only where owning matters does a service token need leave": lambda row: (
        row.access.owner or not row.access.service
    ),
    "control is control's alone": lambda row: (
        not is_control(row)
        or (row.dialects == {Dialect.CONTROL} and row.path.startswith("/_offhook/v1/"))
    ),
    "control needs no token and is not counted": lambda row: (
        not is_control(row) or row.access == Access(public=True, counted=False)
    ),
    "what is public asks for no right": lambda row: (
        not row.access.public or (row.access.scope, row.access.permission) == (None, None)
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_every_row_keeps_the_rules_of_the_table(rule: str) -> None:
    assert [row.id for row in OPERATIONS if not RULES[rule](row)] == []
