"""Servers side by side: started, loaded by turns, compared within each round. Linux.

Servers run on the first processor, whoever loads them on the last one. Beside the wall's time
stands the servers' own processor time, which hardly depends on what else the machine does: where
the two disagree, trust the latter.
"""

import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

if sys.platform != "linux":
    pytest.skip("reads processor time and memory of servers from /proc", allow_module_level=True)

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
ROUNDS = 7
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
"""That the first round leaves bytecode for the others."""
PROCESSORS = sorted(os.sched_getaffinity(0))


class Cost(NamedTuple):
    """What a unit of work took: of the wall, and of the server's processor, in seconds."""

    wall_s: float
    busy_s: float


class Server:
    """A process of its own, with its children. Leave the block to end it."""

    def __init__(self, *command: str | Path, where: Mapping[str, Any] | None = None) -> None:
        """Start it. It tells `where` it is as a line of JSON on stdout, unless that is known."""
        words = [str(word) for word in command]
        quiet = subprocess.DEVNULL
        piped = subprocess.PIPE if where is None else quiet
        began = time.perf_counter()
        pin(first=True)  # All its threads inherit it.
        self.process = subprocess.Popen(  # noqa: S603 - what a benchmark names.
            words, stdin=quiet, stdout=piped, stderr=quiet, cwd=ROOT, env=ENVIRONMENT
        )
        pin(first=False)
        try:
            self.at = self._told() if where is None else where
            self._answered(self.at.get("ready", "/"))
        except BaseException:
            self.stop()
            raise
        self.start_s = time.perf_counter() - began
        """From nothing to the first answer."""

    @classmethod
    def of(cls, script: str, *words: str) -> Self:
        """One of the modules beside this file."""
        return cls(sys.executable, "-m", f"benchmarks.peers.{script}", *words)

    def _told(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"{self.process.args!r} ended before it listened"
        told: dict[str, Any] = json.loads(line)
        return told if "port" in told else {"port": urlsplit(told["url"]).port}

    def _answered(self, path: str) -> None:
        """Wait for an answer that is no server error; anything less means that it still starts."""
        until = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < until:
            assert self.process.poll() is None, f"{self.process.args!r} ended"
            connection = HTTPConnection("127.0.0.1", self.at["port"], timeout=PATIENCE_S)
            try:
                connection.request("GET", path, headers={"Authorization": "Bearer t"})
                if connection.getresponse().status < 500:
                    return
            except (OSError, HTTPException):
                time.sleep(0.002)
            finally:
                connection.close()
        raise TimeoutError(f"{self.process.args!r} did not answer in {PATIENCE_S:g} s")

    @property
    def pids(self) -> list[int]:
        """The process and all below it."""
        found, new = [], [self.process.pid]
        while new:
            found += new
            new = [child for pid in new for child in _children(pid)]
        return found

    def busy_s(self) -> float:
        """Processor time used so far, by all threads."""
        return (
            sum(
                int(task.read_text().split()[0])
                for pid in self.pids
                for task in Path(f"/proc/{pid}/task").glob("*/schedstat")
            )
            / 1e9
        )

    def pss_kib(self) -> int:
        """Memory: what is its own, and its share of what it shares."""
        total = 0
        for pid in self.pids:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total

    def stop(self) -> None:
        """End it, and what it started."""
        for child in self.pids[1:]:
            _signal(child)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _children(pid: int) -> list[int]:
    try:
        told = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # It ended while it was looked at.
        return []
    return [int(child) for children in told for child in children]


def _signal(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def pin(*, first: bool) -> None:
    """Bind this process to the first or to the last processor that it may use."""
    os.sched_setaffinity(0, {PROCESSORS[0 if first else -1]})


class Ratio(NamedTuple):
    """The median of the ratios of the rounds, and between what they lie."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, ratios: list[float]) -> "Ratio":
        """Of one ratio a round."""
        return cls(statistics.median(ratios), min(ratios), max(ratios))

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.lowest:.2f} to {self.highest:.2f})"


class Turns:
    """Measures servers by turns, and tells what came out beside pytest-benchmark's table."""

    def __init__(self, benchmark: BenchmarkFixture, say: Callable[[str], None]) -> None:
        self._benchmark = benchmark
        self._say = say

    def play(
        self, sides: Mapping[str, Callable[[], Cost]], *, rounds: int = ROUNDS
    ) -> dict[str, list[Cost]]:
        """Measure each side once a round, every other round in the opposite order.

        The first round warms up and does not count.
        """
        costs: dict[str, list[Cost]] = {name: [] for name in sides}

        def one_round() -> None:
            names = list(sides)
            for name in names if len(costs[names[0]]) % 2 else reversed(names):
                costs[name].append(sides[name]())

        self._benchmark.pedantic(one_round, rounds=rounds, warmup_rounds=1)  # type: ignore[no-untyped-call]  # - it has none.
        return {name: found[1:] for name, found in costs.items()}

    def speed(self, what: str, mine: list[Cost], floor: list[Cost], *, name: str) -> None:
        """Tell how fast the mock is beside the floor or peer called `name`: more is better."""
        pairs = list(zip(mine, floor, strict=True))
        wall = Ratio.of([theirs.wall_s / ours.wall_s for ours, theirs in pairs])
        busy = Ratio.of([theirs.busy_s / ours.busy_s for ours, theirs in pairs])
        self.tell(what, f"{wall} times {name} by the wall, {busy} by processor time")

    def tell(self, what: str, figure: str) -> None:
        """Print a line, and keep it in `--benchmark-json`."""
        self._benchmark.extra_info[what] = figure
        self._say(f"{what}: {figure}")
