"""What is known passes; what is new, or gone, does not; the rest of the file is not of this run."""

from pathlib import Path

import click
import pytest

from offhook_scenarios.check.known import GENERATED, load, settle

FILE = """
generated           I2,I3  shows what it wishes, DESK-7
answer-lost         I3     takes no answer for a no
tests/a.py::test    I2     in pytest
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "known.txt"
    file.write_text(FILE, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("found", "holds", "told"),
    [
        (
            {GENERATED: {"I3", "I2"}},
            True,
            ["generated: I2, I3 as expected: shows what it wishes, DESK-7."],
        ),
        ({GENERATED: {"I2"}}, False, ["generated: I3 is expected by "]),
        ({GENERATED: {"I2", "I3", "I6"}}, False, ["generated: I6 is new there"]),
        ({"double-click": {"I14"}}, False, ["double-click: I14 is new."]),
        ({"double-click": set()}, True, []),
        ({"answer-lost": set(), "double-click": {"I2"}}, False, ["answer-lost: I3", "double-"]),
    ],
)
def test_each_place_is_held_against_its_line(
    path: Path, found: dict[str, set[str]], *, holds: bool, told: list[str]
) -> None:
    expected = load(path)
    assert expected is not None
    settled = settle(expected, {where: frozenset(names) for where, names in found.items()})
    assert settled.holds is holds
    assert len(settled.lines) == len(told)
    assert all(line.startswith(begin) for line, begin in zip(settled.lines, told, strict=True))


@pytest.mark.parametrize(
    ("where", "meant"), [("genrated", "generated"), ("second-tab-unmute", "second-tab-unmutes")]
)
def test_a_slip_in_a_name_is_told_since_its_line_is_of_no_run(
    path: Path, where: str, meant: str
) -> None:
    path.write_text(f"{where} I2 why\n", encoding="utf-8")
    expected = load(path)
    assert expected is not None
    settled = settle(expected, {GENERATED: frozenset()})
    assert settled.lines == (f"{path}:1: there is no {where}; did you mean {meant}?",)
    assert settled.holds


def test_a_mistake_in_the_file_is_a_usage_error(path: Path) -> None:
    assert load(None) is None
    path.write_text("generated\n", encoding="utf-8")
    with pytest.raises(click.UsageError, match=r"known\.txt:1: 'generated' names no invariants"):
        load(path)
