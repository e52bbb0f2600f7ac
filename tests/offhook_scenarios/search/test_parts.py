"""Numbers for values, and results that are worked out once."""

import pytest

from offhook_scenarios.search.parts import Memo, Parts, TooLargeError


def test_equal_values_have_one_number() -> None:
    parts = Parts[str]("words", bits=4, mark=len)
    assert [parts.number(word) for word in ("a", "bc", "a")] == [0, 1, 0]
    assert parts.values == ["a", "bc"]
    assert parts.marks == [1, 2]


def test_one_value_too_many_is_told() -> None:
    parts = Parts[int]("numbers", bits=2)
    for value in range(4):
        parts.number(value)
    with pytest.raises(TooLargeError, match="more than 4 different numbers"):
        parts.number(4)


def test_a_memo_asks_once() -> None:
    asked: list[int] = []

    def double(key: int) -> int:
        asked.append(key)
        return 2 * key

    memo: Memo[int] = Memo(double)
    assert [memo[3], memo[3], memo[4]] == [6, 6, 8]
    assert asked == [3, 4]
