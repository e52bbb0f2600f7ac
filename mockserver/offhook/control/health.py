"""Whether the mock is there, and which it is."""

from typing import Literal

import msgspec

from offhook.api.answer import json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome
from offhook.control.rows import row

VERSION = "0.1.0"
"""The version of the package; a test compares it with the project's own."""


class HealthBody(msgspec.Struct, frozen=True, kw_only=True):
    """It is there."""

    status: Literal["ok"]
    version: str
    org: str


def _get(call: Call) -> Response:
    return json_answer(
        200, HealthBody(status="ok", version=VERSION, org=call.tenancy.settings.name)
    )


OPERATIONS = (
    row(
        "getHealth",
        "GET",
        "/health",
        "Whether the mock is there, and which it is",
        _get,
        outcomes={200: Outcome(meaning="It is.", body=HealthBody)},
    ),
)
