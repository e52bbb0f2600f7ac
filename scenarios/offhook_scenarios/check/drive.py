"""Plays one seed after the other, on as many processes as are given, and adds up."""

import logging
import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager

import msgspec

from offhook_scenarios.check.clients import find_client
from offhook_scenarios.plan.judgement import Judged, run_plan
from offhook_scenarios.plan.swarm import generate

CHUNK = 10
"""Seeds that a process is given at a time."""


def play_seeds(client: str, seeds: Sequence[int]) -> list[Judged]:
    """Play the plans of these seeds, in their order, with a client by its name."""
    make = find_client(client)
    with quiet():
        return [run_plan(generate(seed), make) for seed in seeds]


@contextmanager
def quiet() -> Iterator[None]:
    """Log nothing in here: what libraries say of networks that break is expected."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def drive(client: str, seeds: range, *, jobs: int) -> Iterator[Judged]:
    """Every plan, played and judged: as they come, with one job in the order of the seeds."""
    chunks = [seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK)]
    if jobs == 1:
        for chunk in chunks:
            yield from play_seeds(client, chunk)
        return
    # Fresh processes: a fork would copy the threads' locks of whoever draws the progress bar.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        pending: set[Future[list[Judged]]] = {
            pool.submit(play_seeds, client, chunk) for chunk in chunks
        }
        try:
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class Tally:
    """The sum of what was judged."""

    def __init__(self, *, budget_s: float) -> None:
        self.budget_s = budget_s
        self.sessions = 0
        self.virtual_s = 0.0
        self.broken = Counter[str]()
        """In how many sessions each invariant broke."""
        self.first: Judged | None = None
        """The broken session of the lowest seed."""
        self.failed = 0
        self.exposed_s = 0.0
        self.over_budget = 0
        self.bites = Counter[str]()
        self._converged: list[float] = []

    def add(self, judged: Judged) -> None:
        """Count one session."""
        self.sessions += 1
        self.virtual_s += judged.elapsed_s
        self.exposed_s = max(self.exposed_s, judged.exposed_s)
        self.over_budget += judged.exposed_s > self.budget_s
        self.bites.update(judged.bites)
        self._converged += judged.converged_s
        if judged.findings:
            self.failed += 1
            self.broken.update({finding.invariant.value for finding in judged.findings})
            if self.first is None or judged.plan.seed < self.first.plan.seed:
                self.first = judged

    @property
    def never_bit(self) -> list[str]:
        """Faults that were laid out and never bit."""
        return sorted(name for name, count in self.bites.items() if not count)

    def converged(self) -> "Spread | None":
        """How long screens took to be right once all was quiet."""
        times = sorted(self._converged)
        if not times:
            return None
        return Spread(
            p50=times[len(times) // 2],
            p99=times[min(len(times) - 1, len(times) * 99 // 100)],
            max=times[-1],
        )


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """A distribution, in seconds."""

    p50: float
    p99: float
    max: float
