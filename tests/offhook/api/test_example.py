"""Examples of schemas: the same each time, and never endless."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.api.example import FORMATS, MAX_VALUES, Examples

NODE = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "parent": {"$ref": "#/definitions/Node"},
        "children": {"type": "array", "items": {"$ref": "#/definitions/Node"}},
    },
}


def example(schema: object, **definitions: Any) -> Any:
    return Examples({"definitions": definitions}).of(schema)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "minLength": 8}, "string--"),
        ({"type": "string", "enum": ["on", "off"]}, "on"),
        ({"type": "string", "format": "unheard-of"}, "string"),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "number"}, 0),
        ({"type": "boolean"}, False),
        ({"type": "null"}, None),
        ({"type": ["null", "string"]}, "string"),
        ({"const": 7}, 7),
        ({"type": "string", "default": "d"}, "d"),
        ({"type": "string", "example": "e", "default": "d"}, "e"),
        ({"type": "string", "examples": ["f", "g"]}, "f"),
        ({"type": "array", "items": {"type": "string"}}, ["string"]),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, 0),
        ({"oneOf": [{"type": "boolean"}, {"type": "integer"}]}, False),
        ({}, {}),
        (None, {}),
        ({"type": "object", "additionalProperties": {"type": "string"}}, {}),
    ],
)
def test_each_kind_of_schema_has_its_value(schema: object, value: object) -> None:
    assert example(schema) == value


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_a_text_of_that_format(name: str) -> None:
    value = example({"type": "string", "format": name})
    assert value == FORMATS[name]
    jsonschema.validate(value, {"format": name}, format_checker=jsonschema.FormatChecker())


def test_required_properties_come_first_and_optional_ones_follow_as_written() -> None:
    schema = {
        "properties": {name: {"type": "integer"} for name in ("a", "b", "c")},
        "required": ["c"],
    }
    assert list(example(schema)) == ["c", "a", "b"]


def test_a_circle_ends_where_it_would_begin_again() -> None:
    assert example({"$ref": "#/definitions/Node"}, Node=NODE) == {"name": "string", "children": []}


def test_a_circle_of_what_is_required_ends_with_an_empty_object() -> None:
    node = {**NODE, "required": ["parent"]}
    assert example({"$ref": "#/definitions/Node"}, Node=node)["parent"] == {}


def test_all_of_is_joined() -> None:
    schema = {
        "allOf": [{"$ref": "#/definitions/Node"}, {"properties": {"more": {"type": "boolean"}}}],
        "properties": {"own": {"type": "integer"}},
    }
    made = example(schema, Node=NODE)
    assert made == {"name": "string", "children": [], "more": False, "own": 0}


def test_optional_properties_end_some_objects_deep_and_required_ones_do_not() -> None:
    def nested(depth: int, *, required: bool) -> dict[str, Any]:
        if not depth:
            return {"type": "integer"}
        more = {"required": ["in"]} if required else {}
        return {"properties": {"in": nested(depth - 1, required=required)}, **more}

    assert json.dumps(example(nested(9, required=False))).count("in") == 3
    assert json.dumps(example(nested(9, required=True))).count("in") == 9


def test_a_tree_that_widens_at_each_level_does_not_explode() -> None:
    definitions = {
        f"L{level}": {
            "properties": {f"p{n}": {"$ref": f"#/definitions/L{level + 1}"} for n in range(10)},
            "required": [f"p{n}" for n in range(10)],
        }
        for level in range(12)
    }
    made = example({"$ref": "#/definitions/L0"}, **definitions, L12={"type": "integer"})
    assert len(json.dumps(made)) < 40 * MAX_VALUES


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("#/definitions/Node", True),
        ("#/definitions/None", False),
        ("#/definitions/Node/type", False),
        ("other.json#/Node", False),
        ("#/definitions/a~1b%20c", True),
    ],
)
def test_a_reference_leads_to_an_object_of_the_document(reference: str, *, found: bool) -> None:
    examples = Examples({"definitions": {"Node": NODE, "a/b c": {}}})
    assert (examples.target(reference) is not None) is found


def test_references_that_lead_round_are_nothing() -> None:
    examples = Examples({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}})
    assert examples.resolved({"$ref": "#/a"}) == {}
    assert examples.of({"$ref": "#/a"}) is None


SCALARS = st.sampled_from(
    [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}, {"enum": ["x"]}]
)
SCHEMAS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(
            lambda members, needed: {
                "type": "object",
                "properties": members,
                "required": sorted(set(members) & needed),
            },
            st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
            st.sets(st.sampled_from("abcd")),
        ),
    ),
)


@given(SCHEMAS)
def test_an_example_is_what_its_schema_says_and_always_the_same(schema: dict[str, Any]) -> None:
    made = example(schema)
    jsonschema.validate(made, schema)
    assert example(schema) == made
