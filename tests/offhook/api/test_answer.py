"""Answers: JSON, nothing, and stamps of time."""

import msgspec
import pytest

from offhook.api.answer import JSON, empty_answer, json_answer, stamp


def test_json_calls_itself_json_first() -> None:
    answer = json_answer(201, {"a": 1}, (("Location", "/x"),))
    assert answer.status == 201
    assert answer.headers == (JSON, ("Location", "/x"))
    assert msgspec.json.decode(answer.body) == {"a": 1}


def test_nothing_has_no_content_type() -> None:
    assert empty_answer(204, (("ETag", '"1.1"'),)).headers == (("ETag", '"1.1"'),)
    assert empty_answer(204).body == b""


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0.0, "1970-01-01T00:00:00.000Z"),
        (1_790_000_000.2, "2026-09-21T14:13:20.200Z"),
        (1_790_000_000.0009, "2026-09-21T14:13:20.000Z"),
        (1e18, "9999-12-31T23:59:59.000Z"),
    ],
)
def test_a_stamp_is_iso_8601_in_utc_with_milliseconds(at: float, text: str) -> None:
    assert stamp(at) == text
