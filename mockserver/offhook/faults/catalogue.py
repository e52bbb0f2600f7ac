"""The table of fault kinds: what exists, where it bites, what it is called for, how we know.

Control reads faults by it, the documentation lists it, tests walk it.
"""

import difflib
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, cast

import msgspec

from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence
from offhook.faults import kinds
from offhook.faults.kinds import Fault


class Seam(StrEnum):
    """Where a fault bites: on a request and its answer, or on a frame of an event socket."""

    HTTP = "http"
    PUSH = "push"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of fault."""

    seam: Seam
    type: Any
    """A struct of `offhook.faults.kinds`; its docstring is the meaning."""
    example: dict[str, object] = {}
    """The fields that must be given, each with a sensible value."""
    evidence: Evidence = Evidence.ASSUMED
    """How we know that clients meet this in the field."""
    across: dict[str, object] = {}
    """JSON Schema of a rule across fields, which the struct checks itself."""

    @property
    def kind(self) -> str:
        """The fault's name in JSON."""
        return str(self.type.__struct_config__.tag)

    @property
    def meaning(self) -> str:
        """What it does, in a sentence."""
        return str(self.type.__doc__)

    @property
    def fields(self) -> dict[str, msgspec.structs.FieldInfo]:
        """The fault's fields by their names in JSON."""
        return {field.encode_name: field for field in msgspec.structs.fields(self.type)}


_TUT = Evidence.TUTORIAL
# What any network does is no assumption about the platform: connections that break after the
# request was read (RFC 9110 §9.2.2), messages that end too early (RFC 9112 §8), delay, and links
# that are dead at one end only (RFC 9293 §3.5.1).
_NET = Evidence.DOCUMENTED


_ROWS = (
    Row(seam=Seam.HTTP, type=kinds.DelayFault, example={"delayS": 2.0}, evidence=_NET),
    Row(seam=Seam.HTTP, type=kinds.ReplyFault, example={"status": 503}, evidence=_TUT),
    Row(seam=Seam.HTTP, type=kinds.AbortFault, evidence=_NET),
    Row(seam=Seam.HTTP, type=kinds.TruncateFault, example={"bytes": 10}, evidence=_NET),
    Row(seam=Seam.PUSH, type=kinds.PushDelayFault, example={"delayS": 2.0}, evidence=_NET),
    Row(seam=Seam.PUSH, type=kinds.PushDropFault),
    Row(seam=Seam.PUSH, type=kinds.PushDuplicateFault),
    Row(
        seam=Seam.PUSH,
        type=kinds.PushHoldFault,
        example={"frames": 1},
        across={
            "anyOf": [
                {"required": [name], "properties": {name: {"type": "number"}}}
                for name in ("frames", "delayS")
            ]
        },
    ),
    Row(seam=Seam.PUSH, type=kinds.PushCloseFault, evidence=_TUT),
    Row(seam=Seam.PUSH, type=kinds.PushStallFault, evidence=_NET),
    Row(seam=Seam.PUSH, type=kinds.PushGarbleFault),
)

CATALOGUE: dict[str, Row] = {row.kind: row for row in _ROWS}


def read_fault(value: object) -> Fault:
    """A fault from its JSON. Raises `DomainError` (400) naming what is wrong and what exists."""
    if not isinstance(value, dict):
        raise DomainError(
            "invalid.value",
            f"fault is {_shown(value)}; it must be an object with a kind: {_listed(CATALOGUE)}.",
        )
    kind = value.get("kind")
    row = CATALOGUE.get(kind) if isinstance(kind, str) else None
    if row is None:
        raise DomainError(
            "invalid.value",
            f"There is no fault kind {_shown(kind)}{near(kind, CATALOGUE)}. "
            f"Kinds: {_listed(CATALOGUE)}.",
        )
    _check_fields(row, value)
    try:
        return cast("Fault", msgspec.convert(value, row.type))
    except msgspec.ValidationError as error:
        raise DomainError("invalid.value", f"Fault {kind!r} is refused: {error}.") from error


def near(given: object, known: Iterable[str]) -> str:
    """A hint at what was perhaps meant, to be put behind what was given; or nothing."""
    close = difflib.get_close_matches(str(given), list(known), n=3)
    return f" (did you mean {' or '.join(close)}?)" if close else ""


def _check_fields(row: Row, value: dict[Any, Any]) -> None:
    kind, fields = row.kind, row.fields
    for name in value:
        if name != "kind" and name not in fields:
            has = f"its fields: {_listed(fields)}" if fields else "it has no fields but kind"
            raise DomainError(
                "invalid.property",
                f"Fault {kind!r} has no field {_shown(name)}{near(name, fields)}; {has}.",
            )
    for name, field in fields.items():
        if name not in value:
            if field.required:
                raise DomainError(
                    "invalid.property",
                    f"Fault {kind!r} lacks {name!r}: {phrase(field)}.",
                )
            continue
        try:
            msgspec.convert(value[name], field.type)
        except msgspec.ValidationError as error:
            raise DomainError(
                "invalid.value",
                f"{name} of fault {kind!r} is {_shown(value[name])}; it must be {phrase(field)}.",
            ) from error


def phrase(field: msgspec.structs.FieldInfo) -> str:
    """What a field takes, in words: the description in its annotation."""
    schema = msgspec.json.schema(Annotated[field.type, msgspec.Meta()])
    return str(schema.get("description", ""))


def _shown(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a sentence's room.


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
