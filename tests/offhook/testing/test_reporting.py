"""File names of traces. The rest is told in projects of users: tests/plugin/test_reports.py."""

from hypothesis import given
from hypothesis import strategies as st

from offhook.testing.reporting import slug


def test_a_name_is_readable_and_its_own() -> None:
    assert slug("tests/test_a.py::test_it[a b]").startswith("tests-test-a-py-test-it-a-b-")
    assert slug("test_it[a/b]") != slug("test_it[a.b]")


@given(st.text())
def test_any_test_has_a_name_that_every_file_system_takes(test: str) -> None:
    name = slug(test)
    assert 8 <= len(name) <= 100
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
