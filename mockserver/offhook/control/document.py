"""The OpenAPI document of the control API itself."""

from typing import Any

from offhook import __version__
from offhook.api.answer import json_answer
from offhook.api.exchange import Response
from offhook.api.openapi import document
from offhook.api.operation import Call, Dialect, Outcome
from offhook.control.rows import row


def _get(call: Call) -> Response:
    rows = [row for row in call.tenancy.operations if Dialect.CONTROL in row.dialects]
    return json_answer(200, document(rows, title="Offhook control", version=__version__))


OPERATIONS = (
    row(
        "getControlOpenapi",
        "GET",
        "/openapi.json",
        "This document",
        _get,
        outcomes={200: Outcome(meaning="OpenAPI 3.1.", body=dict[str, Any])},
    ),
)
