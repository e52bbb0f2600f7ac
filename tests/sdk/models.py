"""Our wire models against the models of the installed SDKs, field by field.

Types are compared as JSON has them: `string`, `integer`, `number`, `boolean`, `any`,
`array of …`, `map of …` and the name of a model. A stamp is a string on the wire.
"""

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from msgspec import inspect
from tests.sdk.python_bench import UNKNOWN_VALUE

LISTED = Path(__file__).with_name("differences.toml")
OURS = "offhook.api.platform.models"
WIRE_TYPES = {
    "bool": "boolean",
    "date": "string",
    "datetime": "string",
    "float": "number",
    "int": "integer",
    "object": "any",
    "str": "string",
}

SIMPLE: dict[type[inspect.Type], str] = {
    inspect.AnyType: "any",
    inspect.BoolType: "boolean",
    inspect.DateTimeType: "string",
    inspect.EnumType: "string",
    inspect.FloatType: "number",
    inspect.IntType: "integer",
    inspect.LiteralType: "string",
    inspect.StrType: "string",
}


class Difference(msgspec.Struct, frozen=True, order=True):
    """One field in which a model of ours is not what an SDK has."""

    kind: str
    """`left out`, `extra`, `type`, `value`, `model` or `only python`, `only javascript`."""
    model: str
    field: str = "-"
    detail: str = ""


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the table: some differences and why they are meant."""

    kind: str
    models: tuple[str, ...]
    because: str
    fields: tuple[str, ...] = ("-",)

    @property
    def places(self) -> set[tuple[str, str, str]]:
        """Every difference that it stands for, by kind, model and field."""
        return {(self.kind, model, field) for model in self.models for field in self.fields}


def reasons() -> list[Reason]:
    """The table."""
    content = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    return msgspec.convert(content["difference"], list[Reason])


def our_models() -> list[type[msgspec.Struct]]:
    """Every struct that the modules of the wire models define, by name."""
    package = importlib.import_module(OURS)
    found: dict[str, type[msgspec.Struct]] = {}
    for info in pkgutil.walk_packages(package.__path__, f"{OURS}."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if not isinstance(value, type) or not issubclass(value, msgspec.Struct):
                continue
            if value.__module__ == module.__name__ and not name.startswith("_"):
                assert name not in found, f"{name} is defined twice"
                found[name] = value
    return [found[name] for name in sorted(found)]


def our_fields(model: type[msgspec.Struct]) -> dict[str, inspect.Type]:
    """JSON names and types of a model of ours."""
    info = inspect.type_info(model)
    assert isinstance(info, inspect.StructType)
    return {field.encode_name: field.type for field in info.fields}


def our_wire_type(found: inspect.Type) -> str:
    """A type of ours as JSON has it; `X | None` is X."""
    match found:
        case inspect.Metadata(type=inner):
            return our_wire_type(inner)
        case inspect.UnionType(types=types):
            rest = [t for t in types if not isinstance(t, inspect.NoneType)]
            return " or ".join(sorted({our_wire_type(t) for t in rest}))
        case inspect.StructType(cls=cls):
            return cls.__name__
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return f"array of {our_wire_type(item)}"
        case inspect.DictType(value_type=value):
            return f"map of {our_wire_type(value)}"
    return SIMPLE.get(type(found), type(found).__name__)


def our_values(found: inspect.Type) -> list[str]:
    """The values that an enum of ours may take."""
    match found:
        case inspect.Metadata(type=inner):
            return our_values(inner)
        case inspect.UnionType(types=types):
            return [value for inner in types for value in our_values(inner)]
        case inspect.EnumType(cls=cls):
            return [str(member.value) for member in cls]
        case inspect.LiteralType(values=values):
            return [str(value) for value in values]
    return []


def python_wire_type(swagger: str) -> str:
    """A type in the notation of the Python SDK as JSON has it."""
    if inner := re.fullmatch(r"list\[(.+)\]", swagger):
        return f"array of {python_wire_type(inner[1])}"
    if inner := re.fullmatch(r"dict\(str, (.+)\)", swagger):
        return f"map of {python_wire_type(inner[1])}"
    return WIRE_TYPES.get(swagger, swagger)


class JavascriptModels:
    """The models in the type definitions of the JavaScript SDK."""

    def __init__(self, definitions: Path) -> None:
        text = definitions.read_text(encoding="utf-8")
        found = re.findall(r"export interface (\w+) \{ ?\n(.*?)\n\t\}", text, re.DOTALL)
        self._models = {
            name: frozenset(re.findall(r'^\t\t"(\w+)"\??:', body, re.MULTILINE))
            for name, body in found
        }

    def fields(self, model: str) -> frozenset[str] | None:
        """The JSON names of a model's fields, None for an unknown model."""
        return self._models.get(model)


def compare(
    model: type[msgspec.Struct], sdk: ModuleType, javascript: JavascriptModels
) -> Iterator[Difference]:
    """Every difference between a model of ours and the SDKs' model of the same name."""
    name = model.__name__
    ours = our_fields(model)
    theirs_in_javascript = javascript.fields(name)
    if not hasattr(sdk, name) or theirs_in_javascript is None:
        missing = [
            language
            for language, there in (
                ("Python", hasattr(sdk, name)),
                ("JavaScript", theirs_in_javascript is not None),
            )
            if not there
        ]
        yield Difference("model", name, detail=f"not in {' and '.join(missing)}")
        return
    instance = getattr(sdk, name)()
    attributes = {json: attribute for attribute, json in instance.attribute_map.items()}
    for field in sorted({*ours, *attributes, *theirs_in_javascript}):
        in_python, in_javascript = field in attributes, field in theirs_in_javascript
        if field not in ours:
            yield Difference("left out", name, field)
        elif not in_python and not in_javascript:
            yield Difference("extra", name, field)
        elif not in_javascript:
            yield Difference("only python", name, field)
        elif not in_python:
            yield Difference("only javascript", name, field)
        if field in ours and in_python:
            yield from _compare_field(name, field, ours[field], instance, attributes[field])


def _compare_field(
    model: str, field: str, ours: inspect.Type, instance: Any, attribute: str
) -> Iterator[Difference]:
    theirs = python_wire_type(instance.swagger_types[attribute])
    wire = our_wire_type(ours)
    if wire != theirs:
        yield Difference("type", model, field, f"ours {wire}, theirs {theirs}")
        return
    for value in our_values(ours):
        setattr(instance, attribute, value)
        if getattr(instance, attribute) == UNKNOWN_VALUE:
            yield Difference("value", model, field, f"the SDK does not know {value!r}")


def as_entries(differences: set[Difference]) -> str:
    """Differences in the form of the table, to be given their reasons."""
    blocks: dict[tuple[str, str], list[Difference]] = {}
    for each in sorted(differences):
        blocks.setdefault((each.kind, each.model), []).append(each)
    lines: list[str] = []
    for (kind, model), members in blocks.items():
        lines += [f"# {each.field}: {each.detail}" for each in members if each.detail]
        fields = ", ".join(f'"{field}"' for field in dict.fromkeys(e.field for e in members))
        lines += ["[[difference]]", f'kind = "{kind}"', f'models = ["{model}"]']
        lines += [f"fields = [{fields}]", 'because = ""', ""]
    return "\n".join(lines)
