"""Whether the mock's own register can be believed: all judge by it, so it is judged first."""

from collections.abc import Iterator

from offhook.faults.kinds import ReplyFault
from offhook.policies import Policies
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.linearizability import (
    Operation,
    linearizable,
    misread,
    operations_of,
    out_of_order,
)
from offhook_scenarios.plan.plan import Fault, Plan

_SUCCESS = range(200, 300)


def unbelievable(case: Case) -> Iterator[str]:
    """What no register does that keeps one value, from what was written to and told by each device.

    By their versions where the server tells any; by a search for an order that explains all
    where it does not, unless the plan lets it answer for what it has not done, or do it twice.
    """
    for history in case.histories:
        for device_id in {truth.device_id: None for truth in history.truths}:
            operations = operations_of(history, device_id)
            if any(operation.version for operation in operations):
                yield from _by_version(device_id, operations)
            elif _is_plain(case.plan) and not linearizable(operations):
                yield f"no order of the requests explains what was told of {device_id}"


def _by_version(device_id: str, operations: list[Operation]) -> Iterator[str]:
    for newer, older in out_of_order(operations):
        yield f"{device_id} was at {newer.version}, and at {older.version} after that"
    for operation in misread(operations):
        told = "muted" if operation.value else "live"
        yield f"{device_id} was told {told} at {operation.version}, where it was not"


def _is_plain(plan: Plan) -> bool:
    """Whether a 2xx tells that it was done, once for each Idempotency-Key."""
    if not Policies().changed(plan.policies).idempotency_window_s:
        return False
    return not any(
        isinstance(step, Fault)
        and isinstance(step.rule.fault, ReplyFault)
        and step.rule.fault.status in _SUCCESS
        for step in plan.steps
    )
