"""`offhook check` of clients outside this process, as typed."""

import json
import shlex
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from tests.offhook_scenarios.adapters.scripts import DESK, SERVE, script
from tests.offhook_scenarios.test_guest_plays import ANSWER_LOST, QUIET

from offhook.adapters.line_file import read_lines
from offhook.cli import main
from offhook.domain.evidence import Evidence
from offhook.settings import DEFAULT
from offhook_scenarios.check import guest_command
from offhook_scenarios.check.guest_options import GuestOptions


@pytest.fixture(autouse=True)
def _short_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guest_command, "CATALOGUE", (QUIET, ANSWER_LOST))


def check(folder: Path, text: str, *words: str) -> Result:
    command = shlex.join(script(folder, text))
    return typed(folder, f"stdio:{command}", *words)


def typed(folder: Path, client: str, *words: str) -> Result:
    save = ("--save", str(folder / "finding.json"))
    return CliRunner().invoke(
        main, ["check", "--client", client, *save, *words], prog_name="offhook"
    )


def test_the_first_bug_is_told_and_kept(tmp_path: Path) -> None:
    done = check(tmp_path, DESK + SERVE, "--budget", "0.5")
    assert done.exit_code == 1, done.output
    assert "Told the truth: script 1 of 2." in done.output
    assert "answer-lost: UNHEARD" in done.output
    assert "  | mute failed:" in done.output
    assert "--only answer-lost" in done.output
    kept = json.loads((tmp_path / "finding.json").read_text(encoding="utf-8"))
    assert [row["session"] for row in kept["sessions"]] == ["answer-lost"]


def test_each_session_is_written_down_as_it_is_judged(tmp_path: Path) -> None:
    trace = tmp_path / "run.jsonl"
    done = check(tmp_path, DESK + SERVE, "--budget", "0.5", "--trace", str(trace))
    assert done.exit_code == 1, done.output
    heading, *rows = read_lines(trace).values
    assert heading["check"] == 1
    assert heading["sessions"] == "the named ones"
    assert {row["session"]: row["result"] for row in rows}.keys() == {"quiet", "answer-lost"}
    (broke,) = [row for row in rows if "again" in row]
    assert "--only answer-lost" in broke["again"]
    again = CliRunner().invoke(main, ["replay", str(trace)], prog_name="offhook")
    assert again.exit_code == 2
    assert "is of named sessions, which `again` in a line tells how to play" in again.output


def test_of_a_client_that_never_came_to_the_trouble_it_is_told_what_was_seen(
    tmp_path: Path,
) -> None:
    idle = "serve('set_mute', start=desk.start)"
    done = check(tmp_path, DESK + idle, "--only", "answer-lost")
    assert "answer-lost was not exercised: the screen said live " in done.output
    assert "; the mock saw no request." in done.output


def test_a_truthful_client_passes(tmp_path: Path) -> None:
    done = check(tmp_path, DESK + SERVE, "--budget", "0.5", "--only", "quiet", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["sessions"][0]["result"] == "ok"
    assert not (tmp_path / "finding.json").exists()


@pytest.mark.parametrize(
    ("text", "words", "code", "told"),
    [
        ("sys.exit(9)", (), 3, "ended with exit code 9 before its hello, and wrote nothing."),
        (DESK + "serve(start=desk.start)", (), 3, "Nothing could be judged"),
        (DESK + SERVE, ("--speed", "3"), 2, "its clock is its own"),
        (DESK + SERVE, ("--only", "quite"), 2, "Did you mean quiet?"),
        (DESK + SERVE, ("--mute", "#m"), 2, "--mute SELECTOR and --muted-when"),
        (DESK + SERVE, ("--dialect", "tutorial"), 2, "Only a page has --dialect."),
        (DESK + SERVE, ("--mute", "#m", "--muted-when", "#n"), 2, "is no page"),
        (
            "serve('set_mute', start=lambda c: say('done', id=c['id'], error='no host'))",
            ("--only", "quiet"),
            3,
            "could not start: no host",
        ),
    ],
)
def test_what_is_not_a_finding_has_its_own_exit_code(
    tmp_path: Path, text: str, words: tuple[str, ...], code: int, told: str
) -> None:
    done = check(tmp_path, text, *words)
    assert done.exit_code == code, done.output
    assert told in done.output


def test_conformance_is_a_verdict_of_its_own(tmp_path: Path) -> None:
    done = check(tmp_path, "serve(start=lambda _: sys.exit(3))", "--conformance")
    assert done.exit_code == 1
    assert "broken     start" in done.output
    done = check(tmp_path, "serve(start=lambda _: sys.exit(3))", "--conformance", "--json")
    assert json.loads(done.stdout)["verdict"] == "broken"


def test_a_page_has_no_protocol_to_conform_to(tmp_path: Path) -> None:
    page = ("--mute", "#m", "--muted-when", "#n", "--conformance")
    done = typed(tmp_path, "browser:http://127.0.0.1:9/?api={api}", *page)
    assert done.exit_code == 2
    assert "does not speak the adapter protocol" in done.output


def test_the_options_of_guests_are_for_guests(tmp_path: Path) -> None:
    done = typed(tmp_path, "naive", "--only", "quiet")
    assert done.exit_code == 2
    assert "--only: only for stdio, ws and browser clients" in done.output


def test_a_program_that_is_not_there_is_the_surroundings_fault(tmp_path: Path) -> None:
    for words in ((), ("--seeds", "2")):
        done = typed(tmp_path, "stdio:no-such-program", *words)
        assert done.exit_code == 3
        assert done.output.startswith("Error: There is no program 'no-such-program'")


def test_a_session_that_is_a_plan_is_not_for_guests(tmp_path: Path) -> None:
    done = typed(tmp_path, "stdio:python3 x", "--only", "silent-drop")
    assert done.exit_code == 2
    assert "silent-drop is one of `offhook play`, for clients in this process; there are:" in (
        " ".join(done.output.split())
    )


def test_a_folder_that_is_not_there_is_told_before_anything_is_played(tmp_path: Path) -> None:
    done = check(tmp_path, DESK + SERVE, "--budget", "0.5", "--save", str(tmp_path / "no" / "x"))
    assert done.exit_code == 2
    assert "--save" in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--seeds", "5"), "Generated sessions are for stdio:COMMAND and ws:COMMAND"),
        (("--order", "fifo"), "--order is for generated sessions (--seeds, --time)"),
        (("--seeds", "5", "--only", "quiet"), "--only: not for generated sessions"),
    ],
)
def test_what_does_not_go_together_is_told(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = typed(tmp_path, "ws", *words)
    assert done.exit_code == 2
    assert told in done.output


@pytest.mark.nightly
def test_generated_sessions_are_played_over_real_sockets_and_kept(tmp_path: Path) -> None:
    done = check(tmp_path, DESK + SERVE, "--seeds", "1", "--jobs", "1", "--strict")
    assert done.exit_code == 1, done.output
    kept = json.loads((tmp_path / "finding.json").read_text(encoding="utf-8"))
    assert kept["network"] == "wire"
    assert kept["plan"]["seed"] == 1
    assert "digest" not in kept


def test_a_timeline_is_drawn_whatever_came_of_it(tmp_path: Path) -> None:
    page = tmp_path / "line.html"
    done = check(tmp_path, DESK + SERVE, "--only", "quiet", "--timeline", str(page))
    assert done.exit_code == 0, done.output
    assert "times the script desk told the truth" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "code"),
    [("answer-lost I2 we know", 1), ("answer-lost I3 we know", 0), ("quiet I2 no more", 1)],
    ids=["new", "known", "stale"],
)
def test_what_is_known_of_a_session_passes(tmp_path: Path, line: str, code: int) -> None:
    file = tmp_path / "known.txt"
    file.write_text(line, encoding="utf-8")
    only = ("--only", line.split(maxsplit=1)[0])
    words = ("--budget", "0.5", "--expected-failures", str(file), *only)
    done = check(tmp_path, DESK + SERVE, *words)
    assert done.exit_code == code, done.output


@pytest.mark.parametrize(("words", "code"), [((), 0), (("--strict",), 1)])
def test_what_is_only_assumed_counts_when_it_is_strict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int
) -> None:
    assumed = msgspec.structs.replace(ANSWER_LOST, evidence=Evidence.ASSUMED)
    monkeypatch.setattr(guest_command, "CATALOGUE", (assumed,))
    done = check(tmp_path, DESK + SERVE, "--budget", "0.5", *words)
    assert done.exit_code == code, done.output
    assert "answer-lost: UNHEARD" in done.output
    assert "(on what is only assumed)" in done.output


def test_the_mock_knows_the_oauth_client_of_a_page() -> None:
    org = guest_command._org(GuestOptions(client_id="of-the-page"))
    own, *others = org.clients
    assert (own.id, own.secret, own.any_loopback_redirect) == ("of-the-page", None, True)
    assert tuple(others) == DEFAULT.clients
    assert guest_command._org(GuestOptions()) is DEFAULT
