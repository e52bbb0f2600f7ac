"""The heart alone: steps of the mute register, as the exhaustive search takes them."""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from offhook.domain.register import Register, Want, step

STEPS = 1_000


def _toggle(register: Register) -> Register:
    for number in range(STEPS):
        register, _ = step(register, Want(muted=number % 2 == 0, actor="u"), 0.0)
    return register


@pytest.mark.benchmark(group="register, 1,000 steps")
def test_a_thousand_sets(benchmark: BenchmarkFixture) -> None:
    assert benchmark(_toggle, Register(epoch=1)).rev == STEPS
