"""The herd: events a second, beside a heap that does nothing; a million clients; the fluid."""

from collections.abc import Callable
from heapq import heapreplace
from time import perf_counter

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from offhook_scenarios.backoff import fluid, one_by_one, vectors
from offhook_scenarios.backoff.herd import Herd, Outcome
from offhook_scenarios.backoff.servers import TokenBucket
from offhook_scenarios.backoff.waits import full_jitter

POLICY = full_jitter(1.0, 20.0)
HEAP_EVENTS = 500_000


def _bare_heap() -> float:
    """Events per second of a heap of 100,000 whose events have nothing to do."""
    heap = [(client * 1e-5, client) for client in range(100_000)]
    began = perf_counter()
    for _ in range(HEAP_EVENTS):
        now, client = heap[0]
        heapreplace(heap, (now + client * 7919 % 1000 * 0.01, client))
    return HEAP_EVENTS / (perf_counter() - began)


def _tell(benchmark: BenchmarkFixture, play: Callable[[], Outcome]) -> None:
    """Print events per second, and what share of the bare heap's they are."""
    heap_per_s = _bare_heap()
    began = perf_counter()
    outcome = benchmark.pedantic(play, rounds=1)  # type: ignore[no-untyped-call]  # - it has none.
    seconds = perf_counter() - began
    per_s = outcome.total_calls / seconds
    benchmark.extra_info["events_per_s"] = per_s
    benchmark.extra_info["of_a_bare_heap"] = per_s / heap_per_s
    print(  # noqa: T201 - what the benchmark is for.
        f"\n{outcome.clients:,} clients: {outcome.total_calls:,.0f} events in {seconds:.2f} s, "
        f"{per_s / 1e6:.2f} M/s, {per_s / heap_per_s:.2f} of a bare heap ({heap_per_s / 1e6:.2f})"
    )


@pytest.mark.benchmark(group="herd, any policy")
@pytest.mark.parametrize("clients", [10_000, 100_000])
def test_one_by_one(
    benchmark: BenchmarkFixture, clients: int, capsys: pytest.CaptureFixture[str]
) -> None:
    herd = Herd(clients=clients)
    with capsys.disabled():
        _tell(benchmark, lambda: one_by_one.run(herd, POLICY, TokenBucket(clients / 100)))


@pytest.mark.benchmark(group="herd, a million")
@pytest.mark.parametrize("engine", ["numpy", "fluid"])
def test_a_million_clients(
    benchmark: BenchmarkFixture, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    herd = Herd(clients=1_000_000)
    run = vectors.run if engine == "numpy" else fluid.run
    with capsys.disabled():
        _tell(benchmark, lambda: run(herd, POLICY, TokenBucket(10_000.0)))
