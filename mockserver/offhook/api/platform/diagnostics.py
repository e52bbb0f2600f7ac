"""What clients tell of themselves; nobody looks at it (wire contract §1.3)."""

from offhook.api.answer import empty_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Operation
from offhook.api.platform.rows import ACCEPTED, row


def take(_call: Call) -> Answer:
    """Take it, whatever it is."""
    return empty_answer(202)


OPERATIONS: tuple[Operation, ...] = (
    row(
        "postDiagnosticsTrace",
        "POST /api/v2/diagnostics/trace",
        "What a client logs of itself.",
        take,
        outcomes={202: ACCEPTED},
    ),
    row(
        "postDiagnosticsNewrelicInsights",
        "POST /api/v2/diagnostics/newrelic/insights",
        "What a client measures of itself.",
        take,
        outcomes={202: ACCEPTED},
    ),
)
