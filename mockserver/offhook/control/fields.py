"""Objects whose fields a table knows, and whose refusals a table words: faults and policies.

They come as plain objects, so what a message type would do for them is done here: their JSON
Schema for the document, and whole numbers however they are written.
"""

from typing import Any

import msgspec

from offhook.faults.catalogue import CATALOGUE
from offhook.policies import Policies

LARGEST_EXACT = 2**53
"""Beyond it a float may stand for several whole numbers."""


def fault_schema() -> dict[str, Any]:
    """JSON Schema of a fault of any kind."""
    kinds = [{**_inlined(row.type), **row.across} for row in CATALOGUE.values()]
    return {"oneOf": kinds}


def policies_schema() -> dict[str, Any]:
    """JSON Schema of some changed policies."""
    schema = _inlined(Policies)
    return {"properties": schema["properties"], "additionalProperties": False}


def whole_numbers(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with 58.0 as 58: JSON Schema counts it among the integers."""
    return {name: _whole(value) for name, value in fields.items()}


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_EXACT:
        return int(value)
    return whole_numbers(value) if isinstance(value, dict) else value


def _inlined(struct: Any) -> dict[str, Any]:
    """The schema of a struct without references, so that it can stand in any document."""
    (whole,), parts = msgspec.json.schema_components([struct], ref_template="{name}")
    schema = parts.pop(whole["$ref"])
    properties = {name: _resolved(value, parts) for name, value in schema["properties"].items()}
    return {**schema, "properties": properties}


def _resolved(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    named = parts[schema["$ref"]] if "$ref" in schema else {}
    return {**named, **{name: value for name, value in schema.items() if name != "$ref"}}
