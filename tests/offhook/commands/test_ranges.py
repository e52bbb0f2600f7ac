"""Ranges of numbers for flags."""

import click
import pytest

from offhook.commands.ranges import NumberRange

SPEED = NumberRange(1, 100)


@pytest.mark.parametrize(("text", "number"), [("1", 1.0), ("2.5", 2.5), ("1e2", 100.0)])
def test_what_is_inside_is_taken(text: str, number: float) -> None:
    assert SPEED.convert(text, None, None) == number


@pytest.mark.parametrize("text", ["0.5", "101", "nan", "-NaN", "inf", "-inf"])
def test_what_is_outside_or_no_number_is_refused_with_the_range(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not in the range 1<=x<=100"):
        SPEED.convert(text, None, None)


def test_what_is_no_number_at_all_is_refused() -> None:
    with pytest.raises(click.BadParameter, match="'fast' is not a valid float"):
        SPEED.convert("fast", None, None)
