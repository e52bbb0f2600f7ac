"""What a fault rule may name: the operations that are served, and the events that are pushed.

A rule on what can never come would silently never bite, and prove less than it says.
"""

from offhook.api.notifications import EVENT_TYPES
from offhook.api.operation import Dialect
from offhook.api.table import OperationTable
from offhook.domain.errors import DomainError
from offhook.faults.catalogue import CATALOGUE, Seam, near
from offhook.faults.rule import RuleSpec


def check_target(spec: RuleSpec, table: OperationTable, *, overridden: bool) -> None:
    """Raise `DomainError` (404) for a rule on what can never come.

    `overridden`: stubs stand in the place of operations, and are known by their requests.
    """
    wanted = spec.match.operation
    if wanted is None:
        return
    kind = str(spec.fault.__struct_config__.tag)
    if CATALOGUE[kind].seam is Seam.PUSH:
        noun, known = "event type", sorted(EVENT_TYPES)
    elif wanted.partition(" ")[2].startswith("/"):
        if not overridden:
            _check_request(wanted, table)
        return
    else:
        noun = "operation"
        known = [row.id for row in table.operations if Dialect.CONTROL not in row.dialects]
    if wanted not in known:
        raise DomainError(
            "not.found",
            f"match.operation: there is no {noun} {wanted!r} that {kind!r} could hit"
            f"{near(wanted, known)}. Known: {', '.join(known)}.",
        )


def _check_request(wanted: str, table: OperationTable) -> None:
    """`GET /a/path` names what the mock does not model, or what an overriding stub answers."""
    method, _, path = wanted.partition(" ")
    found = table.find(path)
    bound = None if found is None else found[0].bound.get(method)
    if bound is not None:
        right = "no fault may hit it" if bound.control else f"name it {bound.operation.id!r}"
        raise DomainError("not.found", f"match.operation: {wanted!r} is modelled: {right}.")
