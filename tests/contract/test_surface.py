"""What clients can see of the mock is recorded. A change needs a word in the changelog.

After a change that is meant: write it into CHANGELOG.md under [Unreleased], then
`RECORD_SURFACE=1 python -m pytest tests/contract/test_surface.py`, and commit what is rewritten.
Recording refuses while the changelog says what it said at the last recording.
"""

import difflib
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from tests.contract import outline

from offhook.api import asyncapi, openapi
from offhook.api.operation import Dialect
from offhook.server import OPERATIONS

HERE = Path(__file__).parent
CHANGELOG = HERE.parents[1] / "CHANGELOG.md"
RECORDED = HERE / "surface.txt"
MARK = "changelog "


def surface() -> list[str]:
    """Both documents as lines."""
    spoken: dict[str, Any] = asyncapi.document(Dialect, title="Offhook", version="0")
    asked: dict[str, Any] = openapi.document(OPERATIONS, title="Offhook", version="0")
    return [
        *outline.of_openapi(json.loads(json.dumps(asked))),
        *outline.of_asyncapi(json.loads(json.dumps(spoken))),
    ]


def unreleased(changelog: str) -> str:
    """The digest of what the changelog says of the version to come."""
    found = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", changelog, re.DOTALL | re.MULTILINE)
    assert found is not None, "CHANGELOG.md has no section [Unreleased]"
    return hashlib.sha256(found[1].encode()).hexdigest()


def recorded(now: list[str], before: str | None, *, changelog: str) -> str:
    """The new recording. Raises when the surface has changed and the changelog has not."""
    mark, _, lines = (before or "").partition("\n")
    told = unreleased(changelog)
    if lines.splitlines() == now and mark:
        return before or ""
    assert mark != MARK + told, (
        "The surface has changed and CHANGELOG.md does not say so: add a line, then record."
    )
    return "\n".join([MARK + told, *now, ""])


def test_the_surface_is_what_was_recorded() -> None:
    now = surface()
    before = RECORDED.read_text(encoding="utf-8") if RECORDED.exists() else None
    if os.environ.get("RECORD_SURFACE"):
        changelog = CHANGELOG.read_text(encoding="utf-8")
        RECORDED.write_text(recorded(now, before, changelog=changelog), encoding="utf-8")
        return
    assert before is not None, f"nothing is recorded: {__doc__}"
    told = list(difflib.unified_diff(before.splitlines()[1:], now, "recorded", "now", n=1))
    assert not told, "\n".join([str(__doc__), *told[:60]])


@pytest.mark.parametrize("told", ["- Something else.", ""])
def test_recording_refuses_a_change_of_which_the_changelog_says_nothing(told: str) -> None:
    old = "# C\n\n## [Unreleased]\n\n- Before.\n\n## [0.1.0]\n"
    first = recorded(["a"], None, changelog=old)
    assert recorded(["a"], first, changelog=old) == first
    with pytest.raises(AssertionError, match="does not say so"):
        recorded(["b"], first, changelog=old)
    new = old.replace("- Before.", f"- Before.\n{told} ")
    assert recorded(["b"], first, changelog=new).endswith("\nb\n")


def test_every_line_of_the_surface_is_told() -> None:
    lines = surface()
    assert sum(line[:1].isupper() and " /" in line for line in lines) == len(OPERATIONS)
    assert any("  muteChanged " in line for line in lines)
