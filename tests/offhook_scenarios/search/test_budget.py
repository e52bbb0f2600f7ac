"""Budgets, as they are typed."""

import pytest

from offhook_scenarios.search.budget import Budget, BudgetError, read_budget


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("2/1/1/1", Budget(2, 1, 1, 1)),
        ("0/0/0/9", Budget(losses=9)),
        ("1/2/3/4/5", Budget(1, 2, 3, 4, 5)),
    ],
)
def test_a_budget_is_read_and_written(text: str, budget: Budget) -> None:
    assert read_budget(text) == budget
    assert str(budget) == text


@pytest.mark.parametrize(
    "text", ["", "2/1/1", "1/1/1/1/1/1", "a/1/1/1", "-1/1/1/1", "10/1/1/1", "²/1/1/1"]
)
def test_what_is_no_budget_is_told_what_one_looks_like(text: str) -> None:
    with pytest.raises(BudgetError, match=r'like "2/1/1/1"; this is'):
        read_budget(text)
