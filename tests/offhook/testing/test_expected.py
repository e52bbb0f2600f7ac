"""The file of expected failures: read line by line, refused by line, and what comes of it."""

import re
from pathlib import Path

import pytest

from offhook.testing.expected import Expected, ExpectedError, listed, read_expected

TEXT = """
# What we know of.
tests/test_desk.py::test_lost  I3     takes no answer for a no
tests/test_desk.py::test_it[a b] I2 the id has a space

generated   I2,I13   # DESK-412
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "expected.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_lines_are_read_with_their_reasons(tmp_path: Path) -> None:
    expected = read_expected(written(tmp_path, TEXT))
    lost = expected.of("tests/test_desk.py::test_lost")
    assert lost is not None
    assert lost.invariants == {"I3"}
    assert lost.reason == "takes no answer for a no"
    assert lost.at.endswith("expected.txt:3")
    generated = expected.of("generated")
    assert generated is not None
    assert generated.invariants == {"I2", "I13"}
    assert generated.reason == "DESK-412"
    assert expected.of("tests/test_desk.py::test_it[a b]") is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("somewhere", r":1: 'somewhere' names no invariants: write where"),
        ("\na I2x why", r":2: 'a I2x why' names no invariants"),
        ("a I2", r":1: say why a breaks, behind I2"),
        ("a I2 #", r":1: say why a breaks, behind I2"),
        (
            "generated I2 I1",
            r":1: 'I2 I1' are several invariants: write them as I2,I1, with no space",
        ),
        ("generated I2, I1 why", r":1: 'I2, I1' are several invariants: write them as I2,I1"),
        ("generated I2,I3 I1 why", r":1: 'I2,I3 I1' are .* as I2,I3,I1,"),
        ("a I2 x\na I3 y", r":2: a stands in .*:1 already"),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_its_number(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(ExpectedError, match=message):
        read_expected(written(tmp_path, text))


def test_an_invariant_in_the_words_of_a_reason_is_no_second_one(tmp_path: Path) -> None:
    line = read_expected(written(tmp_path, "a I2,I3 comes of I1, see DESK-4 and I1x")).of("a")
    assert line is not None
    assert line.invariants == {"I2", "I3"}
    assert line.reason == "comes of I1, see DESK-4 and I1x"


def test_a_file_that_is_not_there_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError, match=r"cannot be read from .*: No such file"):
        read_expected(tmp_path / "none.txt")
    path = tmp_path / "bytes.txt"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ExpectedError, match="it is not UTF-8"):
        read_expected(path)


@pytest.mark.parametrize(
    ("where", "found", "holds", "words"),
    [
        ("here", {"I2", "I3"}, True, ""),
        ("here", {"I2", "I3", "I10"}, False, "I10 is new there"),
        ("here", {"I2"}, False, "I3 is expected by .*:1 and did not come: take it out"),
        ("here", set(), False, "I2, I3 is expected by"),
        ("elsewhere", {"I2"}, False, ""),
        ("elsewhere", set(), True, ""),
    ],
)
def test_new_findings_and_stale_lines_do_not_hold(
    tmp_path: Path,
    where: str,
    found: set[str],
    holds: bool,  # noqa: FBT001 - a column of the table.
    words: str,
) -> None:
    expected = read_expected(written(tmp_path, "here I3,I2 known"))
    verdict = expected.verdict(where, frozenset(found))
    assert verdict.holds is holds
    assert re.fullmatch(f".*{words}.*" if words else "", verdict.words)


def test_without_a_file_nothing_is_expected() -> None:
    assert Expected().of("x") is None
    assert Expected().verdict("x", frozenset({"I2"})).new == {"I2"}


def test_invariants_are_listed_by_number() -> None:
    assert listed(frozenset({"I10", "I2"})) == "I2, I10"
