"""The patient clock: fast while it waits, and deaf to what the machine does elsewhere."""

import asyncio
import selectors
from collections.abc import Iterator

import pytest

from offhook_scenarios import loop as module
from offhook_scenarios.loop import TURN_S, PatientLoop, loop_factory


class Wall:
    """Stands for the wall's clock, and for a selector that takes its time."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.asked: list[float | None] = []
        self.takes = 0.0

    def monotonic(self) -> float:
        return self.now

    def select(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        self.asked.append(timeout)
        self.now += self.takes
        return []


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall()
    monkeypatch.setattr(module, "time", wall)
    monkeypatch.setattr(
        selectors.DefaultSelector, "select", lambda _self, timeout=None: wall.select(timeout)
    )
    return wall


@pytest.fixture
def patient(wall: Wall) -> Iterator[PatientLoop]:
    loop = PatientLoop(10)
    yield loop
    loop.close()


def wait(loop: PatientLoop, timeout: float | None) -> None:
    """As the loop does once a turn."""
    vars(loop)["_selector"].select(timeout)


def test_work_counts_as_fast_as_the_speed_says(patient: PatientLoop, wall: Wall) -> None:
    assert patient.time() == 0
    wall.now += TURN_S / 2
    assert patient.time() == pytest.approx(TURN_S / 2 * 10)


def test_a_machine_that_stands_still_counts_for_one_turn_of_work(
    patient: PatientLoop, wall: Wall
) -> None:
    wall.now += 8
    assert patient.time() == TURN_S * 10


@pytest.mark.parametrize(
    ("timeout", "takes", "passed"),
    [
        (2.0, 0.2, 2.0),
        (2.0, 0.1, 1.0),
        (2.0, 8.0, 2.0),
        (0.0, 8.0, 0.0),
        (-1.0, 8.0, 0.0),
        (None, 0.3, 3.0),
    ],
)
def test_a_wait_counts_for_no_more_than_was_asked_for(
    patient: PatientLoop, wall: Wall, timeout: float | None, takes: float, passed: float
) -> None:
    wall.takes = takes
    wait(patient, timeout)
    assert patient.time() == pytest.approx(passed)
    assert wall.asked == [None if timeout is None else timeout / 10]


def test_the_clock_never_goes_back(patient: PatientLoop, wall: Wall) -> None:
    seen = [patient.time()]
    for timeout, takes in ((1.0, 0.1), (0.0, 0.0), (0.5, 3.0), (0.0, 0.001)):
        wall.now += 0.003
        seen.append(patient.time())
        wall.takes = takes
        wait(patient, timeout)
        seen.append(patient.time())
    assert seen == sorted(seen)


@pytest.mark.parametrize("speed", [0.5, 101])
def test_a_speed_out_of_range_is_told(speed: float) -> None:
    with pytest.raises(ValueError, match="it must be from 1 to 100"):
        loop_factory(speed)


def test_sleepers_wake_in_the_order_of_their_deadlines() -> None:
    woken: list[float] = []

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append(seconds)

    async def main() -> float:
        started = asyncio.get_running_loop().time()
        await asyncio.gather(sleep(3), sleep(1), sleep(2))
        return asyncio.get_running_loop().time() - started

    with asyncio.Runner(loop_factory=loop_factory(100)) as runner:
        assert runner.run(main()) >= 3
    assert woken == [1, 2, 3]
