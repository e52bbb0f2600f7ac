"""Every interleaving within a budget, without versions: what holds, what cannot, in figures."""

from pathlib import Path
from typing import Any

import pytest

from offhook_scenarios.search.budget import Budget
from offhook_scenarios.search.explorer import Explorer, Found
from offhook_scenarios.search.platform import Platform

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "platform-client.md"

COLUMNS = (
    "false muted",
    "false live",
    "a mute was undone",
    "an unmute was undone, and nobody told",
    "an unmute was undone, and the person told",
    "mute won over somebody's later unmute",
)

ROWS: list[Any] = [
    ("requests in disorder", Budget(2, 1, 1, 1, 0), {}),
    ("events in disorder", Budget(2, 1, 1, 0, 1), {}),
    ("… before the next audit", Budget(2, 1, 1, 0, 1), {"audits": False}),
    ("… and events believed", Budget(2, 1, 1, 0, 1), {"audits": False, "believe_events": True}),
    pytest.param(
        "both in disorder", Budget(2, 1, 1, 1, 1), {}, marks=pytest.mark.nightly, id="both"
    ),
]


def search(budget: Budget, **options: bool) -> Found:
    return Explorer(Platform(budget, **options)).run()


@pytest.mark.parametrize(("name", "budget", "options"), ROWS)
def test_the_figures_of_the_page_are_those_of_the_search(
    name: str, budget: Budget, options: dict[str, bool]
) -> None:
    found = search(budget, **options)
    assert set(found.violations) <= set(COLUMNS)
    cells = [name, f"{found.worlds:,}", f"{found.resting:,}"]
    cells += [str(found.violations.get(column, 0)) for column in COLUMNS]
    assert f"| {' | '.join(cells)} |" in PAGE.read_text(encoding="utf-8")


BUDGETS: list[Any] = [
    (1, 1, 1, 1, 1),
    (2, 0, 1, 1, 1),
    pytest.param((2, 1, 1, 1, 0), marks=pytest.mark.nightly),
    pytest.param((2, 2, 1, 1, 0), marks=pytest.mark.nightly),
    pytest.param((1, 2, 1, 1, 1), marks=pytest.mark.nightly),
    pytest.param((2, 1, 1, 1, 1), marks=pytest.mark.nightly),
]


@pytest.mark.parametrize("start_muted", [False, True], ids=["live", "muted"])
@pytest.mark.parametrize("budget", BUDGETS)
def test_what_is_shown_at_rest_is_true(
    budget: tuple[int, int, int, int, int], start_muted: object
) -> None:
    found = search(Budget(*budget), start_muted=bool(start_muted))
    assert not {wrong for wrong in found.violations if wrong.startswith(("false", "stuck"))}
    assert found.resting > 50


@pytest.mark.parametrize("start_muted", [False, True], ids=["live", "muted"])
def test_while_no_request_goes_astray_no_mute_is_undone(start_muted: object) -> None:
    found = search(Budget(2, 1, 1, 0, 1), start_muted=bool(start_muted))
    assert "a mute was undone" not in found.violations


def test_events_that_were_believed_would_deceive() -> None:
    found = search(Budget(1, 1, 0, 0, 1), audits=False, believe_events=True)
    assert found.violations["false muted"] > 0
    assert found.paths["false muted"]


def test_the_search_can_find_a_false_display() -> None:
    found = search(Budget(0, 1, 0, 0, 1), audits=False)
    assert found.violations == {"false live": 1}
    assert len(found.paths["false live"]) == 2
