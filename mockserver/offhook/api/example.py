"""A small example of a JSON schema: the same one each time, and never endless."""

from typing import Any
from urllib.parse import unquote

MAX_VALUES = 2000
"""From so many values on, optional properties are left out and arrays are empty."""

OPTIONAL_DEPTH = 3
"""How many objects deep optional properties are still filled in."""

FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00.000Z",
    "email": "someone@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
"""The text for a string of a format."""

_NOTHING = object()


class Examples:
    """Makes examples of the schemas of one document."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root

    def target(self, reference: str) -> dict[str, Any] | None:
        """What a `#/…` reference points to (RFC 6901), None when that is no object."""
        if not reference.startswith("#/"):
            return None
        value: Any = self._root
        for step in reference[2:].split("/"):
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else None

    def resolved(self, value: object) -> dict[str, Any]:
        """The object, or the one that its `$ref` leads to; {} where they lead round in a circle."""
        seen = set[str]()
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            if value["$ref"] in seen:
                return {}
            seen.add(value["$ref"])
            value = self.target(value["$ref"])
        return value if isinstance(value, dict) else {}

    def of(self, schema: object) -> Any:
        """An example of a schema. Where only a circle would be right, what is empty stands."""
        value = _Example(self).of(schema, (), 0)
        return None if value is _NOTHING else value


class _Example:
    """One example in the making."""

    def __init__(self, examples: Examples) -> None:
        self._examples = examples
        self._values = 0

    def of(self, schema: object, inside: tuple[str, ...], depth: int) -> Any:
        """A value, or `_NOTHING` for a schema that is inside itself."""
        if not isinstance(schema, dict):
            return {}
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in inside:
                return _NOTHING
            return self.of(self._examples.target(reference), (*inside, reference), depth)
        self._values += 1
        for name in ("const", "example", "default"):
            if name in schema:
                return schema[name]
        for name in ("enum", "examples"):
            if isinstance(schema.get(name), list) and schema[name]:
                return schema[name][0]
        for name in ("oneOf", "anyOf"):
            choices = [row for row in schema.get(name, ()) if row != {"type": "null"}]
            if choices:
                return self.of(choices[0], inside, depth)
        return self._typed(schema, inside, depth)

    def _typed(self, schema: dict[str, Any], inside: tuple[str, ...], depth: int) -> Any:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((name for name in kind if name != "null"), "null")
        match kind:
            case "string":
                text = FORMATS.get(str(schema.get("format")), "string")
                return text.ljust(int(schema.get("minLength", 0)), "-")
            case "integer" | "number":
                return schema.get("minimum", 0)
            case "boolean":
                return False
            case "null":
                return None
            case "array":
                return self._array(schema, inside, depth)
            case _:
                return self._object(schema, inside, depth)

    def _array(self, schema: dict[str, Any], inside: tuple[str, ...], depth: int) -> list[Any]:
        if self._values > MAX_VALUES:
            return []
        item = self.of(schema.get("items"), inside, depth)
        return [] if item is _NOTHING else [item]

    def _object(
        self, schema: dict[str, Any], inside: tuple[str, ...], depth: int
    ) -> dict[str, Any]:
        properties, required, within = self._members(schema, inside)
        example: dict[str, Any] = {}
        for name in sorted(properties, key=lambda name: name not in required):
            if name not in required and (depth >= OPTIONAL_DEPTH or self._values > MAX_VALUES):
                continue
            # A whole tree of required objects would be without end, were it not for the count.
            full = self._values > 2 * MAX_VALUES
            value = {} if full else self.of(properties[name], within, depth + 1)
            if value is not _NOTHING:
                example[name] = value
            elif name in required:
                example[name] = {}
        return example

    def _members(
        self, schema: dict[str, Any], inside: tuple[str, ...]
    ) -> tuple[dict[str, Any], frozenset[str], tuple[str, ...]]:
        """Properties and required names, those of `allOf` too, and the references taken."""
        properties: dict[str, Any] = {}
        required: frozenset[str] = frozenset()
        for part in schema.get("allOf", ()):
            reference = part.get("$ref") if isinstance(part, dict) else None
            if isinstance(reference, str):
                if reference in inside:
                    continue
                inside = (*inside, reference)
            more, names, inside = self._members(self._examples.resolved(part), inside)
            properties |= more
            required |= names
        own = schema.get("properties")
        properties |= own if isinstance(own, dict) else {}
        return properties, required | frozenset(schema.get("required", ())), inside
