"""`offhook herd` as a user meets it: words, files, exit codes."""

import importlib.util
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from offhook_scenarios.backoff import lab
from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.backoff.command import herd


def run(*arguments: str) -> Result:
    return CliRunner().invoke(herd, ["--clients", "500", *arguments])


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "herd_policies.py").write_text(
        "def good(attempt, status, headers, elapsed, rng): return rng.uniform(0, 2.0 ** attempt)\n"
        "def nan(*_): return float('nan')\n"
        "def late(attempt, *_): return 1.0 if attempt < 30 else -1.0\n"
        "def flood(*_): return 0.0\n"
    )
    return tmp_path


def test_without_a_policy_four_are_shown() -> None:
    result = run()
    assert result.exit_code == 0, result.output
    rows = result.stdout.splitlines()[4:8]
    assert [row.split()[0] for row in rows] == [
        "tutorial",
        "exponential",
        "full-jitter",
        "retry-after-jitter",
    ]
    assert result.stdout.startswith("500 clients begin within 1 s. The server is a token bucket")


def test_json_is_all_that_stdout_gets_and_the_page_is_written(elsewhere: Path) -> None:
    result = run("--policy", "none", "--json", "--html", "herd.html", "--seed", "5")
    told = json.loads(result.stdout)
    assert (told["seed"], told["capacityPerS"]) == (5, 5.0)
    assert "Plots: herd.html" in result.stderr
    assert "What the herd does" in (elsewhere / "herd.html").read_text("utf-8")


def test_the_same_seed_gives_the_same_report_and_another_another(elsewhere: Path) -> None:
    arguments = ("--policy", "full-jitter", "--policy", "herd_policies:good", "--html", "a.html")
    pages, reports = [], []
    for seed in ("1", "1", "2"):
        reports.append(run(*arguments, "--seed", seed).output)
        pages.append((elsewhere / "a.html").read_text("utf-8"))
    assert reports[0] == reports[1] != reports[2]
    assert pages[0] == pages[1] != pages[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--policy", "full-jiter"), "--policy full-jiter: There is no policy 'full-jiter'. Did"),
        (("--policy", "nobody:delay"), "nobody cannot be imported"),
        (("--clients", "0"), "0 is not in the range"),
        (("--capacity", "0"), "0.0 is not in the range x>0"),
        (("--capacity", "nan"), "--capacity and --outage must be finite numbers."),
        (("--capacity", "inf"), "--capacity and --outage must be finite numbers."),
        (("--seed", "-1"), "-1 is not in the range x>=0"),
        (("--server", "leaky"), "'leaky' is not one of"),
        (("--html", "nowhere/page.html"), "'--html': there is no folder"),
        (("--policy", "decorrelated", "--engine", "fluid"), "cannot play a policy that remembers"),
        (("--policy", "herd_policies:good", "--engine", "numpy"), "needs --engine python"),
    ],
)
def test_a_wrong_argument_is_told_and_exits_2(arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert words in result.stderr


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("nan", "returned NaN; it must be seconds or None."),
        ("late", "delay(30, 429, {'Retry-After': '1'}"),
        ("flood", "a flood: more than 500 calls for each client"),
    ],
)
def test_a_broken_policy_is_a_finding_beside_the_others_and_exits_1(
    policy: str, words: str
) -> None:
    result = run("--policy", f"herd_policies:{policy}", "--policy", "none")
    assert result.exit_code == 1, result.output
    assert words in result.stdout
    assert any(line.startswith("none ") for line in result.stdout.splitlines())


def test_without_numpy_its_engines_exit_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "find_spec", lambda name: importlib.util.find_spec(f"no_{name}"))
    result = run("--policy", "none", "--engine", "numpy")
    assert result.exit_code == 3
    assert result.stderr == "Error: The numpy engine needs numpy: pip install 'offhook[herd]'.\n"


def test_an_interrupt_writes_nothing_and_exits_130(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lab, "judge", interrupted)
    result = run("--policy", "none", "--html", "herd.html")
    assert result.exit_code == 130
    assert not (elsewhere / "herd.html").exists()


def test_a_page_that_cannot_be_written_exits_3(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run("--policy", "none", "--html", "herd.html")
    assert result.exit_code == 3
    assert "herd.html could not be written: No space left on device." in result.stderr


def test_the_list_names_every_policy_with_its_source() -> None:
    result = run("--list")
    assert result.exit_code == 0
    for name, named in CATALOGUE.items():
        assert name in result.stdout
        assert named.source in result.stdout


def test_an_outage_and_a_collapse_are_told() -> None:
    result = run("--policy", "none", "--outage", "10", "--collapse")
    assert "answers 503 for the first 10 s" in result.stdout
    assert "recovers from a slow spell up to" in result.stdout
