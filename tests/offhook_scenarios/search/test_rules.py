"""The ten rules as a table, and each of them is needed."""

from pathlib import Path

import pytest

from offhook_client.state import Rules
from offhook_scenarios.search.behind import Options, ServerRules
from offhook_scenarios.search.budget import Budget, read_budget
from offhook_scenarios.search.explorer import Explorer, Found
from offhook_scenarios.search.rules import RULES, Rule, RuleError, find_rule, without
from offhook_scenarios.search.tutorial import Tutorial

SMALLEST = {
    1: "0/1/1/0",
    2: "1/0/1/0",
    3: "1/1/0/1",
    4: "2/0/0/1",
    5: "1/1/0/0",
    6: "0/1/1/0",
    7: "2/1/0/0",
    8: "1/1/1/0",
    9: "1/1/1/0",
    10: "1/1/1/0",
}
"""Where each rule is missed with the least trouble."""

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "convergent-client.md"
COLUMNS = (
    "false muted",
    "false live",
    ("unknown", "unmuting", "muting"),
    ("not in effect", "lost"),
)


def search(budget: Budget, *rules: Rule, stop: bool = True) -> Found:
    setup, options = without(rules)
    return Explorer(Tutorial(budget, setup=setup, options=options)).run(stop_at_first=stop)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_without_it_something_goes_wrong_and_with_it_nothing(rule: Rule) -> None:
    budget = read_budget(SMALLEST[rule.number])
    assert search(budget).violations == {}
    found = search(budget, rule)
    assert found.violations
    assert all(found.paths.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_it_is_missed_in_the_full_budget(rule: Rule) -> None:
    assert search(Budget(2, 1, 1, 1), rule).violations


@pytest.mark.nightly
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_figures_of_the_page_are_those_of_the_search(rule: Rule) -> None:
    found = search(Budget(2, 1, 1, 1), rule, stop=False)
    counts = [
        sum(count for name, count in found.violations.items() if name.endswith(ends))
        for ends in COLUMNS
    ]
    assert sum(counts) == sum(found.violations.values())
    cells = [str(rule.number), f"{found.worlds:,}", f"{found.resting:,}", *map(str, counts)]
    assert f"| {' | '.join(cells)} |" in PAGE.read_text(encoding="utf-8")


def test_the_table_is_whole() -> None:
    assert [rule.number for rule in RULES] == list(range(1, 11)) == list(SMALLEST)
    names = [rule.name for rule in RULES]
    assert sorted(names) == sorted([*Rules.__struct_fields__, *ServerRules.__struct_fields__])


def test_each_is_taken_away_on_its_own_side() -> None:
    for rule in RULES:
        setup, options = without((rule,), Options(replay=True))
        fields = [
            (part, name) for part in (setup.rules, options.rules) for name in part.__struct_fields__
        ]
        assert [name for part, name in fields if not getattr(part, name)] == [rule.name]
        assert options.replay


@pytest.mark.parametrize("text", ["5", "always_send", "always-send"])
def test_a_rule_is_found_by_number_and_name(text: str) -> None:
    assert find_rule(text).number == 5


@pytest.mark.parametrize(
    ("text", "hint"), [("always_sent", "Did you mean always_send?"), ("11", "There are 1 to 10: ")]
)
def test_one_that_is_not_there_is_told(text: str, hint: str) -> None:
    with pytest.raises(RuleError, match=f"no rule {text!r}. .*{hint.replace('?', '[?]')}"):
        find_rule(text)
