"""The page about retry libraries is what is observed of those that are installed."""

import pytest
from tests.evidence.libraries import LIBRARIES
from tests.evidence.observe import METHODS, PAGE, TROUBLES, page, told


@pytest.mark.nightly
def test_the_page_is_what_is_observed() -> None:
    assert page() == PAGE.read_text(encoding="utf-8"), (
        "Look at the differences; `python -m tests.evidence.observe` writes the page anew."
    )


def test_every_library_has_its_rows_and_grades_none() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for library in LIBRARIES:
        rows = [line for line in text.splitlines() if line.startswith(f"| {library.name} |")]
        setup, *cells = rows
        assert setup == f"| {library.name} | {library.version} | {library.setup} |"
        assert len(cells) == len(METHODS)
        assert all(row.count("|") == len(TROUBLES) + 2 for row in cells)
    assert "Grade" not in text


@pytest.mark.parametrize(
    ("arrived", "waits", "near_s", "cell"),
    [
        (1, [], None, "1"),
        (2, [7.0], None, "2: 7"),
        (2, [6.2], 7.0, "2: 7"),
        (2, [1.0], 7.0, "2: 1"),
        (9, [0.04, 0.25, 1, 2, 4, 8], None, "9: 0, 0.2, 1, 2, 4, …"),
    ],
)
def test_a_cell_is_requests_and_waits(
    arrived: int, waits: list[float], near_s: float | None, cell: str
) -> None:
    assert told(arrived, waits, near_s=near_s) == cell
