"""Tasks by name: one at a time, none lost, none silent."""

import asyncio

import pytest

from offhook_client.errors import ClientError, ReplacedError
from offhook_client.tasks import Tasks


class Bench:
    """Tasks whose errors and steps are kept."""

    def __init__(self) -> None:
        self.errors: list[ClientError] = []
        self.steps: list[str] = []
        self.tasks = Tasks(self.errors.append)
        self.gate = asyncio.Event()

    async def wait(self) -> None:
        try:
            await self.gate.wait()
            self.steps.append("done")
        except asyncio.CancelledError:
            self.steps.append("cancelled")
            raise


async def test_a_second_task_of_a_name_takes_the_place_of_the_first() -> None:
    bench = Bench()
    bench.tasks.run("read", bench.wait)
    await asyncio.sleep(0)
    bench.tasks.run("read", bench.wait)
    await asyncio.sleep(0)
    bench.gate.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert bench.steps == ["cancelled", "done"]


async def test_a_task_cancelled_before_it_ran_leaves_nothing_behind() -> None:
    bench = Bench()
    bench.tasks.run("read", bench.wait)
    bench.tasks.cancel("read", "never started")
    await bench.tasks.close()
    assert bench.steps == []


async def test_a_task_may_start_its_successor_and_runs_to_its_end() -> None:
    bench = Bench()

    async def first() -> None:
        bench.tasks.run("mute", bench.wait)
        await asyncio.sleep(0)
        bench.steps.append("first ended")

    bench.tasks.run("mute", first)
    for _ in range(3):
        await asyncio.sleep(0)
    assert bench.steps == ["first ended"]
    await bench.tasks.close()
    assert bench.steps == ["first ended", "cancelled"]


async def test_what_ends_a_task_is_told() -> None:
    bench = Bench()

    async def replaced() -> None:
        raise ReplacedError("gone")

    bench.tasks.run("socket", replaced)
    await asyncio.sleep(0)
    assert isinstance(bench.errors[0], ReplacedError)
    await bench.tasks.close()


async def test_a_fault_of_ours_is_told_too_and_not_swallowed() -> None:
    bench = Bench()

    async def broken() -> None:
        raise AssertionError("an invariant")

    bench.tasks.run("read", broken)
    task = bench.tasks._tasks["read"]
    with pytest.raises(AssertionError):
        await task
    assert "AssertionError" in str(bench.errors[0])
