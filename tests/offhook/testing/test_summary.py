"""The page at the end, and the lines that GitHub reads."""

from offhook.testing.findings import Finding
from offhook.testing.results import Result
from offhook.testing.summary import ANNOTATED_MAX, annotations, markdown

FOUND = Finding(invariant="I2", words="screen muted | caller could hear, 100 % of\nthe time")
FAILED = Result(
    test="t.py::test[a|b]",
    path="tests/t:1.py",
    line=4,
    outcome="failed",
    seed="9",
    findings=(FOUND,),
)
BROKEN = Result(test="b", path="b.py", line=1, outcome="failed", message="KeyError: 'x'")
KNOWN = Result(test="k", path="k.py", line=1, outcome="expected", findings=(FOUND,))
PASSED = Result(test="p", path="p.py", line=1, outcome="passed")


def test_the_page_counts_and_tells_each_that_did_not_pass() -> None:
    page = markdown([FAILED, BROKEN, KNOWN, PASSED])
    assert page.startswith("## Offhook: did not hold\n")
    assert "4 tests with a mock: 1 passed, 2 failed, 1 failed as expected." in page
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == 3
    assert rows[0].startswith(r"| `t.py::test[a\|b]` | I2 | screen muted \| caller could hear")
    assert "KeyError" in rows[1]
    assert "(expected)" in rows[2]


def test_where_all_is_well_there_is_no_table() -> None:
    page = markdown([PASSED])
    assert page.startswith("## Offhook: told the truth\n")
    assert "| test |" not in page


def test_an_annotation_is_one_line_at_its_test_and_escaped() -> None:
    line, broken = annotations([FAILED, BROKEN, KNOWN, PASSED])
    assert line == (
        "::error file=tests/t%3A1.py,line=4,title=offhook I2::t.py::test[a|b]: "
        "screen muted | caller could hear, 100 %25 of%0Athe time"
    )
    assert broken == "::error file=b.py,line=1,title=offhook::b: KeyError: 'x'"


def test_no_more_are_printed_than_are_shown() -> None:
    assert len(list(annotations([FAILED] * 50))) == ANNOTATED_MAX
