"""`offhook check` and `offhook replay`, as typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from offhook.cli import main
from offhook_scenarios.check import drive


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), prog_name="offhook")


def check(path: Path, *words: str) -> Result:
    return run("check", "--jobs", "1", "--save", str(path / "finding.json"), *words)


def test_a_client_that_holds_is_a_pass_and_leaves_no_file(tmp_path: Path) -> None:
    done = check(tmp_path, "--seeds", "5")
    assert done.exit_code == 0, done.output
    assert "5 sessions" in done.output
    assert "5 held, 0 broke." in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_client_that_breaks_is_a_finding_and_can_be_replayed(tmp_path: Path) -> None:
    done = check(tmp_path, "--seeds", "2", "--client", "naive")
    assert done.exit_code == 1, done.output
    assert "Broken:" in done.output
    assert "again: offhook replay" in done.output
    again = run("replay", str(tmp_path / "finding.json"))
    assert again.exit_code == 1
    assert "Every byte as before." in again.output
    told = json.loads((tmp_path / "finding.json").read_text())["findings"]
    assert all(line in again.output for line in told)


def test_json_is_a_document_on_stdout(tmp_path: Path) -> None:
    done = check(tmp_path, "--seeds", "2", "--from", "7", "--json")
    report = json.loads(done.stdout)
    assert report["seeds"] == {"first": 7, "count": 2}
    assert report["sessions"] == 2


def changed(path: Path, **fields: object) -> str:
    check(path, "--seeds", "1", "--client", "naive")
    file = path / "finding.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))
    return str(file)


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"surroundings": {"python": "2.7"}}, 3, "cannot be repeated here: python 3."),
        ({"digest": "other"}, 1, "The bytes differ"),
        ({"client": "reference"}, 0, "held"),
        ({"client": "nobody"}, 2, "There is no client 'nobody'"),
        ({"plan": {"version": 2}}, 2, "cannot be read"),
    ],
)
def test_a_replay_says_what_is_not_as_it_was(
    tmp_path: Path, fields: dict[str, object], code: int, words: str
) -> None:
    done = run("replay", changed(tmp_path, **fields))
    assert done.exit_code == code, done.output
    assert words in done.output


def test_an_unknown_client_is_a_usage_error(tmp_path: Path) -> None:
    done = check(tmp_path, "--client", "nobody")
    assert done.exit_code == 2
    assert "There is no client 'nobody'" in done.output


def test_a_place_where_nothing_can_be_written_is_the_surroundings_fault(tmp_path: Path) -> None:
    done = check(tmp_path / "nowhere", "--seeds", "1", "--client", "naive")
    assert done.exit_code == 3
    assert "could not be written" in done.output


def test_an_interruption_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(drive, "play_seeds", interrupt)
    done = check(tmp_path, "--seeds", "1")
    assert done.exit_code == 130
    assert "Interrupted" in done.output
