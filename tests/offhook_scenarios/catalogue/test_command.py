"""`offhook play`, as typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from offhook.cli import main
from offhook_scenarios.catalogue import command, named
from offhook_scenarios.catalogue.named import catalogue


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["play", *words], prog_name="offhook")


def test_without_a_name_they_are_listed() -> None:
    done = run()
    assert done.exit_code == 0, done.output
    assert all(f"{name} " in done.output for name in catalogue())
    listed = json.loads(run("--json").stdout)
    assert [one["name"] for one in listed] == list(catalogue())
    assert listed[0]["incident"].startswith("https://")


def test_one_is_told_moment_by_moment() -> None:
    done = run("silent-drop")
    assert done.exit_code == 0, done.output
    assert "The open connections go dead" in done.output
    assert "What must be: " in done.output
    assert "held" in done.output


def test_a_client_that_breaks_is_a_finding_and_drawn(tmp_path: Path) -> None:
    drawn = tmp_path / "drop.html"
    done = run("silent-drop", "--client", "naive", "--timeline", str(drawn))
    assert done.exit_code == 1, done.output
    assert "I2" in done.output
    assert drawn.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_of_several_a_line_says_what_the_screen_said() -> None:
    done = run("silent-drop", "settings-tab-unmutes", "--client", "naive", "--strict")
    assert done.exit_code == 1
    assert "settings-tab-unmutes  said muted, was heard; never right again" in done.output
    assert "0 of 2 held." in done.output
    told = json.loads(run("silent-drop", "settings-tab-unmutes", "--json").stdout)
    assert [one["screen"] for one in told] == [["told the truth"]] * 2
    assert [one["broke"] for one in told] == [False, False]


def test_what_broke_and_does_not_count_is_said_to() -> None:
    done = run("silent-drop", "settings-tab-unmutes", "--client", "naive")
    assert done.exit_code == 1
    assert "never right again (broke on what is only assumed)" in done.output
    assert "1 of 2 held, 1 of them (broke on what is only assumed): --strict counts" in done.output


def test_all_are_played(monkeypatch: pytest.MonkeyPatch) -> None:
    few = dict(list(catalogue().items())[:3])
    monkeypatch.setattr(named, "catalogue", lambda: few)
    done = run("--all")
    assert done.exit_code == 0, done.output
    assert all(name in done.output for name in few)
    assert "3 of 3 held." in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("silent",), "There is no session 'silent'"),
        (("xyzzy",), "There is no session 'xyzzy'; `offhook play` lists them."),
        (("silent-drop", "--all"), "Either names or --all."),
        (("--all", "--timeline", "x.html"), "are of one session: name it."),
        (("silent-drop", "--client", "nobody"), "There is no client 'nobody'"),
    ],
)
def test_a_mistake_is_one_sentence(words: tuple[str, ...], told: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert told in done.output


def test_an_interrupt_judges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_played", stop)
    assert run("silent-drop").exit_code == 130
