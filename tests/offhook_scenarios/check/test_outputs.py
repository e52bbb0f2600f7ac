"""Files that both verbs write."""

from pathlib import Path

import click
import pytest

from offhook_scenarios.check.outputs import SURROUNDINGS, draw_and_test, write
from offhook_scenarios.check.report import show
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.plan.plan import Plan

NAIVE = Setup(client="naive")


def test_the_session_that_is_shown_is_drawn_and_becomes_a_test(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = show(Plan(seed=2), NAIVE)
    page, test = tmp_path / "page.html", tmp_path / "test_it.py"
    draw_and_test(shown, NAIVE, NAIVE.broken(shown.judged), page, test, budget_s=2)
    assert "<svg" in page.read_text(encoding="utf-8")
    assert "assert_holds(PLAN, CLIENT)" in test.read_text(encoding="utf-8")
    told = capsys.readouterr().err
    assert f"Timeline: {page}" in told
    assert f"pytest {test}" in told


def test_a_session_that_held_makes_no_test(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test = tmp_path / "test_it.py"
    draw_and_test(show(Plan(seed=2), NAIVE), NAIVE, (), None, test, budget_s=2)
    assert "Nothing broke" in capsys.readouterr().err
    assert not test.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
def test_a_full_disk_is_told_and_is_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit) as ended:
        write(Path("/dev/full"), "x")
    assert ended.value.exit_code == SURROUNDINGS
    assert "/dev/full could not be written: No space left on device." in capsys.readouterr().err
