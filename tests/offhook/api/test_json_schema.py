"""Schemas of messages: by reference, with sizes, of any shape."""

from typing import Any

import msgspec
import pytest

from offhook.api.json_schema import Schemas, with_formats


class Inner(msgspec.Struct):
    """Held."""

    count: int


class Outer(msgspec.Struct):
    """Holds."""

    inner: Inner
    anything: object


def test_named_types_are_components_and_referred_to() -> None:
    schemas = Schemas([Outer, tuple[Inner, ...]])
    assert schemas.of(Outer) == {"$ref": "#/components/schemas/Outer"}
    assert schemas.of(tuple[Inner, ...])["items"] == {"$ref": "#/components/schemas/Inner"}
    assert set(schemas.components) == {"Inner", "Outer"}
    assert "type" not in schemas.components["Outer"]["properties"]["anything"]


def test_every_integer_has_a_format() -> None:
    assert Schemas([Inner]).components["Inner"]["properties"]["count"]["format"] == "int64"
    told = with_formats({"anyOf": [{"type": "integer", "format": "int32"}, {"type": "integer"}]})
    assert [each["format"] for each in told["anyOf"]] == ["int32", "int64"]


def test_what_has_no_schema_is_refused() -> None:
    class Strange:
        pass

    kinds: list[Any] = [Strange]
    with pytest.raises(AssertionError, match="no JSON schema"):
        Schemas(kinds)
