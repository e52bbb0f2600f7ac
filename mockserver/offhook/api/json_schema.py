"""The JSON Schemas of messages, made of the types that encode them. Both documents share it."""

from collections.abc import Sequence
from typing import Any

import msgspec

_REF = "#/components/schemas/{name}"


class Schemas:
    """The schemas of some message types: those with a name once, as `components`."""

    def __init__(self, types: Sequence[Any]) -> None:
        schemas, components = msgspec.json.schema_components(
            types, schema_hook=_anything, ref_template=_REF
        )
        self._types = types
        self._schemas = tuple(_with_formats(schema) for schema in schemas)
        self.components: dict[str, Any] = _with_formats(components)

    def of(self, message: Any) -> dict[str, Any]:
        """The schema of a message, by reference when it has a name."""
        return dict(self._schemas[self._types.index(message)])


def with_formats(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with a `format` on each integer, so that no reader must guess its size."""
    changed: dict[str, Any] = _with_formats(schema)
    return changed


def _anything(message: type) -> dict[str, Any]:
    """The schema of `object`: JSON of any shape."""
    assert message is object, f"{message!r} has no JSON schema"
    return {"description": "JSON of any shape."}


def _with_formats(schema: Any) -> Any:
    if isinstance(schema, dict):
        changed = {key: _with_formats(value) for key, value in schema.items()}
        if changed.get("type") == "integer":
            changed.setdefault("format", "int64")
        return changed
    if isinstance(schema, list | tuple):
        return [_with_formats(value) for value in schema]
    return schema
