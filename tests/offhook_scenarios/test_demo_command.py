"""The command as a user meets it: words, files, exit codes."""

import asyncio
import gc
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from offhook_scenarios import demo as demonstration
from offhook_scenarios.adapters.adapter import Belief, Config
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.adapters.node import Node, NoNodeError
from offhook_scenarios.demo_command import demo
from offhook_scenarios.run import DESKS
from offhook_scenarios.sessions.catalogue import CATALOGUE

QUICK = ("--only", "conflict-while-initializing", "--speed", "60")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(demo, arguments)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two desks will do here, but where a test brings Node back."""

    def missing(**_settings: object) -> Node:
        raise NoNodeError("There is no Node.")

    monkeypatch.setattr("offhook_scenarios.adapters.node.install", missing)


def test_without_node_the_third_desk_is_left_out_with_a_word() -> None:
    result = run(*QUICK)
    assert result.exit_code == 0
    assert "js-sdk was not played: There is no Node." in result.stdout


def test_with_node_three_desks_play_and_what_npm_installs_is_told(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*, tell: Callable[[str], None]) -> Node:
        tell("npm installs")
        return node

    monkeypatch.setattr("offhook_scenarios.adapters.node.install", told)
    result = run("--only", "headset-or-native-mute", "--json")
    assert result.exit_code == 0, result.output
    assert "npm installs" in result.stderr
    rows = json.loads(result.stdout)["rows"]
    assert [row["desk"] for row in rows] == ["naive", "reference", "js-sdk"]


def test_findings_are_the_point_so_they_exit_0(elsewhere: Path) -> None:
    result = run(*QUICK)
    assert result.exit_code == 0, result.output
    assert "naive      UNHEARD" in result.stdout
    assert "Told the truth: naive 0 of 1, reference 1 of 1." in result.stdout
    assert "Timeline: offhook-demo.html" in result.stdout
    assert "409 while initializing" in (elsewhere / "offhook-demo.html").read_text("utf-8")


def test_json_is_all_that_stdout_gets(elsewhere: Path) -> None:
    result = run(*QUICK, "--json", "--html", "here.html", "--seed", "5")
    told = json.loads(result.stdout)
    assert [row["desk"] for row in told["rows"]] == ["naive", "reference"]
    assert told["seed"] == 5
    assert "Timeline: here.html" in result.stderr
    assert (elsewhere / "here.html").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "second-tab"), "Did you mean second-tab-unmutes?"),
        (("--only", "xyz"), "There are: half-open-link-while-muting, "),
        (("--speed", "0.5"), "0.5 is not in the range 1<=x<=100"),
        (("--speed", "nan"), "nan is not in the range 1<=x<=100"),
        (("--speed", "101"), "101"),
        (("--seed", "-1"), "-1 is not in the range x>=0"),
        (("--html", "nowhere/page.html"), "'--html': there is no folder"),
        (("--html", "."), "is a directory"),
    ],
)
def test_a_wrong_argument_is_told_and_exits_2(arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_broken_machinery_exits_3_and_is_never_ok(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_seed: int) -> None:
        raise KeyError("id")

    monkeypatch.setitem(DESKS, "naive", broken)
    result = run(*QUICK)
    assert result.exit_code == 3
    assert "naive      error: KeyError: 'id'" in result.stdout


def test_a_page_that_cannot_be_written_exits_3(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_settings: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run(*QUICK)
    assert result.exit_code == 3
    assert "offhook-demo.html could not be written: No space left on device." in result.stderr


def test_help_shows_examples_and_how_it_exits() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "offhook demo --speed 1 --only second-tab-unmutes" in result.stdout
    assert "Exit codes: 0 played, findings or not" in result.stdout


def test_only_keeps_the_order_of_the_catalogue() -> None:
    names = [CATALOGUE[8].id, CATALOGUE[2].id]
    result = run("--only", names[0], "--only", names[1], "--speed", "20", "--json")
    rows = json.loads(result.stdout)["rows"]
    assert [row["session"] for row in rows[::2]] == [names[1], names[0]]


def test_ctrl_c_ends_it_cleanly(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupting(_seed: int) -> NaiveDesk:
        signal.raise_signal(signal.SIGINT)
        return NaiveDesk()

    monkeypatch.setitem(DESKS, "naive", interrupting)
    result = run(*QUICK)
    assert result.exit_code == 130
    assert result.stdout == ""
    assert result.stderr == "Interrupted: nothing was judged, nothing was written.\n"
    assert list(elsewhere.iterdir()) == []


def test_ctrl_c_while_desks_are_at_work_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pressed: list[int] = []

    class Interrupted(NaiveDesk):
        async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
            await super().start(config, tell)
            if not pressed:
                pressed.append(signal.SIGINT)
                asyncio.get_running_loop().call_later(1, signal.raise_signal, signal.SIGINT)

    monkeypatch.setitem(DESKS, "naive", lambda _seed: Interrupted())
    monkeypatch.setattr(demonstration, "AT_ONCE", 3)  # Whoever waits for room ends at once.
    chosen = [word for each in CATALOGUE[:2] for word in ("--only", each.id)]
    assert run("--speed", "20", *chosen).exit_code == 130
    gc.collect()  # aiohttp complains of what was left open when it is collected.
    assert caplog.messages == []
