"""`offhook replay`, as typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from offhook.cli import main
from offhook_scenarios.check import finding
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.plan.plan import Plan, Press

NAIVE = Setup(client="naive")
PLAN = Plan(seed=3, steps=(Press(at_s=1, muted=True),))


REMEMBERS = """
import asyncio
from offhook_scenarios.adapters.naive import NaiveDesk

plays = 0

class Late(NaiveDesk):
    async def set_mute(self, muted):
        await asyncio.sleep(plays)
        await super().set_mute(muted)

def make(seed):
    global plays
    plays += 1
    return Late()
"""
"""What one play leaves to the next."""


def replay(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["replay", str(path), *words], prog_name="offhook")


def saved(tmp_path: Path, **fields: object) -> Path:
    path = tmp_path / "finding.json"
    path.write_bytes(finding.text(finding.saved(NAIVE.play(PLAN), NAIVE)))
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))
    return path


def test_a_finding_is_repeated_byte_for_byte(tmp_path: Path) -> None:
    path = saved(tmp_path)
    done = replay(path)
    assert done.exit_code == 1
    assert "Every byte as before." in done.output
    assert "presses mute" in done.output
    words = [
        line.split(": ", 1)[1].rstrip(".") for line in json.loads(path.read_text())["findings"]
    ]
    assert all(each in done.output for each in words)


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"surroundings": {"python": "2.7"}}, 3, "cannot be repeated here: python 3."),
        ({"digest": "other"}, 1, "The bytes differ, and are the same each time here"),
        ({"client": "reference"}, 0, "held"),
        ({"client": "nobody"}, 2, "There is no client 'nobody'"),
        ({"client": "json:dumps"}, 2, "json:dumps makes no adapter"),
        ({"plan": {"version": 2}}, 2, "cannot be read"),
    ],
)
def test_a_replay_says_what_is_not_as_it_was(
    tmp_path: Path, fields: dict[str, object], code: int, words: str
) -> None:
    done = replay(saved(tmp_path, **fields))
    assert done.exit_code == code, done.output
    assert words in done.output
    assert "Traceback" not in done.output


def test_a_client_that_does_not_repeat_itself_is_told_where_it_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "remembers_plays.py").write_text(REMEMBERS, encoding="utf-8")
    done = replay(saved(tmp_path, client="remembers_plays:make"))
    assert done.exit_code == 1, done.output
    assert "The bytes differ, and differ from play to play. The traces differ from record" in (
        done.output
    )
    assert "  other: 10" in done.output


def test_another_client_may_try(tmp_path: Path) -> None:
    done = replay(saved(tmp_path), "--client", "reference")
    assert done.exit_code == 0, done.output
    assert "bytes" not in done.output.lower()


def test_it_writes_a_page_a_test_and_json(tmp_path: Path) -> None:
    page, test = tmp_path / "t.html", tmp_path / "test_it.py"
    files = ["--timeline", str(page), "--as-pytest", str(test), "--json"]
    done = replay(saved(tmp_path), *files)
    assert json.loads(done.stdout)["sameBytes"] is True
    assert page.exists()
    assert test.exists()
