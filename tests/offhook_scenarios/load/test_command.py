"""The verb: usage and exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import offhook
from offhook_scenarios.load.command import load


def ask(*words: str) -> Result:
    return CliRunner().invoke(load, words)


def test_load_is_sent_and_told() -> None:
    with offhook.serve(seed=1) as mock:
        result = ask(mock.url, "--users", "3", "--seconds", "1", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    assert report["attempts"] > 3
    assert report["locustRequests"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("https://api.mypurecloud.com",), "never sent load, by no flag"),
        (("http://example.com:80",), "is not this machine"),
        (("http://127.0.0.1:1", "--policy", "ful-jitter"), "Did you mean full-jitter?"),
        (("http://127.0.0.1:1", "--web", "8090"), "belong to --workers"),
        (("http://127.0.0.1:1", "--join", "example.com:5557"), "is not this machine"),
        (("http://127.0.0.1:1", "--join", "api.usw2.pure.cloud:5557"), "the real platform"),
        (("http://127.0.0.1:1", "--join", "127.0.0.1"), "it must be HOST:PORT"),
    ],
)
def test_a_wrong_word_is_one_sentence_and_exit_code_2(words: tuple[str, ...], said: str) -> None:
    result = ask(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_what_surrounds_it_may_not_allow_it(tmp_path: Path) -> None:
    nobody = ask("http://127.0.0.1:1", "--seconds", "1")
    assert nobody.exit_code == 3
    assert "No mock answers at http://127.0.0.1:1" in nobody.output
    absent = ask("http://127.0.0.1:1", "--workers", "2", "--locust", str(tmp_path / "locust"))
    assert absent.exit_code == 3
    assert "pipx install locust" in absent.output


def test_a_policy_that_breaks_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "load_broken.py").write_text("def delay(*asked):\n    return -1\n", "utf-8")
    result = ask("http://127.0.0.1:1", "--policy", "load_broken:delay")
    assert result.exit_code == 1
    assert "a wait that has passed already" in result.output
