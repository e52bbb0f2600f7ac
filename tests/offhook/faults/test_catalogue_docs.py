"""The pages about faults say what the catalogue says, and their examples work."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from offhook.api.notifications import EVENT_TYPES, PUSHED
from offhook.api.tutorial import OPERATIONS
from offhook.domain.close_codes import SLOW_READER
from offhook.faults import catalogue, kinds, line, rule, verdicts
from offhook.faults.catalogue import CATALOGUE, Row, phrase, read_fault
from offhook.faults.rule import Rule, RuleSpec

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "reference" / "faults.md").read_text(encoding="utf-8")
CONTROL = (DOCS / "reference" / "control.md").read_text(encoding="utf-8")
NOTHING = "\N{EN DASH}"
GUIDE = (DOCS / "how-to" / "add-a-fault.md").read_text(encoding="utf-8")


def table_row(row: Row) -> str:
    fields = " · ".join(
        f"`{name}`{'' if field.required else '?'}: {phrase(field)}"
        for name, field in row.fields.items()
    )
    return (
        f"| {row.seam.value} | `{row.kind}` | {row.meaning} | {fields or NOTHING} "
        f"| {row.evidence.value} |"
    )


def rows_of(page: str) -> list[str]:
    return [text for text in page.splitlines() if re.match(r"\| (http|push) \|", text)]


def test_the_table_of_the_reference_is_the_catalogue() -> None:
    assert rows_of(REFERENCE) == [table_row(row) for row in CATALOGUE.values()]


def test_the_table_of_the_control_page_names_the_same_kinds_and_fields() -> None:
    told = {}
    for text in rows_of(CONTROL):
        seam, kind, fields = (cell.strip() for cell in text.strip("|").split("|")[:3])
        told[kind.strip("`")] = (seam, text)
        for name in CATALOGUE[kind.strip("`")].fields:
            assert f"`{name}`" in text, f"control.md: {kind} lacks {name}: {fields}"
    assert {kind: seam for kind, (seam, _) in told.items()} == {
        kind: row.seam.value for kind, row in CATALOGUE.items()
    }


def test_every_account_of_a_rule_is_explained() -> None:
    accounts = {field.encode_name for field in msgspec.structs.fields(Rule)} - {
        field.encode_name for field in msgspec.structs.fields(RuleSpec)
    }
    explained = set(re.findall(r"^\| `(\w+)` \|", REFERENCE, re.MULTILINE))
    assert explained == accounts - {"id"}


def test_the_event_types_are_those_that_exist() -> None:
    lists = re.findall(r"^\* on the .*?: (.*)[;.]$", REFERENCE, re.MULTILINE)
    named = [name for found in lists for name in re.findall(r"`([\w.]+)`", found)]
    assert sorted([*named, PUSHED]) == sorted(EVENT_TYPES)


def examples() -> list[dict[str, Any]]:
    return [json.loads(found) for found in re.findall(r"-d '(\{.*?\})'\n", REFERENCE)]


@pytest.mark.parametrize("example", examples(), ids=lambda it: str(it["fault"]["kind"]))
def test_each_example_is_a_rule_on_something_that_exists(example: dict[str, Any]) -> None:
    assert read_fault(example["fault"]) == msgspec.convert(example, RuleSpec).fault
    known = EVENT_TYPES | {operation.id for operation in OPERATIONS}
    assert example["match"]["operation"] in known


def test_there_is_an_example_of_each_seam() -> None:
    seams = {CATALOGUE[example["fault"]["kind"]].seam for example in examples()}
    assert len(seams) == 2


def test_the_limits_are_those_of_the_code() -> None:
    frames = f"{line.MAX_WAITING_FRAMES:,}".replace(",", " ")
    assert f"At most {frames} frames or {line.MAX_WAITING_BYTES >> 20} MiB" in REFERENCE
    assert str(SLOW_READER) in REFERENCE


def test_the_guide_s_fault_that_does_nothing_works() -> None:
    space: dict[str, Any] = {}
    for module in (verdicts, kinds, catalogue, rule):
        space |= vars(module)
    *definitions, row = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    for block in definitions:
        exec(block, space)  # noqa: S102 - the guide's own code.
    made = eval(row, space)  # noqa: S307 - as above.
    assert (made.kind, made.fields) == ("push-pass", {})
    assert made.meaning == space["PushPassFault"].__doc__
    assert space["PushPassFault"]().verdict("r") == space["PushPass"](rule_id="r")


@pytest.mark.parametrize("name", ["_written", "`_bit`", "HttpVerdict", "PushFault"])
def test_the_guide_names_what_is_there(name: str) -> None:
    assert name in GUIDE
    source = Path(line.__file__).parents[1]
    texts = [path.read_text(encoding="utf-8") for path in source.rglob("*.py")]
    assert any(name.strip("`") in text for text in texts)
