"""Why a request was refused."""

from typing import Any

from offhook.api.answer import json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome
from offhook.control.rows import NO_SUCH, path_id, row
from offhook.domain.errors import DomainError


def _get(call: Call) -> Response:
    wanted = call.path["contextId"]
    explanation = call.tenancy.whys.get(wanted)
    if explanation is None:
        raise DomainError(
            "not.found",
            f"There is no explanation of {wanted!r}: it names no refusal of this org, or one "
            f"before the last {len(call.tenancy.whys)}.",
        )
    return json_answer(200, explanation)


OPERATIONS = (
    row(
        "getWhy",
        "GET",
        "/why/{contextId}",
        "Why a request was refused",
        _get,
        params=(path_id("contextId", "The contextId of the refusal."),),
        outcomes={
            200: Outcome(meaning="Operation, token, state, clock and fault.", body=dict[str, Any]),
            404: NO_SUCH,
        },
    ),
)
