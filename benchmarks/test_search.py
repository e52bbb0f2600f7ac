"""The exhaustive search: its steps, beside a floor that does nothing but copy a frozen value."""

import time
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from pytest_benchmark.fixture import BenchmarkFixture

from offhook_client import signals
from offhook_client.protocol import step
from offhook_client.state import Setup, State
from offhook_scenarios.search.budget import Budget
from offhook_scenarios.search.explorer import Explorer, Found, Model
from offhook_scenarios.search.platform import Platform
from offhook_scenarios.search.tutorial import Tutorial

STEPS = 10_000
BUDGET = Budget(2, 1, 1, 1)
ROUNDS = 3


def _explore(benchmark: BenchmarkFixture, make: Callable[[], Model]) -> Found:
    """A few times; the best goes beside the times, in steps a second of process time."""
    best = 0.0

    def search() -> Found:
        nonlocal best
        began = time.process_time()
        found = Explorer(make()).run()
        best = max(best, found.steps / (time.process_time() - began))
        return found

    found: Found = benchmark.pedantic(search, rounds=ROUNDS)  # type: ignore[no-untyped-call]  # - it has none.
    benchmark.extra_info["steps"] = found.steps
    benchmark.extra_info["steps_per_process_s"] = round(best)
    return found


@pytest.mark.benchmark(group="search, 10,000 steps")
def test_floor_a_frozen_state_copied(benchmark: BenchmarkFixture) -> None:
    def copies() -> State:
        state = State()
        for number in range(STEPS):
            state = replace(state, generation=number)
        return state

    assert benchmark(copies).generation == STEPS - 1


@pytest.mark.benchmark(group="search, 10,000 steps")
def test_floor_the_protocol_stepped_without_a_memory(benchmark: BenchmarkFixture) -> None:
    setup, toggles = Setup(), [signals.Toggled(muted=True), signals.Toggled(muted=False)]

    def steps() -> State:
        state = State()
        for number in range(STEPS):
            state, _ = step(setup, state, toggles[number & 1])
        return state

    assert benchmark(steps).generation == STEPS


@pytest.mark.benchmark(group="search, whole budgets")
def test_the_tutorial_dialect_from_nothing(benchmark: BenchmarkFixture) -> None:
    """Every part and every step of it is met for the first time."""
    assert not _explore(benchmark, lambda: Tutorial(BUDGET)).violations


@pytest.mark.benchmark(group="search, whole budgets")
def test_the_tutorial_dialect_with_its_parts_known(benchmark: BenchmarkFixture) -> None:
    """As it runs in a large budget, where most worlds are made of parts that were met."""
    model = Tutorial(BUDGET)
    Explorer(model).run()
    assert not _explore(benchmark, lambda: model).violations


@pytest.mark.benchmark(group="search, whole budgets")
def test_the_platform_dialect_from_nothing(benchmark: BenchmarkFixture) -> None:
    assert _explore(benchmark, lambda: Platform(BUDGET)).resting
