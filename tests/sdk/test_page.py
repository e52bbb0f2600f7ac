"""The page on what the SDKs do under stress is what the tests say, and nothing else."""

from pathlib import Path

from tests.sdk.page import PAGE, README, benches, compatibility, readme, sentences, written


def test_the_page_is_what_the_tests_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "Run: python -m tests.sdk.page"


def test_the_readme_counts_the_tests_there_are() -> None:
    assert README.read_text(encoding="utf-8") == readme(), "Run: python -m tests.sdk.page"
    assert " 0 tests" not in compatibility()


def test_a_test_becomes_a_sentence_with_what_its_docstring_adds(tmp_path: Path) -> None:
    source = tmp_path / "test_it.py"
    source.write_text(
        'def test_a_b_is_c() -> None:\n    """Though\n    not always."""\n\ndef helper(): ...\n',
        encoding="utf-8",
    )
    assert sentences(source) == ["**A b is c.** Though not always."]


def test_the_versions_are_those_of_the_locks() -> None:
    assert all(bench.title.split()[-1].endswith(".0") for bench in benches())
