"""The published documents as short lines: what a client can see, without the prose.

POST /api/v2/webrtc/clients/{clientId}/mute postWebrtcClientMute
  header If-Match {"format":"entity-tag","pattern":"…","type":"string"}
  takes application/json MuteRequest
  204 ETag ININ-Correlation-Id Offhook-Intent
"""

import json
from collections.abc import Iterator
from typing import Any

PROSE = frozenset({"description", "summary", "examples", "title"})


def brief(schema: Any) -> str:
    """A schema on one line; a reference by its name alone."""
    if isinstance(schema, dict) and list(schema) == ["$ref"]:
        return str(schema["$ref"]).rpartition("/")[2]
    return json.dumps(_bare(schema), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: value if key in {"enum", "required", "default"} else _bare(value)
            for key, value in node.items()
            if not (key in PROSE and isinstance(value, str | list))
        }
    if isinstance(node, list):
        return [_bare(value) for value in node]
    return node


def of_openapi(document: dict[str, Any]) -> Iterator[str]:
    """Operations in the order of their paths, then the schemas."""
    for path, methods in sorted(document["paths"].items()):
        for method, operation in sorted(methods.items()):
            yield f"{method.upper()} {path} {operation['operationId']}"
            yield from _operation(operation)
    yield from _schemas(document)


def _operation(operation: dict[str, Any]) -> Iterator[str]:
    yield f"  access {brief(operation['security'])}"
    for param in operation.get("parameters", []):
        needed = "!" if param["required"] else ""
        yield f"  {param['in']} {param['name']}{needed} {brief(param['schema'])}"
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"  takes {media} {brief(content['schema'])}"
    for status, response in operation["responses"].items():
        yield " ".join([f"  {status}", *sorted(response["headers"])])
        for media, content in response.get("content", {}).items():
            yield f"    {media} {brief(content['schema'])}"
        for name, link in response.get("links", {}).items():
            yield f"    leads to {name} {brief(link['parameters'])}"


def of_asyncapi(document: dict[str, Any]) -> Iterator[str]:
    """Sockets with what travels on them, then the schemas."""
    for name, channel in document["channels"].items():
        yield f"{name} {channel['address']} {brief(channel['bindings'])}"
    for name, operation in document["operations"].items():
        yield f"{operation['action']} {name}"
        for message in operation["messages"]:
            called = message["$ref"].rpartition("/")[2]
            payload = document["components"]["messages"][called]["payload"]
            yield f"  {called} {brief(payload)}"
    yield from _schemas(document)


def _schemas(document: dict[str, Any]) -> Iterator[str]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        fields = schema.get("properties")
        if fields is None:
            yield f"{name} {brief(schema)}"
            continue
        yield f"{name}"
        for field, kind in fields.items():
            yield f"  {field}{'!' if field in schema.get('required', []) else ''} {brief(kind)}"
