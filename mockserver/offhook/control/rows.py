"""What all rows of the control API share: its path, its access, its outcomes."""

from collections.abc import Callable, Mapping
from typing import Any

from offhook.api.exchange import Answer
from offhook.api.operation import Access, Call, Dialect, Operation, Outcome, Param
from offhook.domain.evidence import Evidence

PREFIX = "/_offhook/v1"

NO_SUCH = Outcome(meaning="What is named here does not exist.")
CONFLICT = Outcome(meaning="The state does not allow it; the message names the state.")
NOTHING = Outcome(meaning="Done.")


def row(
    id: str,  # noqa: A002 - the operation id, by the table's own word.
    method: str,
    path: str,
    summary: str,
    handler: Callable[[Call], Answer],
    *,
    outcomes: Mapping[int, Outcome],
    body: Any = None,
    params: tuple[Param, ...] = (),
) -> Operation:
    """An operation of the control API: no token, no limit, no fault; ours, so `assumed`."""
    return Operation(
        id=id,
        method=method,
        path=PREFIX + path,
        summary=summary,
        dialects=frozenset({Dialect.CONTROL}),
        access=Access(public=True, counted=False),
        params=params,
        body=body,
        outcomes=outcomes,
        handler=handler,
        evidence=Evidence.ASSUMED,
    )


def path_id(name: str, meaning: str) -> Param:
    """A public id in the path."""
    schema = {"type": "string", "minLength": 1}
    return Param(name=name, where="path", schema=schema, meaning=meaning, required=True)
