"""The rows of the control API, against the page that promises them."""

import re
from pathlib import Path

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
