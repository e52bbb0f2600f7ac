"""The two clocks."""

import asyncio

import pytest

from offhook.adapters.clock import MANUAL_START, ManualClock, SystemClock
from offhook.adapters.loop import FastLoop


class Hands(asyncio.SelectorEventLoop):
    """A loop whose clock is moved by hand."""

    at = 100.0

    def time(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


def clock_on(loop: Hands, *, epoch: float = 1000.0) -> SystemClock:
    async def make() -> SystemClock:
        return SystemClock(epoch=epoch)

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(make())


def test_a_system_clock_runs_with_its_loop_from_its_epoch(hands: Hands) -> None:
    clock = clock_on(hands)
    assert clock.now() == 1000
    hands.at += 7
    assert clock.now() == 1007


def test_it_tells_when_the_loop_will_show_a_time(hands: Hands) -> None:
    assert clock_on(hands).loop_time(1030) == 130


def test_a_pause_is_no_time_at_all(hands: Hands) -> None:
    clock = clock_on(hands)
    clock.pause()
    hands.at += 50
    assert (clock.now(), clock.paused, clock.loop_time(2000)) == (1000, True, None)
    clock.pause()
    clock.resume()
    clock.resume()
    hands.at += 1
    assert (clock.now(), clock.paused, clock.loop_time(1002)) == (1001, False, 152)


def test_it_jumps_forward_and_never_back(hands: Hands) -> None:
    clock = clock_on(hands)
    clock.move_to(1030)
    clock.move_to(1010)
    assert clock.now() == 1030
    hands.at += 1
    assert clock.now() == 1031


def test_it_jumps_while_paused(hands: Hands) -> None:
    clock = clock_on(hands)
    clock.pause()
    clock.move_to(1005)
    hands.at += 9
    assert clock.now() == 1005
    clock.resume()
    assert clock.now() == 1005


def test_it_is_anchored_to_the_wall_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_790_000_000.0)

    async def make() -> SystemClock:
        return SystemClock()

    loop = Hands()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(make()).now() == 1_790_000_000.0


def test_it_knows_the_speed_of_its_loop() -> None:
    async def speed() -> float:
        return SystemClock().speed

    with asyncio.Runner(loop_factory=lambda: FastLoop(25)) as runner:
        assert runner.run(speed()) == 25
    assert asyncio.run(speed()) == 1


def test_a_system_clock_must_be_made_on_a_running_loop() -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        SystemClock()


def test_a_manual_clock_stands_until_it_is_moved_and_never_goes_back() -> None:
    clock = ManualClock()
    assert (clock.now(), clock.mode, clock.loop_time(MANUAL_START + 1)) == (
        MANUAL_START,
        "manual",
        None,
    )
    clock.move_to(MANUAL_START + 5)
    clock.move_to(MANUAL_START + 3)
    assert clock.now() == MANUAL_START + 5


def test_pausing_a_manual_clock_changes_nothing() -> None:
    clock = ManualClock(at=10)
    clock.pause()
    clock.move_to(11)
    clock.resume()
    assert (clock.now(), clock.paused) == (11, False)
