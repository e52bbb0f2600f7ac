"""What measurements of whole servers share."""

import os
import sys
from collections.abc import Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

if sys.platform == "linux":  # Elsewhere the modules that ask for it are skipped.
    from benchmarks.peers.harness import PROCESSORS, Turns, pin

    @pytest.fixture
    def turns(benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]) -> Iterator[Turns]:
        """Sides measured by turns; this process keeps away from the servers' processor."""

        def say(line: str) -> None:
            with capsys.disabled():
                print(f"\n{line}", end="", flush=True)  # noqa: T201 - what the benchmark is for.

        pin(first=False)
        yield Turns(benchmark, say)
        os.sched_setaffinity(0, PROCESSORS)
