"""Bodies of bytes into messages, with words that help whoever sent them.

Not UTF-8, a byte order mark, too deep, not JSON, a repeated key, a wrong type: each is a 400
that names the place. The depth is found out by a scan first, so that no recursion is ever deep.
"""

import json
import math
import re
from functools import cache, lru_cache
from typing import Any

import msgspec

from offhook.domain.errors import DomainError

MAX_DEPTH = 64
"""Far more than any message has; far less than what troubles a thread's stack."""

_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""Strings whole (closed or not, so that the scan stays linear), and brackets."""

_AT = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")
_MISSING = re.compile(r"Object missing required field `([^`]*)`")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]*)`")
_LARGEST_EXACT = 2**53

JSON_TYPE = re.compile(r"application/(?:[a-z0-9!#$&^_.+-]+\+)?json", re.IGNORECASE)


@lru_cache(maxsize=64)
def is_json(content_type: str) -> bool:
    """Whether a body of this type calls itself JSON: application/json or application/*+json."""
    return JSON_TYPE.fullmatch(content_type.partition(";")[0].strip()) is not None


@cache
def _decoder(message: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(message)


def decode_body(body: bytes, message: Any) -> Any:
    """Read a body as an instance of the message type.

    An empty body counts as `null` (wire contract §2): right only where the type allows None.
    Raises `DomainError` (400) naming what was wrong and what would be right.
    """
    return decode_text(body_text(body) if body.strip() else "null", message, what="body")


def body_text(body: bytes) -> str:
    """The text of a body, which must be UTF-8 (RFC 8259 §8.1)."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise DomainError(
            "bad.request", f"The body is not UTF-8: byte {error.start} cannot be read."
        ) from error


def decode_text(text: str, message: Any, *, what: str) -> Any:
    """Read JSON text as an instance of the message type; `what` names it in errors."""
    if text.startswith("\ufeff"):
        raise DomainError("bad.request", f"The {what} begins with a byte order mark; leave it out.")
    if len(text) > MAX_DEPTH and depth_over(text, MAX_DEPTH):
        raise DomainError("bad.request", f"The {what} is nested more than {MAX_DEPTH} deep.")
    try:
        value = _decoder(message).decode(text)
    except msgspec.ValidationError as error:
        value = _with_whole_numbers(text, message, error, what)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise DomainError("bad.request", f"The {what} is not JSON: {error}.") from error
    if text.count(":") > 1:
        _refuse_repeated_keys(text, what)
    return value


def depth_over(text: str, limit: int) -> bool:
    """Whether JSON text nests more than `limit` arrays and objects. Linear in its length."""
    if text.count("[") + text.count("{") <= limit:
        return False
    depth = 0
    for found in _STRUCTURE.finditer(text):
        mark = found[0]
        if mark in {"[", "{"}:
            depth += 1
            if depth > limit:
                return True
        elif mark in {"]", "}"}:
            depth -= 1
    return False


def _whole(text: str) -> float | int:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"{text[:20]} is out of range")
    return int(value) if value.is_integer() and abs(value) <= _LARGEST_EXACT else value


def _with_whole_numbers(text: str, message: Any, error: msgspec.ValidationError, what: str) -> Any:
    """JSON Schema counts 58.0 among the integers, so it is accepted where 58 would be."""
    try:
        return msgspec.convert(json.loads(text, parse_float=_whole), message)
    except msgspec.ValidationError:
        raise _invalid(str(error), what) from error
    except (ValueError, RecursionError) as unreadable:
        raise DomainError("bad.request", f"The {what} is not JSON: {unreadable}.") from unreadable


def _invalid(problem: str, what: str) -> DomainError:
    """The refusal for JSON that is not the message: names the field and what would be right."""
    if problem == "Expected `object`, got `null`":
        return DomainError("bad.request", f"The request needs a JSON object as its {what}.")
    at = _AT.search(problem)
    place = at[1] if at is not None else ""
    told = (problem[: at.start()] if at is not None else problem).removesuffix(".")
    for pattern, verb in ((_MISSING, "lacks the field"), (_UNKNOWN, "has no field")):
        named = pattern.match(told)
        if named is not None:
            field = f"{place}.{named[1]}" if place else named[1]
            return DomainError(
                "invalid.property", f"The {what} {verb} {field!r}.", facts={"field": field}
            )
    if place:
        return DomainError(
            "invalid.value", f"In the {what}, {place!r} is wrong: {told}.", facts={"field": place}
        )
    return DomainError("invalid.value", f"The {what} is wrong: {told}.")


def _refuse_repeated_keys(text: str, what: str) -> None:
    """The last of two equal keys would win silently (RFC 8259 §4 leaves it open)."""

    def unique(pairs: list[tuple[str, Any]]) -> None:
        keys = {key for key, _ in pairs}
        if len(keys) < len(pairs):
            seen = set[str]()
            for key, _ in pairs:
                if key in seen:
                    raise DomainError(
                        "bad.request",
                        f"The {what} has the key {key!r} twice in one object.",
                        facts={"field": key},
                    )
                seen.add(key)

    try:
        json.loads(text, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise DomainError("bad.request", f"The {what} is not JSON: {error}.") from error
