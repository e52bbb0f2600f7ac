"""What all rows of the control API share."""

import re
from typing import Any

from offhook.api.exchange import Response
from offhook.api.operation import Call, Dialect, Operation
from offhook.control.operations import OPERATIONS
from offhook.control.rows import NOTHING, PREFIX, path_id, row
from offhook.domain.evidence import Evidence


def answer_nothing(call: Call) -> Response:
    return Response(status=204)


def test_a_row_is_ours_and_needs_no_token() -> None:
    made = row("id", "GET", "/x", "A summary", answer_nothing, outcomes={204: NOTHING})
    assert made.path == "/_offhook/v1/x"
    assert made.dialects == {Dialect.CONTROL}
    assert made.access.public
    assert not made.access.counted
    assert made.evidence is Evidence.ASSUMED


def declared(operation: Operation) -> set[str]:
    return {param.name for param in operation.params if param.where == "path"}


def test_every_row_declares_its_path_parameters() -> None:
    named = {row.id: set(re.findall(r"{(\w+)}", row.path)) for row in OPERATIONS}
    assert {row.id: declared(row) for row in OPERATIONS} == named
    assert [row.path for row in OPERATIONS if not row.path.startswith(PREFIX)] == []


def test_only_what_has_a_body_answers_with_one() -> None:
    good = [
        (row.id, status, outcome)
        for row in OPERATIONS
        for status, outcome in row.outcomes.items()
        if status < 300
    ]
    empty = {202, 204}
    wrong = [
        (name, status)
        for name, status, told in good
        if (status in empty) is bool(told.body is not None or told.media)
    ]
    assert wrong == []


def test_a_path_parameter_is_always_required() -> None:
    made: Any = path_id("faultId", "An id.")
    assert (made.where, made.required) == ("path", True)
