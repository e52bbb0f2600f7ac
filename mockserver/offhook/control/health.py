"""Whether the mock is there, and which it is."""

from typing import Literal

import msgspec

from offhook import __version__
from offhook.api.answer import json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome
from offhook.control.rows import row


class HealthBody(msgspec.Struct, frozen=True, kw_only=True):
    """It is there."""

    status: Literal["ok"]
    version: str
    org: str


def _get(call: Call) -> Response:
    return json_answer(
        200, HealthBody(status="ok", version=__version__, org=call.tenancy.settings.name)
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
