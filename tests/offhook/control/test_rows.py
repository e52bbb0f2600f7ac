"""What all rows of the control API share."""

import re
from typing import Any

import pytest

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


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: str(row.id))
def test_every_row_declares_its_path_parameters(operation: Operation) -> None:
    named = set(re.findall(r"{(\w+)}", operation.path))
    declared = {param.name for param in operation.params if param.where == "path"}
    assert named == declared
    assert operation.path.startswith(PREFIX)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: str(row.id))
def test_only_what_has_a_body_answers_with_one(operation: Operation) -> None:
    for status, outcome in operation.outcomes.items():
        if status in {202, 204}:
            assert outcome.body is None
        elif status < 300:
            assert outcome.body is not None or outcome.media


def test_a_path_parameter_is_always_required() -> None:
    made: Any = path_id("faultId", "An id.")
    assert (made.where, made.required) == ("path", True)
