"""The sheet: light and dark, and nothing from elsewhere."""

import re

from offhook_scenarios.report.style import STYLE


def test_the_sheet_loads_nothing() -> None:
    assert "@import" not in STYLE
    assert "http" not in STYLE
    assert set(re.findall(r"url\((.*?)\)", STYLE)) == {"#unsure", "#dead"}


def test_every_colour_has_a_value_for_day_and_night() -> None:
    day, night = re.findall(r":root\{(.*?)\}", STYLE, re.DOTALL)
    names = re.compile(r"--([a-z-]+):")
    assert set(names.findall(day)) == set(names.findall(night))
    assert set(re.findall(r"var\(--([a-z-]+)\)", STYLE)) <= set(names.findall(day))
    assert STYLE.count("{") == STYLE.count("}")
