"""The conformance test: what it passes, and what it says of each way to get it wrong."""

import sys
from pathlib import Path

import pytest
from tests.offhook_scenarios.adapters.scripts import DESK, client

from offhook_scenarios.adapters import conformance, remote
from offhook_scenarios.adapters.conformance import (
    RULES,
    Report,
    Verdict,
    document,
    lines,
    try_conformance,
)
from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.adapters.stdio import stdio

PYTHON_DESK = Path(__file__).parents[3] / "docs" / "how-to" / "clients" / "python_desk.py"


PRESS = "serve('set_mute', start=desk.start, set_mute=press)"
NOTHING_PRESSED = f"""
def press(command):
    say('done', id=command['id'])
{PRESS}
"""
NOTHING_SHOWN = f"""
def press(command):
    data = json.dumps({{'muted': command['muted']}}).encode()
    desk.ask('POST', desk.path, data=data, headers=desk.headers)
    say('done', id=command['id'])
{PRESS}
"""


SHOWN_WITHIN_S = 0.2
"""What these clients show they say before their `done`: what is not there by then never comes."""


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "SHOWN_WITHIN_S", SHOWN_WITHIN_S)
    monkeypatch.setattr(conformance, "STOP_WITHIN_S", 0.7)
    monkeypatch.setattr(remote, "STOP_WITHIN_S", 0.7)
    monkeypatch.setattr(conformance, "DONE_WITHIN_S", 1.5)


def tried(folder: Path, text: str) -> Report:
    return try_conformance(lambda _seed: client(folder, text))


def why(report: Report, rule: str) -> str:
    (row,) = [row for row in report.rows if row.rule.startswith(rule)]
    return f"{row.verdict}: {row.why}"


def test_a_whole_client_passes_and_what_it_cannot_is_not_judged() -> None:
    command = [sys.executable, str(PYTHON_DESK)]
    report = try_conformance(lambda _seed: RemoteClient(stdio(command), name="python-desk"))
    assert report.verdict is Verdict.OK, lines(report)
    not_judged = {row.rule.partition(":")[0] for row in report.rows if row.why}
    assert not_judged == {"observe", "advance", "restart reload", "restart sleep"}
    assert lines(report)[0] == "python-desk 1.0: tutorial dialect, own clock"
    assert lines(report)[-1] == "The adapter protocol, version 1: ok."
    assert document(report)["verdict"] == "ok"
    assert len(report.rows) == 1 + len(RULES)


@pytest.mark.usefixtures("hurry")
def test_all_rules_are_tried_of_a_client_that_can_do_all(tmp_path: Path) -> None:
    text = f"""
{DESK}
def both(command):
    say("done", id=command["id"])
serve("set_mute", "observe", "restart:reload", "restart:sleep", clock="shared",
    start=desk.start, set_mute=desk.set_mute)
"""
    report = tried(tmp_path, text)
    assert "not judged" not in " ".join(lines(report))
    assert report.verdict is Verdict.BROKEN
    assert why(report, "belief").startswith("broken: it says live, and not muted, after 0.2 s")
    assert why(report, "restart reload").startswith("broken")
    assert why(report, "advance") == "ok: "
    assert why(report, "restart process") == "ok: "


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("serve('set_mute')", "start", "it says unknown, and not muted or live, after 0.2 s"),
        ("serve(start=lambda _: sys.exit(4))", "start", "the client ended with exit code 4"),
        (
            "serve(start=lambda c: say('done', id=c['id'], error='no'))",
            "start",
            "script could not start: no",
        ),
        (NOTHING_PRESSED, "set_mute: the mock follows", "the mock is live after its done"),
        (
            NOTHING_SHOWN,
            "set_mute: the mock follows",
            "it says live, and not muted, after 0.2 s",
        ),
        (
            "serve('set_mute', start=desk.start, set_mute=lambda c: None)",
            "set_mute: the mock follows",
            "there was no done within 1.5 s",
        ),
        (
            "serve(start=desk.start, of_a_later_version=lambda _: sys.exit(2))",
            "a message of a later version",
            "it ended",
        ),
        (
            "serve(start=desk.start, stop=lambda _: time.sleep(60))",
            "stop",
            "it was still there after 0.7 s, and was killed",
        ),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, rule: str, words: str
) -> None:
    # The desk breaks another rule too, which would answer for this one, and waits once more.
    asked = [row for row in RULES if row[0].startswith(("start", rule, "stop"))]
    monkeypatch.setattr(conformance, "RULES", tuple(asked))
    report = tried(tmp_path, DESK + text)
    assert report.verdict is Verdict.BROKEN
    assert why(report, rule) == f"broken: {words}"
    if rule == "start":
        assert why(report, "stop") == "not judged: the client had failed before"


@pytest.mark.usefixtures("hurry")
def test_the_log_is_shown_with_what_is_broken(tmp_path: Path) -> None:
    failing = "serve(start=lambda _: sys.exit(4))"
    report = tried(tmp_path, f"print('a word', file=sys.stderr)\n{failing}")
    assert "  | a word" in lines(report)


def test_without_a_hello_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="before its hello"):
        tried(tmp_path, "sys.exit(1)")
