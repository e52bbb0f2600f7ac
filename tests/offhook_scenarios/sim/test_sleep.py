"""A host that sleeps: nothing on it runs, nothing is lost, others go on. On any loop."""

import asyncio
from collections.abc import Callable

import pytest

from offhook_scenarios.loop import loop_factory
from offhook_scenarios.sim.host import living_on
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim.sleep import fall_asleep, sleep_here, wake, wake_all
from offhook_scenarios.sim.world import World


async def ticks(log: list[float], *, every_s: float, count: int) -> None:
    loop = asyncio.get_running_loop()
    for _ in range(count):
        await asyncio.sleep(every_s)
        log.append(round(loop.time() - START[0], 3))


START = [0.0]


async def play(nap: Callable[[], object]) -> tuple[list[float], list[float]]:
    START[0] = asyncio.get_running_loop().time()
    sleeper: list[float] = []
    other: list[float] = []
    with living_on("laptop"):
        tasks = [asyncio.create_task(ticks(sleeper, every_s=1, count=6))]
    with living_on("phone"):
        tasks.append(asyncio.create_task(ticks(other, every_s=1, count=6)))
    await asyncio.sleep(2.5)
    nap()
    await asyncio.gather(*tasks)
    return sleeper, other


@pytest.mark.parametrize("order", Order)
def test_timers_that_came_due_meanwhile_fire_on_waking(order: Order) -> None:
    with World(1, order=order) as world:

        def nap() -> None:
            fall_asleep(world.loop, "laptop")
            world.loop.call_later(10, wake, world.loop, "laptop")

        sleeper, other = world.run(play(nap))
    assert sleeper == [1, 2, 12.5, 13.5, 14.5, 15.5]
    assert other == [1, 2, 3, 4, 5, 6]


def test_a_real_loop_lets_a_host_sleep_too() -> None:
    async def main() -> list[str]:
        log: list[str] = []

        async def on_laptop() -> None:
            log.append("asleep")
            await sleep_here(5)
            log.append("awake")

        async def beside() -> None:
            await asyncio.sleep(3)
            log.append("beside")

        with living_on("laptop"):
            one = asyncio.create_task(on_laptop())
        await asyncio.gather(one, beside())
        return log

    with asyncio.Runner(loop_factory=loop_factory(100)) as runner:
        assert runner.run(main()) == ["asleep", "beside", "awake"]


def test_whoever_goes_to_sleep_wakes_as_late_as_he_said() -> None:
    with World(1) as world:

        async def nap() -> float:
            await sleep_here(7)
            return world.elapsed_s

        async def main() -> float:
            with living_on("laptop"):
                return await asyncio.create_task(nap())

        assert world.run(main()) == 7


def test_two_naps_that_overlap_last_as_long_as_the_longer() -> None:
    with World(1) as world:

        def naps() -> None:
            for seconds in (3, 8):
                fall_asleep(world.loop, "laptop")
                world.loop.call_later(seconds, wake, world.loop, "laptop")

        sleeper, _ = world.run(play(naps))
    assert sleeper[:3] == [1, 2, 10.5]


def test_all_may_be_woken_before_their_time_and_a_late_call_changes_nothing() -> None:
    with World(1) as world:
        queue = world.loop._ready

        def nap() -> None:
            fall_asleep(world.loop, "laptop")
            fall_asleep(world.loop, "laptop")
            world.loop.call_later(1.5, wake_all, world.loop)
            world.loop.call_later(9, wake, world.loop, "laptop")

        sleeper, _ = world.run(play(nap))
        assert sleeper[:3] == [1, 2, 4]
        assert world.loop._ready is queue, "asyncio's own queue is back"


def test_nobody_sleeps_at_home() -> None:
    with World(1) as world, pytest.raises(AssertionError, match="nobody wake them"):
        world.run(sleep_here(1))
