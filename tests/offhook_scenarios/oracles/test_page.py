"""The page that explains the invariants says what the tables say."""

from pathlib import Path

import pytest

from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.oracles.page import excuses, invariants

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "invariants.md"


@pytest.mark.parametrize(("name", "table"), [("invariants", invariants), ("excuses", excuses)])
def test_each_table_of_the_page_is_the_one_that_judges(name: str, table: object) -> None:
    assert callable(table)
    text = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    _, _, rest = text.partition(begin)
    shown, found, _ = rest.partition(end)
    assert found, f"{PAGE.name} has no table between {begin.strip()} and {end}"
    assert shown.strip() == table(), f"{PAGE.name} must say:\n{table()}"


def test_every_invariant_is_explained_in_its_own_words() -> None:
    text = PAGE.read_text(encoding="utf-8")
    missing = [each.value for each in Invariant if f"**{each.value}**" not in text]
    assert missing == []
