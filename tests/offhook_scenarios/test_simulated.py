"""Sessions in virtual time: the same in every run and in every process.

That they are judged as on the wire is checked session by session, in `sessions/`.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from offhook_scenarios.adapters.adapter import Belief, Config
from offhook_scenarios.adapters.naive import NaiveDesk
from offhook_scenarios.outcome import Result
from offhook_scenarios.run import DESKS
from offhook_scenarios.sessions import second_tab_unmutes
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.sessions.session import Session
from offhook_scenarios.sim.errors import EscapeError
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.simulated import simulate

SESSION = second_tab_unmutes.SESSION
JITTER = Conditions(latency_s=0.005, jitter_s=0.08)

DIGESTS = """
import json
from offhook_scenarios.run import DESKS
from offhook_scenarios.sessions.catalogue import CATALOGUE
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.simulated import simulate

conditions = Conditions(latency_s=0.005, jitter_s=0.08)
print(json.dumps({
    f"{session.id} {desk} {seed}":
    simulate(session, desk, seed=seed, order=Order.RANDOM, conditions=conditions).digest
    for session in CATALOGUE for desk in DESKS for seed in SEEDS
}))
"""


def digests(seeds: range, *hash_seeds: str) -> list[dict[str, str]]:
    """Those of every session and desk, made in as many processes at the same time."""
    processes = [
        subprocess.Popen(  # noqa: S603 - our own Python with our own code.
            [sys.executable, "-c", DIGESTS.replace("SEEDS", repr(seeds))],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for hash_seed in hash_seeds
    ]
    return [json.loads(process.communicate()[0]) for process in processes]


def test_processes_with_different_hash_seeds_make_the_same_bytes() -> None:
    one, other = digests(range(1, 14), "1", "2")
    assert one == other
    assert len(one) == len(set(one.values())) == len(CATALOGUE) * len(DESKS) * 13 == 312


@pytest.mark.nightly
def test_ten_thousand_runs_make_the_same_bytes() -> None:
    one, other = digests(range(1, 421), "1", "random")
    assert one == other
    assert len(one) == len(set(one.values())) == 10_080


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("session", CATALOGUE, ids=lambda session: session.id)
def test_the_reference_desk_tells_the_truth_in_every_task_order(
    session: Session, order: Order
) -> None:
    for seed in range(3):
        outcome = simulate(session, "reference", seed=seed, order=order, conditions=JITTER).outcome
        assert outcome.result is Result.OK, outcome.words


def test_virtual_time_passes_and_few_turns_are_taken() -> None:
    played = simulate(SESSION, "reference", seed=1)
    assert played.elapsed_s > SESSION.length_s
    assert played.turns < 5_000


def test_what_nobody_took_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(NaiveDesk):
        """Breaks where nobody looks."""

        async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
            await super().start(config, tell)
            asyncio.get_running_loop().call_soon(lambda: 1 / 0)

    monkeypatch.setitem(DESKS, "careless", lambda _seed: Careless())
    outcome = simulate(SESSION, "careless", seed=1).outcome
    assert outcome.result is Result.ERROR
    assert "ZeroDivisionError" in (outcome.error or "")


def test_a_desk_that_reaches_for_a_thread_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Threaded(NaiveDesk):
        """Reads a file off the loop, say."""

        async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
            await asyncio.to_thread(int)
            await super().start(config, tell)

    monkeypatch.setitem(DESKS, "threaded", lambda _seed: Threaded())
    with pytest.raises(EscapeError, match=r"run_in_executor .* test_simulated\.py"):
        simulate(SESSION, "threaded", seed=1)
