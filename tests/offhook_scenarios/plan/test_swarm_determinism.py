"""The same seeds in two processes that hash differently, in opposite orders: the same bytes."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from offhook_scenarios.sim.trace import Record, first_divergence

CODE = """
import sys
from offhook_scenarios.check.setup import quiet
from offhook_scenarios.plan.judgement import run_plan
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.run import DESKS

seeds = range(int(sys.argv[1]), int(sys.argv[2]))
with quiet():
    for seed in seeds if sys.argv[3] == "up" else reversed(seeds):
        judged = run_plan(generate(seed), DESKS["reference"])
        print(seed, judged.digest, judged.elapsed_s, sum(judged.bites.values()))
"""


RECORDS = """
import sys
import msgspec
from offhook_scenarios.check.setup import quiet
from offhook_scenarios.plan.judgement import run_plan
from offhook_scenarios.plan.swarm import generate
from offhook_scenarios.run import DESKS
from offhook_scenarios.sim.trace import Trace

trace = Trace(keep=True)
with quiet():
    run_plan(generate(int(sys.argv[1])), DESKS["reference"], trace=trace)
print(msgspec.json.encode(trace.kept).decode())
"""
HASH_SEEDS = ("1", "987654321")


def told(code: str, *words: str, hash_seed: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own code.
        [sys.executable, "-c", code, *words],
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def played(first: int, count: int, *, order: str, hash_seed: str) -> dict[str, str]:
    """Digest, virtual time and bites of each seed."""
    lines = told(CODE, str(first), str(first + count), order, hash_seed=hash_seed).splitlines()
    return dict(line.split(" ", maxsplit=1) for line in lines)


def parting(one: str, other: str) -> str:
    """Where the sessions of two seeds part, each in a process of its own."""
    traces = [
        msgspec.json.decode(told(RECORDS, seed, hash_seed=hash_seed), type=list[Record])
        for seed, hash_seed in zip((one, other), HASH_SEEDS, strict=True)
    ]
    return f"seeds {one} and {other}: {first_divergence(*traces) or 'the same, played alone'}"


def differing(first: int, count: int) -> list[str]:
    """The seeds whose plays are not the same."""
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(played, first, count, order="up", hash_seed=HASH_SEEDS[0])
        other = pool.submit(played, first, count, order="down", hash_seed=HASH_SEEDS[1])
    here, there = one.result(), other.result()
    assert len(here) == len(there) == count
    return [seed for seed in here if here[seed] != there[seed]]


def test_three_hundred_seeds_play_the_same_bytes_whatever_hashes_are_and_came_before() -> None:
    seeds = differing(10_000, 300)
    assert seeds == [], parting(seeds[0], seeds[0])


def test_where_two_sessions_part_is_told() -> None:
    assert parting("10001", "10001") == "seeds 10001 and 10001: the same, played alone"
    assert "The traces differ from record 1 on:\n  one: 1000." in parting("10001", "10002")


@pytest.mark.nightly
def test_ten_thousand_seeds_play_the_same_bytes() -> None:
    seeds = [seed for first in range(0, 10_000, 500) for seed in differing(first, 500)]
    assert seeds == [], parting(seeds[0], seeds[0])
