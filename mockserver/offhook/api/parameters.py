"""Query and header parameters, checked against the JSON Schema that the document shows."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from offhook.api.operation import Operation, Param
from offhook.domain.errors import DomainError

_INTEGER = re.compile(r"(-?(?:0|[1-9][0-9]{0,17}))(?:\.0{1,18})?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,2})?")
_MAX_PARAMETERS = 100

Reader = Callable[[str], str]
"""Takes a raw value, returns what the handler is given, or raises ValueError: what is right."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One declared parameter, ready to be checked."""

    name: str
    where: str
    required: bool
    default: str | None
    read: Reader


def compile_checks(operation: Operation) -> tuple[Check, ...]:
    """The checks of an operation's query and header parameters."""
    checked = (param for param in operation.params if param.checked and param.where != "path")
    return tuple(_compile(param) for param in checked)


def _compile(param: Param) -> Check:
    default = param.schema.get("default")
    return Check(
        name=param.name.lower() if param.where == "header" else param.name,
        where=param.where,
        required=param.required,
        default=None if default is None else _text(default),
        read=_reader(param.schema),
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _reader(schema: Mapping[str, Any]) -> Reader:
    """The reader of a schema. Known: `string`, `integer`, `number`, `boolean`, each with bounds."""
    match schema.get("type"):
        case "integer":
            return _number_reader(schema, _INTEGER, "a whole number")
        case "number":
            return _number_reader(schema, _NUMBER, "a number")
        case "boolean":
            return _choice_reader(("true", "false"))
        case "string" if "enum" in schema:
            return _choice_reader(tuple(schema["enum"]))
        case "string":
            return _string_reader(schema)
        case other:
            raise AssertionError(f"parameters of type {other!r} are not known")


def _choice_reader(choices: tuple[str, ...]) -> Reader:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return text

    return read


def _number_reader(schema: Mapping[str, Any], shape: re.Pattern[str], noun: str) -> Reader:
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = "".join(
        f" {word} {bound}" for word, bound in (("from", low), ("to", high)) if bound is not None
    )

    def read(text: str) -> str:
        found = shape.fullmatch(text)
        value = float(text) if found else None
        if (
            found is None
            or value is None
            or (low is not None and value < low)
            or (high is not None and value > high)
        ):
            raise ValueError(noun + bounds)
        # JSON Schema counts 58.0 among the integers; a handler is given 58.
        return found[1] if shape is _INTEGER else text

    return read


def _string_reader(schema: Mapping[str, Any]) -> Reader:
    pattern = schema.get("pattern")
    shape = re.compile(pattern) if pattern is not None else None
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength")
    right = f"text matching {pattern}" if pattern else f"text of {shortest} or more characters"
    if longest is not None:
        right += f", at most {longest} characters"

    def read(text: str) -> str:
        # `fullmatch`, because `$` alone would let a trailing line feed pass.
        if (
            (shape is not None and shape.fullmatch(text) is None)
            or len(text) < shortest
            or (longest is not None and len(text) > longest)
        ):
            raise ValueError(right)
        return text

    return read


def read_parameters(
    checks: tuple[Check, ...], *, query: str, headers: Mapping[str, str]
) -> dict[str, str]:
    """The declared query parameters by name, defaults filled in; headers are checked alongside.

    Parameters that nobody declared are ignored, as the platform does.
    Raises `DomainError` (400) naming the parameter, what was given and what would be right.
    """
    given = _parse(query) if query else {}
    values: dict[str, str] = {}
    for check in checks:
        if check.where == "header" and not check.required and check.name not in headers:
            continue  # Most are: it is asked here, and not behind a call.
        raw = _raw(check, given, headers)
        if raw is None:
            continue
        try:
            value = check.read(raw)
        except ValueError as right:
            raise _wrong(check, f"is {raw[:100]!r}; it must be {right}.") from None
        if check.where == "query":
            values[check.name] = value
    return values


def _raw(check: Check, given: dict[str, list[str]], headers: Mapping[str, str]) -> str | None:
    if check.where == "header":
        raw = headers.get(check.name)
    else:
        repeated = given.get(check.name)
        if repeated is not None and len(repeated) > 1:
            raise _wrong(check, f"is given {len(repeated)} times; it must be given once.")
        raw = repeated[0] if repeated is not None else check.default
    if raw is None and check.required:
        raise _wrong(check, "is missing.")
    return raw


def _wrong(check: Check, problem: str) -> DomainError:
    kind, code = (
        ("header", "invalid.value")
        if check.where == "header"
        else ("query parameter", "invalid.query.param.value")
    )
    return DomainError(code, f"The {kind} {check.name!r} {problem}", facts={"field": check.name})


def _parse(query: str) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS
        )
    except UnicodeDecodeError as error:
        raise DomainError("bad.request", "The query is not UTF-8 once its %XX are read.") from error
    except ValueError as error:
        raise DomainError(
            "bad.request", f"The query has more than {_MAX_PARAMETERS} parameters."
        ) from error
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return given
