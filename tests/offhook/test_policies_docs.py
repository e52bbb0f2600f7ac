"""The page of the policies says what the code says."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from offhook.domain.evidence import Evidence
from offhook.policies import EVIDENCE, Policies

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "policies.md").read_text("utf-8")
FIELDS = {field.name: field for field in msgspec.structs.fields(Policies)}


def shown(value: object) -> str:
    """A value as JSON."""
    return f"`{msgspec.json.encode(value).decode()}`"


def bounds(kind: Any) -> str:
    most = f"{kind.le:,}".replace(",", " ")
    return f"more than {kind.gt:g} to {most}" if kind.gt is not None else f"{kind.ge:g} to {most}"


def values(kind: inspect.Type) -> str:
    """What a policy takes, in words."""
    match kind:
        case inspect.Metadata():
            return values(kind.type)
        case inspect.BoolType():
            return "`true`, `false`"
        case inspect.EnumType():
            return ", ".join(shown(member.value) for member in kind.cls)
        case inspect.LiteralType():
            return ", ".join(shown(value) for value in kind.values)
        case inspect.IntType():
            return f"whole number, {bounds(kind)}"
        case inspect.FloatType():
            return f"number, {bounds(kind)}"
        case inspect.DictType():
            return f"object of operation id → {values(kind.value_type)}"
        case inspect.UnionType():
            some = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
            return f"{values(some[0])}, or `null`"
    raise AssertionError(f"no words for {kind}")


def table_row(name: str) -> str:
    source = EVIDENCE[name]
    info: Any = inspect.type_info(Policies)
    kinds = {field.name: field.type for field in info.fields}
    return (
        f"| `{name}` | {values(kinds[name])} | {shown(getattr(Policies(), name))} "
        f"| {source.evidence.value} | {source.meaning} |"
    )


def test_the_table_is_that_of_the_code() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| `\w+_?\w*` \|", line)]
    assert rows == [table_row(name) for name in EVIDENCE]


@pytest.mark.parametrize("evidence", Evidence)
def test_each_class_of_evidence_is_explained(evidence: Evidence) -> None:
    assert f"* **{evidence.value}**:" in PAGE


def test_the_other_examples_set_policies_that_exist() -> None:
    named = re.findall(r'^(\w+) = (".*"|\w+)$', PAGE, re.MULTILINE)
    assert named
    for name, value in named:
        Policies().changed({name: msgspec.json.decode(value)})
