"""Deadlines by hand, and against a plain dictionary."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.domain import deadlines as module
from offhook.domain.deadlines import Deadlines, soonest


def test_the_earliest_comes_first_and_is_gone() -> None:
    deadlines: Deadlines[str] = Deadlines()
    deadlines.set("late", 3.0)
    deadlines.set("early", 1.0)
    assert deadlines.next_deadline() == 1.0
    assert deadlines.take_due(now=2.0) == "early"
    assert deadlines.take_due(now=2.0) is None
    assert deadlines.next_deadline() == 3.0


def test_a_deadline_is_due_exactly_at_its_time() -> None:
    deadlines: Deadlines[str] = Deadlines()
    deadlines.set("a", 3.0)
    assert deadlines.take_due(now=2.999) is None
    assert deadlines.take_due(now=3.0) == "a"


def test_a_key_has_one_deadline_the_last_one_set() -> None:
    deadlines: Deadlines[str] = Deadlines()
    deadlines.set("a", 1.0)
    deadlines.set("a", 5.0)
    assert deadlines.take_due(now=4.0) is None
    assert deadlines.next_deadline() == 5.0
    deadlines.set("a", 2.0)
    assert deadlines.take_due(now=4.0) == "a"
    assert deadlines.next_deadline() is None


def test_none_means_never() -> None:
    deadlines: Deadlines[str] = Deadlines()
    deadlines.set("a", 1.0)
    deadlines.set("a", None)
    deadlines.set("b", None)
    assert (deadlines.next_deadline(), len(deadlines)) == (None, 0)


def test_equal_deadlines_come_in_the_order_of_setting() -> None:
    deadlines: Deadlines[str] = Deadlines()
    for key in "cab":
        deadlines.set(key, 1.0)
    assert [deadlines.take_due(now=1.0) for _ in range(4)] == ["c", "a", "b", None]


def test_setting_again_and_again_keeps_the_heap_small() -> None:
    deadlines: Deadlines[str] = Deadlines()
    for number in range(10_000):
        deadlines.set("a", float(number))
    assert len(deadlines._heap) < 200
    assert deadlines.next_deadline() == 9_999.0


@given(
    st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 20).map(float)), max_size=60),
    st.sampled_from([module._SLACK, 0, -4]),
)
def test_it_agrees_with_a_plain_dictionary(
    changes: list[tuple[int, float | None]], slack: int
) -> None:
    deadlines: Deadlines[int] = Deadlines()
    model: dict[int, float] = {}
    # With its usual slack a heap is never built anew in so few changes.
    with mock.patch.object(module, "_SLACK", slack):
        for key, at in changes:
            deadlines.set(key, at)
            if at != model.get(key):
                model.pop(key, None)
                if at is not None:
                    model[key] = at
            assert deadlines.next_deadline() == min(model.values(), default=None)
            assert len(deadlines) == len(model)
            assert set(model) == {each for each in range(6) if each in deadlines}
    taken = []
    while (key_due := deadlines.take_due(now=20.0)) is not None:
        taken.append(key_due)
    assert taken == sorted(model, key=lambda each: model[each])
    assert deadlines.next_deadline() is None


class Part:
    """Wants to be woken once, or never."""

    def __init__(self, at: float | None) -> None:
        self._at = at

    def next_deadline(self) -> float | None:
        return self._at


@pytest.mark.parametrize(
    ("parts", "first"),
    [([], None), ([None], None), ([None, 3.0, 1.0, None, 2.0], 1.0), ([0.0, None], 0.0)],
)
def test_the_soonest_of_many_parts_is_found(parts: list[float | None], first: float | None) -> None:
    assert soonest(map(Part, parts)) == first
