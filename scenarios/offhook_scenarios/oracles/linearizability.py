"""Whether a register behaved as if each operation had taken effect at one moment.

With versions that is a matter of sorting: `out_of_order`. Without, it is a search for an order
that explains every answer: `linearizable`, after Wing and Gong with Lowe's memory of what was
tried (set of operations done, value). On a bare boolean the search sees little, because another
write of the same value can nearly always explain a wrong read; where there are versions, use
them. An operation whose outcome is unknown never returns: it may take effect late, or not at all.
"""

from collections.abc import Sequence
from math import inf
from operator import attrgetter

import msgspec

from offhook_scenarios.adapters.adapter import Version
from offhook_scenarios.history import Answer, Ask, History
from offhook_scenarios.oracles.effects import is_own
from offhook_scenarios.oracles.exchanges import exchanges

_OK = range(200, 300)
_SERVER_ERROR = 500


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """A write or a read of one register."""

    called_at: float
    returned_at: float = inf
    """Infinite: nobody knows whether it took effect, or when it will."""
    value: bool
    """What was written, or read."""
    is_read: bool = False
    version: Version | None = None
    """The one that it made or saw, where it is known."""


def linearizable(operations: Sequence[Operation], *, initial: bool = False) -> bool:
    """Whether some order explains them all. Reads without a return are passed over."""
    ops = [op for op in sorted(operations, key=attrgetter("called_at")) if _counts(op)]
    must = sum(1 << index for index, op in enumerate(ops) if op.returned_at < inf)
    tried: set[tuple[int, bool]] = set()
    stack = [(0, initial)]
    while stack:
        done, value = stack.pop()
        if done & must == must:
            return True
        if (done, value) in tried:
            continue
        tried.add((done, value))
        for index in _next(ops, done):
            op = ops[index]
            if op.is_read and op.value != value:
                continue
            stack.append((done | 1 << index, value if op.is_read else op.value))
    return False


def _counts(op: Operation) -> bool:
    return not op.is_read or op.returned_at < inf


def _next(ops: Sequence[Operation], done: int) -> list[int]:
    """Who may be next: called before any of those that are left has returned.

    Of writes that never returned the first of each value will do: whatever a later one explains
    it explains too. Else a client that tries again and again would make the search endless.
    """
    left = [index for index in range(len(ops)) if not done >> index & 1]
    until = min((ops[index].returned_at for index in left), default=inf)
    found: list[int] = []
    unsure: set[bool] = set()
    for index in left:
        op = ops[index]
        if op.called_at > until:
            break
        if op.returned_at == inf:
            if op.value in unsure:
                continue
            unsure.add(op.value)
        found.append(index)
    return found


def out_of_order(operations: Sequence[Operation]) -> list[tuple[Operation, Operation]]:
    """Pairs of which the earlier one had returned, with a newer version, before the later began.

    O(n log n). What has no version is passed over, also where it is no surprise that it has none.
    """
    ops = sorted((op for op in operations if op.version), key=attrgetter("called_at"))
    returned = sorted(ops, key=attrgetter("returned_at"))
    found: list[tuple[Operation, Operation]] = []
    newest: Operation | None = None
    over = 0
    for op in ops:
        while over < len(returned) and returned[over].returned_at < op.called_at:
            if newest is None or _version(returned[over]) > _version(newest):
                newest = returned[over]
            over += 1
        if newest is not None and _version(op) < _version(newest):
            found.append((newest, op))
    return found


def misread(operations: Sequence[Operation]) -> list[Operation]:
    """Reads that tell another value than the write of the same version, or one another."""
    values = {op.version: op.value for op in operations if op.version and not op.is_read}
    return [
        op
        for op in operations
        if op.is_read and op.version and values.setdefault(op.version, op.value) != op.value
    ]


def _version(op: Operation) -> Version:
    assert op.version is not None, "sorted out before"
    return op.version


def operations_of(history: History, device_id: str) -> list[Operation]:
    """What happened to the register of a device, as far as the desk and the server know.

    The desk's requests lie between their writing and the delivery of their answers; requests under
    one Idempotency-Key are one operation. Other hands act at the server, at one moment.
    """
    found = [
        Operation(called_at=w.at, returned_at=w.at, value=w.muted, version=w.version)
        for w in history.writes
        if w.device_id == device_id and not is_own(w)
    ]
    keyed: dict[str, Operation] = {}
    for ask, answer in exchanges(history):
        op = _operation(ask, answer, device_id)
        if op is None:
            continue
        if ask.key is None:
            found.append(op)
        else:
            keyed[ask.key] = _merged(keyed.get(ask.key), op)
    return found + list(keyed.values())


def _operation(ask: Ask, answer: Answer | None, device_id: str) -> Operation | None:
    if ask.method == "POST" and ask.muted is not None and device_id in ask.path:
        if answer is None or answer.status >= _SERVER_ERROR:
            return Operation(called_at=ask.at, value=ask.muted)
        if answer.status not in _OK:
            return None
        return Operation(
            called_at=ask.at, returned_at=answer.at, value=ask.muted, version=answer.version
        )
    if ask.method == "GET" and answer is not None and answer.device_id == device_id:
        if answer.muted is None:
            return None
        return Operation(
            called_at=ask.at,
            returned_at=answer.at,
            value=answer.muted,
            is_read=True,
            version=answer.version,
        )
    return None


def _merged(one: Operation | None, other: Operation) -> Operation:
    """Two requests under one key: one effect, since the first was written, before any returned."""
    if one is None:
        return other
    version = one.version or other.version
    return Operation(
        called_at=min(one.called_at, other.called_at),
        returned_at=min(one.returned_at, other.returned_at),
        value=one.value,
        version=version,
    )
