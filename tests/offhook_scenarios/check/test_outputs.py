"""Files that both verbs write."""

from pathlib import Path

import click
import pytest

from offhook.commands.exits import INTERRUPTED, Surroundings
from offhook.domain.errors import OffhookError
from offhook_scenarios.check.client_name import NoClientError
from offhook_scenarios.check.outputs import draw_and_test, judging
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


def test_what_was_asked_for_and_is_not_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, test = tmp_path / "page.html", tmp_path / "test_it.py"
    draw_and_test(None, NAIVE, (), page, test, budget_s=2)
    assert capsys.readouterr().err == (
        f"The session was not played once more: nothing was written to {page} and {test}.\n"
    )
    draw_and_test(None, NAIVE, (), None, None, budget_s=2)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("error", "ending", "told"),
    [
        (
            NoClientError("There is no client x."),
            click.UsageError,
            "--client: There is no client x.",
        ),
        (OffhookError("A worker has gone."), Surroundings, "A worker has gone."),
    ],
)
def test_what_ends_a_verb_before_anything_is_judged(
    error: OffhookError, ending: type[click.ClickException], told: str
) -> None:
    with pytest.raises(ending) as ended, judging():
        raise error
    assert ended.value.message == told


def test_ctrl_c_judges_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit) as ended, judging():
        raise KeyboardInterrupt
    assert ended.value.exit_code == INTERRUPTED
    assert "nothing was judged" in capsys.readouterr().err
