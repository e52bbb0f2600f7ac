"""Objects whose fields a table knows: their schema, and their numbers."""

from typing import Any

import jsonschema
import msgspec
import pytest

from offhook.control.fields import fault_schema, policies_schema, whole_numbers
from offhook.faults.catalogue import CATALOGUE, Row
from offhook.policies import Policies

ROWS = list(CATALOGUE.values())


def kind_of(value: object) -> str | None:
    return value.kind if isinstance(value, Row) else None


@pytest.mark.parametrize("row", ROWS, ids=kind_of)
def test_the_schema_takes_what_is_read_and_refuses_what_is_not(row: Row) -> None:
    schema = {"type": "object", **fault_schema()}
    good: dict[str, Any] = {"kind": row.kind, **row.example}
    jsonschema.validate(good, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**good, "colour": "red"}, schema)
    for required in ("kind", *row.example):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({k: v for k, v in good.items() if k != required}, schema)
    assert "$ref" not in str(schema)


def test_the_schema_knows_the_rules_across_fields() -> None:
    schema = {"type": "object", **fault_schema()}
    for refused in ({"kind": "push-hold", "frames": None}, {"kind": "push-close", "code": 1005}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(refused, schema)


def test_the_schema_of_policies_knows_each_by_name_and_asks_for_none() -> None:
    schema = {"type": "object", **policies_schema()}
    jsonschema.validate({}, schema)
    jsonschema.validate(msgspec.to_builtins(Policies()), schema)
    for refused in ({"colour": "red"}, {"mute_answer": "loud"}, {"heartbeat_s": 0}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(refused, schema)
    assert "$ref" not in str(schema)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"a": 58.0}, {"a": 58}),
        ({"a": 0.5}, {"a": 0.5}),
        ({"a": {"b": 2.0}}, {"a": {"b": 2}}),
        ({"a": 1e300}, {"a": 1e300}),
        (
            {"a": "58.0", "b": True, "c": None, "d": [1.0]},
            {"a": "58.0", "b": True, "c": None, "d": [1.0]},
        ),
    ],
)
def test_a_whole_number_is_one_however_it_is_written(written: Any, read: Any) -> None:
    assert msgspec.json.encode(whole_numbers(written)) == msgspec.json.encode(read)
