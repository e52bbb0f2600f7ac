"""The OpenAPI 3.1 document, made of the operation table and the message types.

What it says is what `apply` does: both read the same rows, and `apply` asserts that no other
status is answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from offhook.api.exchange import FIRST_ERROR
from offhook.api.json_schema import Schemas, with_formats
from offhook.api.operation import Dialect, Operation, Outcome, Param
from offhook.api.schemas import ErrorBody
from offhook.api.table import common_outcomes

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_UNAUTHORIZED = 401

_SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token of /oauth/token.",
    },
    "controlKey": {
        "type": "apiKey",
        "in": "header",
        "name": "Offhook-Key",
        "description": "Asked for only when the server is bound beyond loopback.",
    },
}

_HEADERS: dict[str, dict[str, Any]] = {
    "Allow": {"description": "The methods of this path.", "schema": {"type": "string"}},
    "ETag": {
        "description": "The version of the device; absent when the policy turns versions off.",
        "schema": {"type": "string", "examples": ['"1.3"']},
    },
    "ININ-Correlation-Id": {
        "description": "Names this exchange; a refusal's contextId.",
        "schema": {"type": "string"},
    },
    "Offhook-Intent": {
        "description": "The intent of the request, when it had one.",
        "schema": {"type": "string", "examples": ["desk-1:7"]},
    },
    "Retry-After": {
        "description": "Whole seconds to wait.",
        "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2**31 - 1},
    },
    "WWW-Authenticate": {
        "description": "What credentials are wanted (RFC 9110 §11.6.1).",
        "schema": {"type": "string"},
    },
}


def document(operations: Sequence[Operation], *, title: str, version: str) -> dict[str, Any]:
    """The document of these operations, as JSON-able values."""
    schemas = Schemas([ErrorBody, *(body for row in operations for body in _bodies(row))])
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = paths.setdefault(operation.path, {})
        path[operation.method.lower()] = _operation(operation, operations, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "summary": "An unofficial mock of Genesys Cloud voice control.",
            "description": "Offhook is an independent, unofficial test tool, not affiliated "
            "with, endorsed by or supported by Genesys.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "The mock that serves this document."}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": _SECURITY_SCHEMES,
            "headers": _HEADERS,
        },
    }


def _bodies(operation: Operation) -> list[Any]:
    outcomes = operation.outcomes.values()
    taken = (operation.body, operation.form)
    return [body for body in (*taken, *(row.body for row in outcomes)) if body is not None]


def _operation(
    operation: Operation, operations: Sequence[Operation], schemas: Schemas
) -> dict[str, Any]:
    outcomes = {**common_outcomes(operation), **operation.outcomes}
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": sorted(operation.dialects),
        "x-evidence": operation.evidence.value,
        "responses": {
            str(status): _response(
                status,
                outcomes[status],
                operations,
                schemas,
                control=Dialect.CONTROL in operation.dialects,
            )
            for status in sorted(outcomes)
        },
        "security": _security(operation),
    }
    if operation.params:
        described["parameters"] = [_parameter(param) for param in operation.params]
    body = _request_body(operation, schemas)
    if body is not None:
        described["requestBody"] = body
    return described


def _parameter(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": param.where,
        "required": param.required or param.where == "path",
        "description": param.meaning,
        "schema": with_formats(dict(param.schema)),
    }


def _request_body(operation: Operation, schemas: Schemas) -> dict[str, Any] | None:
    for media, message in ((_FORM, operation.form), (_JSON, operation.body)):
        if message is not None:
            return {"required": True, "content": {media: {"schema": schemas.of(message)}}}
    return None


def _response(
    status: int,
    outcome: Outcome,
    operations: Sequence[Operation],
    schemas: Schemas,
    *,
    control: bool,
) -> dict[str, Any]:
    names = {"ININ-Correlation-Id", *outcome.headers}
    if status == _UNAUTHORIZED:
        names.add("WWW-Authenticate")
    described: dict[str, Any] = {
        "description": outcome.meaning,
        "headers": {name: _header(name) for name in sorted(names)},
    }
    body = outcome.body
    if body is None and status >= FIRST_ERROR and not outcome.media:
        body = ErrorBody
    content: dict[str, Any] = {}
    if body is not None:
        content[_JSON] = {"schema": schemas.of(body)}
    for media in outcome.media:
        content[media] = {"schema": {"type": "string"}}
    if content:
        described["content"] = content
    links = _links(outcome.identifies, operations, control=control)
    if links:
        described["links"] = links
    return described


def _header(name: str) -> dict[str, Any]:
    if name in _HEADERS:
        return {"$ref": f"#/components/headers/{name}"}
    return {"schema": {"type": "string"}}


def _links(
    identifies: Mapping[str, str], operations: Sequence[Operation], *, control: bool
) -> dict[str, Any]:
    """Links to whatever takes what this body identifies; only control's lead to control."""
    links = {}
    for row in operations:
        filled = {
            name: f"$response.body#{pointer}"
            for name, pointer in identifies.items()
            if f"{{{name}}}" in row.path
        }
        if filled and (control or Dialect.CONTROL not in row.dialects):
            links[row.id] = {"operationId": row.id, "parameters": filled}
    return links


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """The scopes stand beside the scheme, as OpenAPI 3.1 allows for every scheme."""
    if Dialect.CONTROL in operation.dialects:
        return [{}, {"controlKey": []}]
    if operation.access.public:
        return []
    scope = operation.access.scope
    return [{"bearer": [scope] if scope is not None else []}]
