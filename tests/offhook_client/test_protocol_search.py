"""The ten rules hold together, and none can be spared: every interleaving within a budget."""

from typing import Any

import pytest

from offhook_client.state import Rules, Setup

SETTINGS = [
    {"admin": False, "replay": False},
    {"admin": False, "replay": True},
    {"admin": True, "replay": True},
]


@pytest.mark.parametrize("start_muted", [False, True], ids=["live", "muted"])
@pytest.mark.parametrize("settings", SETTINGS, ids=["tab", "tab, replay", "admin, replay"])
def test_within_one_of_each_trouble_nothing_ends_wrong(
    search: Any, settings: dict[str, bool], start_muted: object
) -> None:
    found = search.Search(search.Budget(1, 1, 1, 1), start_muted=start_muted, **settings).run()
    assert found.violations == {}, found.traces
    assert found.resting > 100


def test_within_two_toggles_and_one_of_each_trouble_nothing_ends_wrong(search: Any) -> None:
    found = search.Search(search.Budget(2, 1, 1, 1)).run()
    assert found.violations == {}, found.traces
    assert found.states > 100_000


@pytest.mark.nightly
@pytest.mark.parametrize("start_muted", [False, True], ids=["live", "muted"])
@pytest.mark.parametrize("settings", SETTINGS, ids=["tab", "tab, replay", "admin, replay"])
@pytest.mark.parametrize("budget", [(2, 1, 1, 1), (1, 2, 1, 1), (1, 1, 2, 1), (1, 1, 1, 2)])
def test_within_two_of_any_trouble_nothing_ends_wrong(
    search: Any, settings: dict[str, bool], start_muted: object, budget: tuple[int, int, int, int]
) -> None:
    found = search.Search(search.Budget(*budget), start_muted=start_muted, **settings).run()
    assert found.violations == {}, found.traces


NEEDED = [
    ("snapshot_after_subscribing", (0, 1, 1, 0)),
    ("order_by_version", (1, 0, 1, 0)),
    ("hold_external", (1, 1, 0, 1)),
    ("always_send", (1, 1, 0, 0)),
    ("heed_last_intent", (0, 1, 1, 0)),
    ("match_generation", (2, 1, 0, 0)),
    ("yield_reassertions", (1, 1, 1, 0)),
    ("guard_reassertions", (1, 1, 1, 0)),
]


@pytest.mark.parametrize(("rule", "budget"), NEEDED, ids=[rule for rule, _ in NEEDED])
def test_each_rule_of_the_client_is_needed(
    search: Any, rule: str, budget: tuple[int, int, int, int]
) -> None:
    assert search.Search(search.Budget(*budget)).run().violations == {}
    setup = Setup(rules=Rules(**{rule: False}), reassertions=99)
    assert search.Search(search.Budget(*budget), setup=setup).run(stop_at_first=True).violations


def test_every_rule_of_the_client_has_its_row() -> None:
    assert [rule for rule, _ in NEEDED] == list(Rules.__struct_fields__)


@pytest.mark.parametrize(
    ("rule", "budget"),
    [("refuse_stale_intents", (2, 0, 0, 1)), ("count_no_ops", (1, 1, 1, 0))],
)
def test_each_rule_of_the_server_is_needed(
    search: Any, rule: str, budget: tuple[int, int, int, int]
) -> None:
    assert search.Search(search.Budget(*budget)).run().violations == {}
    rules = search.ServerRules(**{rule: False})
    assert search.Search(search.Budget(*budget), rules=rules).run(stop_at_first=True).violations


def test_what_a_search_finds_it_can_tell_step_by_step(search: Any) -> None:
    setup = Setup(rules=Rules(always_send=False), reassertions=99)
    found = search.Search(search.Budget(1, 1, 0, 0), setup=setup).run()
    trace = found.traces["the person's wish was lost"]
    assert any(line.startswith("person ") for line in trace)
