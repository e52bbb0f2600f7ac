"""`offhook search`, as typed."""

import json

import pytest
from click.testing import CliRunner, Result

from offhook.cli import main
from offhook_scenarios.search import worlds
from offhook_scenarios.search.explorer import Explorer


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["search", *words], prog_name="offhook")


def test_a_search_that_finds_nothing_passes() -> None:
    done = run("--budget", "1/1/1/0", "--muted", "--admin", "--replay")
    assert done.exit_code == 0, done.output
    assert "at rest" in done.output
    assert "Nothing is wrong in any of them." in done.output


def test_a_search_that_finds_something_tells_a_way_there() -> None:
    done = run("--budget", "1/1/0/0", "--without", "always-send", "--first")
    assert done.exit_code == 1, done.output
    assert (
        "Without rule 5: a person's wish is sent even when it seems to change nothing."
        in done.output
    )
    assert "the person's wish was lost: 1. A shortest way there:" in done.output
    assert "   1 the agent presses unmute" in done.output


def test_what_is_documented_of_an_administrator_without_replay_is_told_as_that() -> None:
    hint = "learnt from replay alone: with --replay the server replays"
    done = run("--budget", "0/1/1/0", "--admin")
    assert done.exit_code == 1, done.output
    assert hint in done.output
    for words in (("--admin", "--replay"), ("--without", "5"), ("--admin", "--json")):
        assert hint not in run("--budget", "1/1/1/0", *words).output


def test_json_is_a_document_on_stdout() -> None:
    done = run("--budget", "1/1/0/0", "--without", "5", "--json")
    report = json.loads(done.stdout)
    assert (report["dialect"], report["budget"], report["without"]) == (
        "tutorial",
        "1/1/0/0",
        ["always_send"],
    )
    (wrong,) = [one for one in report["violations"] if one["what"] == "the person's wish was lost"]
    assert wrong["trace"][0] == "the agent presses unmute"
    assert report["worlds"] > report["resting"] > 0


def test_the_platform_dialect_is_searched_too() -> None:
    done = run("--dialect", "platform", "--budget", "1/1/0/1/0", "--json")
    assert json.loads(done.stdout)["dialect"] == "platform"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--budget", "2/1"), "A budget is toggles/externals/drops/losses"),
        (("--budget", "1/1/1/1/1"), "a fifth number is the platform's"),
        (("--without", "11"), "There is no rule '11'"),
        (("--dialect", "platform", "--without", "5"), "are of the tutorial dialect"),
        (("--dialect", "platform", "--admin"), "are of the tutorial dialect"),
    ],
)
def test_a_mistake_is_one_sentence(words: tuple[str, ...], told: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert told in done.output
    assert "Traceback" not in done.output


def test_a_budget_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "DESK_BITS", 3)
    done = run("--budget", "3/0/0/0")
    assert done.exit_code == 2, done.output
    assert "more than 8 different states of the desk: choose a smaller budget." in done.output


def test_an_interrupt_judges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Explorer, "run", stop)
    done = run("--budget", "1/0/0/0")
    assert done.exit_code == 130
    assert "Interrupted" in done.output
