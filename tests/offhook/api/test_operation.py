"""Rows of the table: what a row that says nothing allows, and the rules all rows keep."""

import re

import pytest

from offhook.api import oauth, tutorial
from offhook.api.operation import Access, Dialect, Operation
from offhook.control.operations import OPERATIONS as CONTROL

ALL = (*tutorial.OPERATIONS, *oauth.OPERATIONS, *CONTROL)


def test_a_row_that_says_nothing_wants_a_token_and_counts() -> None:
    access = Access()
    assert not access.public
    assert access.counted
    assert (access.scope, access.permission) == (None, None)
    assert {access.owner, access.service, access.user} == {False}


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.id)
def test_every_row_keeps_the_rules_of_the_table(row: Operation) -> None:
    assert re.fullmatch(r"[a-z]+[A-Za-z]*", row.id)
    assert row.path.startswith("/")
    assert not row.path.endswith("/")
    assert row.method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert row.summary
    assert row.dialects
    assert any(status < 400 for status in row.outcomes)
    if row.method == "GET":
        assert row.body is None
    if row.access.service:
        assert row.access.owner, "only where owning matters does a service token need leave"
    if Dialect.CONTROL in row.dialects:
        assert row.dialects == {Dialect.CONTROL}
        assert row.path.startswith("/_offhook/v1/")
        assert row.access == Access(public=True, counted=False)
    if row.access.public:
        assert row.access.scope is None
        assert row.access.permission is None


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.id)
def test_every_status_has_a_meaning(row: Operation) -> None:
    for outcome in row.outcomes.values():
        assert outcome.meaning
