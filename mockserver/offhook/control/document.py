"""What this server speaks, as documents: the API by its dialects, its sockets, control itself."""

from typing import Any

from offhook import __version__
from offhook.api.answer import json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Dialect, Outcome
from offhook.control.rows import row


def _control(call: Call) -> Response:
    from offhook.api.openapi import document  # noqa: PLC0415 - few ask for documents.

    rows = [row for row in call.tenancy.operations if Dialect.CONTROL in row.dialects]
    return json_answer(200, document(rows, title="Offhook control", version=__version__))


def _openapi(call: Call) -> Response:
    from offhook.api.openapi import document  # noqa: PLC0415 - as above.

    rows = [row for row in call.tenancy.operations if Dialect.CONTROL not in row.dialects]
    return json_answer(200, document(rows, title="Offhook", version=__version__))


def _asyncapi(call: Call) -> Response:
    from offhook.api import asyncapi  # noqa: PLC0415 - as above.

    spoken = asyncapi.document(call.tenancy.table.dialects, title="Offhook", version=__version__)
    return json_answer(200, spoken)


OPERATIONS = (
    row(
        "getControlOpenapi",
        "GET",
        "/openapi.json",
        "This document",
        _control,
        outcomes={200: Outcome(meaning="OpenAPI 3.1.", body=dict[str, Any])},
    ),
    row(
        "getSchemaOpenapi",
        "GET",
        "/schema/openapi.json",
        "What clients ask this server",
        _openapi,
        outcomes={200: Outcome(meaning="OpenAPI 3.1.", body=dict[str, Any])},
    ),
    row(
        "getSchemaAsyncapi",
        "GET",
        "/schema/asyncapi.json",
        "What travels on its sockets",
        _asyncapi,
        outcomes={200: Outcome(meaning="AsyncAPI 3.0.", body=dict[str, Any])},
    ),
)
