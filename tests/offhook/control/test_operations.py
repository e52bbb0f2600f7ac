"""The rows of the control API, against the page that promises them."""

import re
from pathlib import Path
from typing import Any

import pytest

from offhook.api.operation import Operation
from offhook.control.operations import OPERATIONS

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "control.md"


def promised() -> set[str]:
    rows = [row for row in PAGE.read_text(encoding="utf-8").splitlines() if row.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([a-z]+[A-Z]\w+)`", row.split("|")[1])}


def test_the_table_serves_exactly_what_the_page_promises() -> None:
    assert {row.id for row in OPERATIONS} == promised()


def test_ids_and_places_are_unique() -> None:
    assert len({row.id for row in OPERATIONS}) == len(OPERATIONS)
    assert len({(row.method, row.path) for row in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: str(row.id))
def test_beyond_loopback_every_row_needs_the_key(
    tenancy: Any, ask: Any, operation: Operation
) -> None:
    tenancy.control_key = "a-key"
    path = operation.path.removeprefix("/_offhook/v1").replace("{", "").replace("}", "")
    refusal = ask(operation.method, path, {}, status=401)
    assert refusal["code"] == "authentication.required"
    assert "Offhook-Key" in refusal["message"]
