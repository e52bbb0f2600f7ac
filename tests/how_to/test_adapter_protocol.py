"""The page on the adapter protocol says what the code says."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from offhook_scenarios.adapters import client_log, remote
from offhook_scenarios.adapters.adapter import Ability, Ending, Gate, Restart, Shown
from offhook_scenarios.adapters.messages import (
    LINE_MAX,
    FromClient,
    ToClient,
    adapter_schema,
    read,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "adapter-protocol.md"
TEXT = PAGE.read_text(encoding="utf-8")


def rows(title: str) -> dict[str, str]:
    """First and second cell of the table below a heading."""
    section = TEXT.partition(f"## {title}\n")[2].partition("\n## ")[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("| `")
    ]
    return {row[0].strip("`"): row[1] for row in cells}


@pytest.mark.parametrize(
    ("title", "union"), [("Client to harness", FromClient), ("Harness to client", ToClient)]
)
def test_the_tables_hold_every_message_with_every_member(title: str, union: Any) -> None:
    kinds = {kind.__struct_config__.tag: kind for kind in get_args(union)}
    told = rows(title)
    assert list(told) == list(kinds)
    for name, kind in kinds.items():
        members = re.findall(r"(?:^| · )`(\w+)`", told[name])
        assert sorted(members) == sorted(kind.__struct_encode_fields__), name


def test_every_word_is_there() -> None:
    for word in (*Shown, *Gate, *Ending, *Ability, *Restart):
        assert f"`{word}`" in TEXT, word


def test_the_limits_are_those_of_the_code() -> None:
    for said in (
        f"{LINE_MAX:,} bytes",
        f"within {remote.HELLO_WITHIN_S:g} s",
        f"({remote.DIAL_WITHIN_S:g} s for `ws`",
        f"within {remote.START_WITHIN_S:g} s",
        f"After {remote.STOP_WITHIN_S:g} s the client is killed",
        f"{remote.BELIEFS_MAX:,} beliefs",
        f"The last {client_log.LINES_KEPT} lines are kept, {client_log.WIDTH} characters",
    ):
        assert said in TEXT, said


def test_the_exchange_is_one() -> None:
    (exchange,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    schema = jsonschema.Draft202012Validator(adapter_schema())
    log = []
    for line in exchange.splitlines():
        way, text = line[0], line[2:]
        if way == "◀" and read(text.encode()) is None:
            log.append(text)
        else:
            schema.validate(json.loads(text))
    assert len(log) == 1
