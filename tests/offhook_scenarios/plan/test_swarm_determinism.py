"""The same seeds in two processes that hash differently, in opposite orders: the same bytes."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

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


def played(first: int, count: int, *, order: str, hash_seed: str) -> dict[str, str]:
    """Digest, virtual time and bites of each seed."""
    done = subprocess.run(  # noqa: S603 - our own code.
        [sys.executable, "-c", CODE, str(first), str(first + count), order],
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(line.split(" ", maxsplit=1) for line in done.stdout.splitlines())


def differing(first: int, count: int) -> list[str]:
    """The seeds whose plays are not the same."""
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(played, first, count, order="up", hash_seed="1")
        other = pool.submit(played, first, count, order="down", hash_seed="987654321")
    here, there = one.result(), other.result()
    assert len(here) == len(there) == count
    return [seed for seed in here if here[seed] != there[seed]]


def test_three_hundred_seeds_play_the_same_bytes_whatever_hashes_are_and_came_before() -> None:
    assert differing(10_000, 300) == []


@pytest.mark.nightly
def test_ten_thousand_seeds_play_the_same_bytes() -> None:
    assert [seed for first in range(0, 10_000, 500) for seed in differing(first, 500)] == []
