"""Every interleaving within a budget, with versions: nothing ends wrong."""

from pathlib import Path

import pytest

from offhook_scenarios.search.behind import Options
from offhook_scenarios.search.budget import Budget, read_budget
from offhook_scenarios.search.explorer import Explorer, Found
from offhook_scenarios.search.tutorial import Tutorial

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "convergent-client.md"

SETTINGS = {
    "tab": Options(),
    "tab, replay": Options(replay=True),
    "administrator, replay": Options(admin=True, replay=True),
}


def search(budget: Budget, options: Options = SETTINGS["tab"], *, muted: bool = False) -> Found:
    return Explorer(Tutorial(budget, options=options, start_muted=muted)).run()


@pytest.mark.parametrize("muted", [False, True], ids=["live", "muted"])
@pytest.mark.parametrize("options", SETTINGS.values(), ids=SETTINGS)
def test_within_one_of_each_trouble_nothing_ends_wrong(options: Options, muted: object) -> None:
    found = search(Budget(1, 1, 1, 1), options, muted=bool(muted))
    assert found.violations == {}
    assert found.resting > 50


def row(name: str, budget: Budget, found: Found) -> str:
    """One of the page's table."""
    cells = [str(budget), name, f"{found.worlds:,}", f"{found.resting:,}", f"{found.steps:,}"]
    return f"| {' | '.join([*cells, str(sum(found.violations.values()))])} |"


def test_within_two_toggles_and_one_of_each_other_nothing_ends_wrong() -> None:
    found = search(Budget(2, 1, 1, 1))
    assert found.violations == {}
    assert row("tab", Budget(2, 1, 1, 1), found) in PAGE.read_text(encoding="utf-8")


@pytest.mark.nightly
@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("text", ["2/1/1/1", "2/2/1/1"])
def test_the_figures_of_the_page_are_those_of_the_search(name: str, text: str) -> None:
    budget = read_budget(text)
    found = search(budget, SETTINGS[name])
    assert found.violations == {}
    assert row(name, budget, found) in PAGE.read_text(encoding="utf-8")


@pytest.mark.nightly
@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("text", ["2/1/1/1", "1/2/1/1", "1/1/2/1", "1/1/1/2"])
def test_nothing_ends_wrong_when_it_starts_muted(name: str, text: str) -> None:
    assert search(read_budget(text), SETTINGS[name], muted=True).violations == {}


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("text", "name"), [("2/2/2/1", "tab"), ("2/2/2/1", "tab, replay"), ("3/2/2/2", "tab")]
)
def test_within_the_large_budgets_nothing_ends_wrong(text: str, name: str) -> None:
    budget = read_budget(text)
    found = search(budget, SETTINGS[name])
    assert found.violations == {}
    assert found.stored_bytes < 32 * found.worlds + (1 << 20)
    assert row(name, budget, found) in PAGE.read_text(encoding="utf-8")


@pytest.mark.nightly
def test_within_two_of_all_but_losses_nothing_ends_wrong_when_it_starts_muted() -> None:
    assert search(Budget(2, 2, 2, 1), muted=True).violations == {}


def test_a_world_says_what_is_so_and_what_is_shown() -> None:
    live, muted = Tutorial(Budget()), Tutorial(Budget(), start_muted=True)
    assert live.seen(live.start) == "the screen says live, the server is live"
    assert muted.seen(muted.start) == "the screen says muted, the server is muted"


def test_at_rest_and_without_a_budget_nothing_happens() -> None:
    model = Tutorial(Budget())
    assert model.internal(model.start) == []
    assert model.trouble(model.start) == []
    assert model.broken(model.start) == ""
    assert list(model.wrong(model.start)) == []


def test_each_kind_of_trouble_is_offered_while_its_budget_lasts() -> None:
    model = Tutorial(Budget(1, 1, 1, 1))
    offered = [kind for kind, _, _ in model.trouble(model.start)]
    assert offered == ["person", "person", "other", "other", "drop", "reset"]
    pressed = model.trouble(model.start)[0][2]
    losses = [kind for kind, _, _ in model.trouble(pressed) if kind.startswith("lost")]
    assert losses == ["lost before", "lost after", "lost, late"]
    kinds = {kind for kind, _, _ in model.trouble(pressed)}
    assert "person" not in kinds
