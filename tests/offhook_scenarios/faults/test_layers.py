"""Wishes for one thing: the latest counts, and they may end in any order."""

import pytest

from offhook_scenarios.faults.layers import Layers


@pytest.fixture
def told() -> list[tuple[str, int | None]]:
    return []


@pytest.fixture
def layers(told: list[tuple[str, int | None]]) -> Layers[str, int]:
    return Layers(lambda key, value: told.append((key, value)))


def test_the_latest_wish_counts_until_it_is_lifted(
    layers: Layers[str, int], told: list[tuple[str, int | None]]
) -> None:
    one, other = object(), object()
    layers.lay("a", one, 1)
    layers.lay("a", other, 2)
    layers.lift("a", other)
    layers.lift("a", one)
    assert told == [("a", 1), ("a", 2), ("a", 1), ("a", None)]


def test_an_earlier_wish_may_end_first_and_twice_is_once(
    layers: Layers[str, int], told: list[tuple[str, int | None]]
) -> None:
    one, other = object(), object()
    layers.lay("a", one, 1)
    layers.lay("a", other, 2)
    layers.lift("a", one)
    layers.lift("a", one)
    layers.lift("a", other)
    layers.lift("a", other)
    assert told == [("a", 1), ("a", 2), ("a", 2), ("a", None)]


def test_keys_have_nothing_to_do_with_each_other(
    layers: Layers[str, int], told: list[tuple[str, int | None]]
) -> None:
    one = object()
    layers.lay("a", one, 1)
    layers.lay("b", one, 2)
    layers.lift("b", one)
    assert told == [("a", 1), ("b", 2), ("b", None)]


def test_one_owner_wants_one_thing_at_a_time(layers: Layers[str, int]) -> None:
    layers.lay("a", layers, 1)
    with pytest.raises(AssertionError, match="already"):
        layers.lay("a", layers, 2)
