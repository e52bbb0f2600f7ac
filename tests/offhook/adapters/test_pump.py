"""The one timer: real, by hand, and when something is broken."""

import asyncio

import pytest

from offhook.adapters.clock import MANUAL_START, ManualClock, SystemClock
from offhook.adapters.pump import Pump
from offhook.server import MockServer


class Sooner(ManualClock):
    """A manual clock whose wish for a timer is granted at once, a hair before its time."""

    def loop_time(self, at: float) -> float | None:
        self.move_to(at - 1e-6)
        return asyncio.get_running_loop().time()


def pump_of(server: MockServer) -> Pump:
    return server._pump


async def test_sleepers_wake_in_the_order_of_their_deadlines(server: MockServer) -> None:
    woken: list[int] = []

    async def sleep(number: int, seconds: float) -> None:
        await pump_of(server).sleep_until(MANUAL_START + seconds)
        woken.append(number)

    tasks = [asyncio.create_task(sleep(n, s)) for n, s in enumerate((3, 1, 2, 0))]
    await asyncio.sleep(0)
    assert woken == [3]
    await server.advance(2)
    assert woken == [3, 1, 2]
    await server.advance(1)
    await asyncio.gather(*tasks)
    assert woken == [3, 1, 2, 0]


async def test_all_sleepers_wake_in_their_order_when_faults_are_lifted(server: MockServer) -> None:
    woken: list[int] = []

    async def sleep(number: int, seconds: float) -> None:
        await pump_of(server).sleep_until(MANUAL_START + seconds)
        woken.append(number)

    tasks = [asyncio.create_task(sleep(n, s)) for n, s in enumerate((3, 1, 2))]
    await asyncio.sleep(0)
    tasks[1].cancel()
    pump_of(server).lift_faults()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert woken == [2, 0]


async def test_an_advance_meets_every_deadline_at_its_own_time(server: MockServer) -> None:
    seen: list[float] = []

    async def chain() -> None:
        for step in range(1, 5):
            await pump_of(server).sleep_until(MANUAL_START + step * 10)
            seen.append(server.clock.now() - MANUAL_START)

    task = asyncio.create_task(chain())
    await asyncio.sleep(0)
    await server.advance(35)
    assert seen == [10, 20, 30]
    assert server.clock.now() == MANUAL_START + 35
    task.cancel()


async def test_two_advances_at_once_come_one_after_the_other(server: MockServer) -> None:
    await asyncio.gather(server.advance(10), server.advance(5))
    assert server.clock.now() == MANUAL_START + 15


async def test_time_cannot_go_back(server: MockServer) -> None:
    with pytest.raises(ValueError, match=r"Time cannot go back: advance\(-1\)"):
        await server.advance(-1)


async def test_on_a_system_clock_the_timer_meets_the_deadline_by_itself() -> None:
    async with MockServer(seed=1) as server:
        before = server.clock.now()
        await pump_of(server).sleep_until(before + 0.01)
        assert server.clock.now() >= before + 0.01


async def test_a_paused_clock_wakes_nobody_until_it_is_resumed() -> None:
    async with MockServer(seed=1) as server:
        server.clock.pause()
        sleeper = asyncio.create_task(pump_of(server).sleep_until(server.clock.now() + 0.01))
        await asyncio.sleep(0)
        pump_of(server).flush()
        assert pump_of(server)._timer is None
        server.clock.resume()
        pump_of(server).flush()
        await sleeper


async def test_a_clock_that_wakes_a_hair_early_does_not_loop() -> None:
    async with MockServer(seed=1, clock=Sooner()) as server:
        at = MANUAL_START + 3
        await pump_of(server).sleep_until(at)
        assert server.clock.now() < at
        assert pump_of(server).now() == at


async def test_a_broken_invariant_is_told_once_and_does_not_come_again_by_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with MockServer(seed=1) as server:
        calls: list[float] = []

        def broken(*, now: float) -> None:
            calls.append(now)
            raise AssertionError("the timer did not move")

        monkeypatch.setattr(server.tenancy, "next_deadline", lambda: 0.0)
        monkeypatch.setattr(server.tenancy, "handle_timer", broken)
        pump_of(server).flush()
        await asyncio.sleep(0.01)
        assert len(calls) == 1
        assert "the timer did not move" in str(server.errors[0].facts["error"])
        assert "A deadline could not be met" in caplog.text


async def test_who_sleeps_when_the_pump_stops_is_cancelled(server: MockServer) -> None:
    sleeper = asyncio.create_task(pump_of(server).sleep_until(MANUAL_START + 1))
    await asyncio.sleep(0)
    await server.stop()
    with pytest.raises(asyncio.CancelledError):
        await sleeper


async def test_a_system_clock_can_be_advanced_too() -> None:
    async with MockServer(seed=1, clock=SystemClock(epoch=1000.0)) as server:
        sleeper = asyncio.create_task(pump_of(server).sleep_until(1500.0))
        await asyncio.sleep(0)
        await server.advance(600)
        await sleeper
        assert server.clock.now() >= 1600


async def test_observers_are_told_after_every_flush(server: MockServer) -> None:
    told: list[float] = []
    server.on_change(lambda: told.append(server.clock.now() - MANUAL_START))
    pump_of(server).flush()
    await server.advance(2)
    assert told == [0, 2]
