"""The table of operations of one server: which are served, which one a path means."""

from collections.abc import Mapping, Sequence

import msgspec

from offhook.api.exchange import SWITCHING
from offhook.api.operation import Dialect, Operation, Outcome
from offhook.api.parameters import Check, compile_checks
from offhook.api.paths import PathTree, parameters

ALWAYS = frozenset({Dialect.OAUTH, Dialect.CONTROL})
"""Served whatever `--dialect` says."""

DEVICE_PARAMETER = "clientId"
"""The path parameter that names a device, outside the control API."""

IDEMPOTENCY_HEADER = "idempotency-key"

_PATHS_MAX = 4096
_PATH_MAX = 256
"""How many paths are remembered with what they mean, and how long one may be for it."""


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """An operation with everything computed that is the same for each request."""

    operation: Operation
    statuses: frozenset[int]
    checks: tuple[Check, ...]
    on_device: bool
    """The path names a device."""
    replayable: bool
    """Takes an `Idempotency-Key`."""
    control: bool
    prompt: bool
    """Its answer is always a response: it becomes no socket and moves no clock."""
    steps: frozenset[str]
    """The names of the steps of refusal that can have a word on this operation."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A path of the table, and what may be done there. Keys are methods."""

    template: str
    parameters: tuple[str, ...]
    bound: dict[str, Bound]

    @property
    def allow(self) -> str:
        """The value of the `Allow` header (RFC 9110 §10.2.1)."""
        methods = {*self.bound, "OPTIONS"} | ({"HEAD"} if "GET" in self.bound else set())
        return ", ".join(sorted(methods))


def common_outcomes(operation: Operation) -> dict[int, Outcome]:
    """The refusals that an operation has from its access, parameters and body alone."""
    access = operation.access
    control = Dialect.CONTROL in operation.dialects
    needs_header = any(param.where != "path" for param in operation.params)
    on_device = not control and f"{{{DEVICE_PARAMETER}}}" in operation.path
    told = {
        400: (
            not access.public or (operation.body is not None) or needs_header,
            "The request cannot be understood.",
        ),
        401: (not access.public or control, "The credentials are missing or no longer good."),
        403: (
            not access.public and bool(access.permission or access.owner or access.scope),
            "The token's user may not do this.",
        ),
        404: (on_device, "There is no such device: unknown, expired, deleted or terminated."),
        413: (True, "The body is over the size limit."),
        415: (operation.body is not None, "The body does not call itself JSON."),
        429: (not access.public and access.counted, "Too many requests."),
    }
    return {
        status: Outcome(meaning=meaning, headers=("Retry-After",) if status == 429 else ())  # noqa: PLR2004 - an HTTP status.
        for status, (applies, meaning) in told.items()
        if applies
    }


def bind(operation: Operation, *, on_device: bool = True) -> Bound:
    """Compute what is the same for each request to an operation.

    `on_device` False: what its path names is no device, whatever it is called.
    """
    checks = compile_checks(operation)
    control = Dialect.CONTROL in operation.dialects
    on_device = on_device and not control and f"{{{DEVICE_PARAMETER}}}" in operation.path
    replayable = any(check.name == IDEMPOTENCY_HEADER for check in checks)
    access = operation.access
    steps = {
        "token": control or not access.public,
        "rate": access.counted,
        "scope": not access.public and access.scope is not None,
        "permission": not access.public,
        "size": True,
        "media-type": operation.body is not None,
        "body": bool(checks) or operation.body is not None,
        "resource": on_device,
        "idempotency": replayable,
        "domain": True,
    }
    return Bound(
        operation=operation,
        statuses=frozenset(operation.outcomes) | frozenset(common_outcomes(operation)),
        checks=checks,
        on_device=on_device,
        replayable=replayable,
        control=control,
        prompt=SWITCHING not in operation.outcomes and not control,
        steps=frozenset(name for name, applies in steps.items() if applies),
    )


class OperationTable:
    """The operations that a server serves. Ids, and pairs of method and path, are unique."""

    def __init__(self, operations: Sequence[Operation], dialects: frozenset[Dialect]) -> None:
        self.dialects = dialects | ALWAYS
        self.operations = tuple(row for row in operations if row.dialects & self.dialects)
        self._tree: PathTree[Place] = PathTree()
        self._by_id: dict[str, Operation] = {}
        self._found: dict[str, tuple[Place, Mapping[str, str]]] = {}
        """What paths that were asked for mean; clients ask for the same ones again."""
        for operation in self.operations:
            assert operation.id not in self._by_id, f"two operations are called {operation.id}"
            self._by_id[operation.id] = operation
            self._insert(operation)

    def operation(self, operation_id: str) -> Operation | None:
        """The operation of that id, None when it is not served."""
        return self._by_id.get(operation_id)

    def _insert(self, operation: Operation) -> None:
        names = parameters(operation.path)
        node = self._tree.at(operation.path)
        declared = {param.name for param in operation.params if param.where == "path"}
        assert declared == set(names), f"{operation.id} declares other parameters than its path"
        if node.value is None:
            node.value = Place(template=operation.path, parameters=names, bound={})
        place = node.value
        assert place.parameters == names, f"{operation.path} renames a parameter"
        taken = place.bound.get(operation.method)
        assert taken is None, f"{operation.id} is at the place of another operation"
        place.bound[operation.method] = bind(operation)

    def find(self, path: str) -> tuple[Place, Mapping[str, str]] | None:
        """The place of a percent-encoded path and its decoded parameters, None for no such path."""
        known = self._found.get(path)
        if known is not None:
            return known
        found = self._tree.find(path)
        if found is None:
            return None
        place, values = found
        meant = place, dict(zip(place.parameters, values, strict=True))
        if len(path) <= _PATH_MAX:
            if len(self._found) >= _PATHS_MAX:
                self._found.clear()
            self._found[path] = meant
        return meant
