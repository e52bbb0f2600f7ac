"""Ranges of numbers for flags."""

import math
from typing import Any

import click


class NumberRange(click.FloatRange):
    """A `click.FloatRange` that refuses `nan` too, which is neither below nor above any bound."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number. Fails, as click's own types do, on what is outside or no number."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return number
