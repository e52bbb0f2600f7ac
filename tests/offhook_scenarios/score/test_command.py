"""The verb: usage, exit codes, and the same report for the same seed."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from offhook_scenarios.adapters.browser import Page
from offhook_scenarios.score import run
from offhook_scenarios.score.catalogue import RULES
from offhook_scenarios.score.clients import find
from offhook_scenarios.score.command import score
from offhook_scenarios.score.play import broken, play_simulated
from offhook_scenarios.score.probes import Probe
from offhook_scenarios.score.seen import Seen

Ask = Callable[..., Result]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Here the probes are played in this process, which is quicker."""

    def play(
        name: str,
        probes: Sequence[Probe],
        *,
        clients: int,
        seed: int,
        on_wire: bool,
        page: Page | None,
    ) -> Iterator[Seen]:
        assert page is None
        if on_wire:
            return iter([broken(probe, clients, "real") for probe in probes])
        return play_simulated(probes, find(name).make, clients=clients, seed=seed)

    monkeypatch.setattr(run, "run", play)
    return lambda *words: CliRunner().invoke(score, [*words, "--clients", "2"])


def test_the_card_is_printed(ask: Ask) -> None:
    result = ask("--client", "naive", "--only", "B01", "--only", "growth")
    assert result.exit_code == 0, result.output
    assert "BROKEN  must    early-seconds" in result.output
    assert "Grade C: 1 rules kept, 1 broken" not in result.output
    assert "Seed 1." in result.output


def test_the_same_seed_gives_the_same_report(ask: Ask) -> None:
    words = ("--client", "full-jitter", "--only", "B01", "--json", "--seed", "3")
    first, second = ask(*words), ask(*words)
    assert first.output == second.output
    assert json.loads(first.output)["rules"][0]["verdict"] == "broken"


@pytest.mark.parametrize(("wanted", "code"), [("A", 1), ("D", 1), (None, 0)])
def test_a_threshold_sets_the_exit_code(ask: Ask, wanted: str | None, code: int) -> None:
    words = () if wanted is None else ("--at-least", wanted)
    result = ask("--client", "naive", "--only", "B01", *words)
    assert result.exit_code == code


def test_a_good_client_meets_the_threshold(ask: Ask) -> None:
    assert ask("--only", "B01", "--at-least", "A").exit_code == 0


def test_the_plots_are_written_to_one_file(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "card.html"
    result = ask("--client", "naive", "--only", "B01", "--html", str(path))
    assert f"Plots: {path}" in result.output
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--only", "early-second"), "Did you mean early-seconds?"),
        (("--only", "xyz"), "`offhook score --rules` lists them."),
        (("--client", "nobody"), "There is no client 'nobody'"),
        (("--client", "policy:ful-jitter"), "Did you mean full-jitter?"),
        (("--html", "/no/such/folder/x.html"), "there is no folder"),
        (("--at-least", "E"), "is not one of"),
        (("--client", "naive", "--mute", "#m"), "belong together"),
        (("--client", "naive", "--mute", "#m", "--muted-when", "#x"), "is no page"),
        (("--client", "browser:http://127.0.0.1:1/"), "A page needs browser:URL"),
        (("--client", "ws:8090"), "give its command"),
    ],
)
def test_a_wrong_word_is_one_sentence_and_exit_code_2(
    ask: Ask, words: tuple[str, ...], said: str
) -> None:
    result = ask(*words)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_policy_that_breaks_in_its_trial_is_a_finding(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    text = "def delay(attempt, status, headers, elapsed, rng):\n    return 1e6\n"
    (tmp_path / "scored_slow.py").write_text(text, encoding="utf-8")
    result = ask("--client", "policy:scored_slow:delay")
    assert result.exit_code == 1
    assert "more than 86400 s (a day) is no backoff" in result.output


def test_the_rules_are_listed() -> None:
    result = CliRunner().invoke(score, ["--rules"])
    assert result.exit_code == 0
    for rule in RULES.values():
        assert f"{rule.id}  {rule.name}" in result.output


def test_real_time_is_asked_for(ask: Ask) -> None:
    result = ask("--client", "naive", "--only", "B01", "--real-time")
    assert result.exit_code == 1
    assert "over real sockets, in real time" in result.output
    assert "Not sound: seconds: real." in result.output


def test_a_program_that_is_not_there_is_no_card(ask: Ask) -> None:
    # As `offhook check` says it: the words are right, and the machine lacks something.
    result = ask("--client", "stdio:no-such-program", "--only", "B01")
    assert result.exit_code == 3
    assert result.output.startswith("Error: There is no program 'no-such-program' to start")


def test_a_page_without_playwright_is_no_card(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright", None)
    page = ("--client", "browser:http://127.0.0.1:1/?api={api}", "--mute", "#m", "--muted-when")
    result = ask(*page, "#n", "--only", "B01")
    assert result.exit_code == 3
    assert result.output == (
        "Error: A page needs Playwright: pip install 'offhook[browser]', and a Chromium.\n"
    )
