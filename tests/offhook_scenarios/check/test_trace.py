"""What a check has judged is written down as it goes, and a run that is killed leaves it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tests.offhook_scenarios.check.test_finding import JUDGED

from offhook.adapters.line_file import read_lines
from offhook.server import SurroundingsError
from offhook_scenarios.check.finding import saved, text
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.check.trace import CheckTrace, load
from offhook_scenarios.plan.judgement import Judged
from offhook_scenarios.plan.plan import Plan, PlanError

SETUP = Setup(client="naive")
HELD = Judged(plan=Plan(seed=6), findings=(), digest="d0", elapsed_s=1.0)
OPTIONS = ("--client", "naive", "--seeds", "100000", "--jobs", "1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


def written(path: Path, *judged: Judged) -> None:
    with CheckTrace(path, SETUP, sessions="seeds 6 to 7") as trace:
        for each in judged:
            trace.add(each)


def test_each_session_is_a_line_and_what_broke_can_be_replayed(path: Path) -> None:
    written(path, HELD, JUDGED)
    heading, held, broke = read_lines(path).values
    assert (heading["check"], heading["client"]) == (1, "naive")
    assert held == {"seed": 6, "elapsedS": 1.0, "digest": "d0"}
    assert broke["broke"]["findings"] == ["I2 desk 1: muted and heard"]
    assert load(path) == load(path, seed=7) == saved(JUDGED, SETUP)


def test_the_shortest_is_meant_unless_a_seed_is_named(path: Path) -> None:
    longer = Judged(
        plan=Plan(seed=1, steps=(*JUDGED.plan.steps, *JUDGED.plan.steps)),
        findings=JUDGED.findings,
        digest="d2",
        elapsed_s=1.0,
    )
    written(path, longer)
    written(path, JUDGED)
    assert load(path).plan.seed == 7
    assert load(path, seed=1).digest == "d2"


def test_cut_at_any_byte_it_gives_what_was_whole_or_says_that_nothing_broke(path: Path) -> None:
    written(path, HELD, JUDGED)
    whole = path.read_bytes()
    end = whole.index(b"\n") + 1
    for size in range(end, len(whole) + 1):
        path.write_bytes(whole[:size])
        if size == len(whole):
            assert load(path).plan == JUDGED.plan
            continue
        with pytest.raises(PlanError, match="anything broke"):
            load(path)


def test_a_seed_that_did_not_break_is_told_with_those_that_did(path: Path) -> None:
    written(path, HELD, JUDGED)
    with pytest.raises(PlanError, match=r"of the seed 6 .*; it did with the seeds 7\."):
        load(path, seed=6)


@pytest.mark.parametrize(
    "content", [b'{"check":1}\nno\n', b'{"check":1}\n{"seed":"x"}\n', b'{"check":1}\n7\n']
)
def test_what_is_no_trace_is_told_in_one_sentence(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(PlanError, match=r"run\.jsonl is no trace of a check"):
        load(path)


def test_a_finding_is_read_too_but_has_no_seeds_to_choose_from(path: Path) -> None:
    path.write_bytes(text(saved(JUDGED, SETUP)))
    assert load(path).plan == JUDGED.plan
    with pytest.raises(PlanError, match="no trace from which to choose"):
        load(path, seed=7)


def test_where_nothing_can_be_written_the_surroundings_are_to_blame(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError, match="cannot be written: No such file"):
        CheckTrace(tmp_path / "nowhere" / "t", SETUP, sessions="none")
    full = Path("/dev/full")
    if full.exists():
        with pytest.raises(SurroundingsError, match="/dev/full cannot be written: No space"):
            CheckTrace(full, SETUP, sessions="none")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_check_that_is_killed_leaves_what_it_had_judged(path: Path) -> None:
    words = [sys.executable, "-m", "offhook", "check", *OPTIONS, "--trace", str(path)]
    finding = path.with_name("finding.json")
    finding.write_text("an older one", encoding="utf-8")
    check = subprocess.Popen(  # noqa: S603 - our own words.
        [*words, "--save", str(finding)], stderr=subprocess.DEVNULL
    )
    try:
        while not (path.exists() and b'"broke"' in path.read_bytes()):
            assert check.poll() is None, "it ended by itself"
    finally:
        check.send_signal(signal.SIGKILL)
        check.wait()
    assert finding.read_text(encoding="utf-8") == "an older one"
    replayed = subprocess.run(  # noqa: S603 - our own words.
        [sys.executable, "-m", "offhook", "replay", str(path), "--json"],
        capture_output=True,
        check=False,
    )
    assert replayed.returncode == 1, replayed.stderr
    assert json.loads(replayed.stdout)["findings"]


def test_what_only_rests_on_an_assumption_is_noted_and_not_replayed(path: Path) -> None:
    advisory = msgspec.structs.replace(JUDGED.findings[0], advisory=True)
    written(path, msgspec.structs.replace(JUDGED, findings=(advisory,)))
    line = read_lines(path).values[-1]
    assert line["advised"] == ["I2 desk 1: muted and heard"]
    with pytest.raises(PlanError, match="anything broke"):
        load(path)
