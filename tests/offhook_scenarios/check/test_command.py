"""`offhook check`, as typed."""

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from tests.offhook_scenarios.check.test_setup import Unwilling
from tests.offhook_scenarios.check.test_words import BROKE, FOUND, report

from offhook.cli import main
from offhook_scenarios.check import report as reporting
from offhook_scenarios.check import running, setup
from offhook_scenarios.check.report import Report
from offhook_scenarios.check.running import Task


def check(path: Path, *words: str) -> Result:
    line = ["check", "--jobs", "1", "--save", str(path / "finding.json"), *words]
    return CliRunner().invoke(main, line, prog_name="offhook")


def test_a_client_that_holds_is_a_pass_and_leaves_no_file(tmp_path: Path) -> None:
    done = check(tmp_path, "--seeds", "5")
    assert done.exit_code == 0, done.output
    assert "5 sessions" in done.output
    assert "5 held, 0 broke." in done.output
    assert list(tmp_path.iterdir()) == []


def test_files_that_were_asked_for_of_a_client_that_holds_are_told_not_to_be_there(
    tmp_path: Path,
) -> None:
    page = tmp_path / "t.html"
    done = check(tmp_path, "--seeds", "2", "--timeline", str(page))
    assert done.exit_code == 0, done.output
    assert f"Nothing broke: nothing was written to {page}." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_client_that_breaks_is_told_and_written_down(tmp_path: Path) -> None:
    files = ["--timeline", str(tmp_path / "t.html"), "--as-pytest", str(tmp_path / "test_it.py")]
    done = check(
        tmp_path, "--seeds", "3", "--from", "30", "--client", "naive", "--invariant", "I2", *files
    )
    assert done.exit_code == 1, done.output
    for line in ("I2 breaks: ", "presses mute", "Likely cause: ", "again: offhook replay"):
        assert line in done.output
    assert {each.name for each in tmp_path.iterdir()} == {"finding.json", "t.html", "test_it.py"}


def test_json_is_a_document_on_stdout(tmp_path: Path) -> None:
    done = check(tmp_path, "--seeds", "2", "--from", "7", "--json", "--order", "pct")
    report = json.loads(done.stdout)
    assert report["sessions"] == {"asked": "seeds 7 to 8", "played": 2, "broke": 0}


def test_it_plays_over_real_sockets_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "WIRE_SPEED", 50.0)
    # The shortest session of the first few hundred.
    done = check(tmp_path, "--on", "wire", "--seeds", "1", "--from", "168", "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["network"], report["sessions"]["played"]) == ("wire", 1)


def test_a_time_is_enough(tmp_path: Path) -> None:
    done = check(tmp_path, "--time", "50ms")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--client", "nobody"), "There is no client 'nobody'"),
        (("--time", "soon"), "'soon' is no length of time"),
        (("--time", "0"), "no time at all checks nothing"),
        (("--order", "lifo"), "'lifo' is not one of"),
        (("--order", "pct", "--on", "wire"), "only the simulation can choose it"),
        (("--client", "json:dumps"), "json:dumps makes no adapter, but something of type str"),
        (("--invariant", "I99"), "'I99' is not one of"),
        (("--seeds", "0"), "0 is not in the range"),
    ],
)
def test_a_mistake_is_a_usage_error_in_one_sentence(
    tmp_path: Path, words: tuple[str, str], told: str
) -> None:
    done = check(tmp_path, *words)
    assert done.exit_code == 2
    assert told in done.output
    assert "Traceback" not in done.output


def unwilling(_seed: int) -> Unwilling:
    """A factory of clients that do not start."""
    return Unwilling()


def test_the_letter_of_an_invariant_may_be_small(tmp_path: Path) -> None:
    done = check(
        tmp_path,
        "--seeds",
        "1",
        "--from",
        "30",
        "--client",
        "naive",
        "--invariant",
        "i2",
        "--strict",
    )
    assert "Broken: I2 in 1." in done.output


def test_a_client_that_does_not_start_is_told_in_one_sentence(tmp_path: Path) -> None:
    done = check(tmp_path, "--seeds", "1", "--client", f"{__name__}:unwilling")
    assert done.exit_code == 3
    assert "could not be played: KeyError" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("flag", ["--save", "--timeline", "--as-pytest"])
def test_a_folder_that_is_not_there_is_told_before_anything_is_played(
    tmp_path: Path, flag: str
) -> None:
    done = check(tmp_path, "--seeds", "1", flag, str(tmp_path / "nowhere" / "file"))
    assert done.exit_code == 2
    assert f"there is no folder {tmp_path / 'nowhere'}." in done.output
    assert "sessions" not in done.output


def test_an_interruption_is_told_with_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "find_shortest", interrupt)
    done = check(tmp_path, "--seeds", "1", "--from", "30", "--client", "naive")
    assert done.exit_code == 130
    assert "Interrupted" in done.output
    assert (tmp_path / "finding.json").exists()


def test_who_interrupts_the_wire_does_not_wait_for_one_more_play(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(task: Task) -> Report:
        told = report(BROKE, found=(FOUND,))
        return msgspec.structs.replace(told, setup=task.setup, interrupted=True)

    def show(*_: object) -> None:
        raise AssertionError("it was played once more")

    monkeypatch.setattr(running, "run", interrupted)
    monkeypatch.setattr(reporting, "show", show)
    done = check(tmp_path, "--client", "naive", "--on", "wire")
    assert done.exit_code == 130, done.output
    assert "I2 breaks" in done.output
    assert (tmp_path / "finding.json").exists()


def test_a_cluster_that_is_not_there_is_the_surroundings_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    done = check(tmp_path, "--scheduler", "tcp://127.0.0.1:9")
    assert done.exit_code == 3
    assert "pip install 'offhook[cluster]'" in done.output


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("generated I1,I2,I3 it is naive", 1, "is expected by"),
        ("generated I2 it is naive", 0, "generated: I2 as expected: it is naive."),
        ("generated I6 it is naive", 1, "I2 is new there"),
        ("generated I2", 2, "say why generated breaks"),
    ],
)
def test_what_is_known_passes_and_what_is_new_or_gone_does_not(
    tmp_path: Path, line: str, code: int, told: str
) -> None:
    file = tmp_path / "known.txt"
    file.write_text(line, encoding="utf-8")
    words = ("--seeds", "3", "--from", "30", "--client", "naive", "--invariant", "I2")
    done = check(tmp_path, *words, "--expected-failures", str(file))
    assert done.exit_code == code, done.output
    assert told in " ".join(done.stderr.split())
