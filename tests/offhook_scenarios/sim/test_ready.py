"""Task orders: callbacks keep their places, tasks change theirs, races are found."""

import asyncio
import random
from collections import deque
from typing import Any

import pytest

from offhook_scenarios.sim.loop import SimLoop
from offhook_scenarios.sim.ready import (
    Order,
    PctReady,
    RandomReady,
    ready_queue,
    stepped,
)
from offhook_scenarios.sim.world import World

RUNS = 200


def runs(order: Order, seed: int, *names: str, steps: int = 1) -> list[str]:
    """Who ran when, of tasks that all are ready at once."""
    log: list[str] = []

    async def task(name: str) -> None:
        for _ in range(steps):
            log.append(name)
            await asyncio.sleep(0)

    async def main() -> None:
        await asyncio.gather(*(task(name) for name in names))

    with World(seed, order=order) as world:
        world.run(main())
    return log


def test_there_are_three_orders() -> None:
    kinds = [type(ready_queue(order, random.Random(1))) for order in Order]
    assert kinds == [deque, RandomReady, PctReady]


def test_fifo_is_the_order_in_which_tasks_were_made() -> None:
    assert runs(Order.FIFO, 1, "a", "b", "c") == ["a", "b", "c"]


@pytest.mark.parametrize("order", [Order.RANDOM, Order.PCT])
def test_the_others_find_every_order_and_repeat_it_by_its_seed(order: Order) -> None:
    found = {seed: tuple(runs(order, seed, "a", "b", "c")) for seed in range(60)}
    assert len(set(found.values())) == 6
    assert all(tuple(runs(order, seed, "a", "b", "c")) == was for seed, was in found.items())


@pytest.mark.parametrize("order", [Order.RANDOM, Order.PCT])
@pytest.mark.parametrize("seed", range(20))
def test_plain_callbacks_keep_their_order(order: Order, seed: int) -> None:
    log: list[int] = []

    async def idle() -> None:
        await asyncio.sleep(0)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        tasks = []
        for number in range(10):
            loop.call_soon(log.append, number)
            tasks.append(loop.create_task(idle()))
        await asyncio.gather(*tasks)

    with World(seed, order=order) as world:
        world.run(main())
    assert log == list(range(10))


@pytest.mark.parametrize("order", [Order.RANDOM, Order.PCT])
@pytest.mark.parametrize("seed", range(20))
def test_no_task_passes_a_plain_callback(order: Order, seed: int) -> None:
    log: list[str] = []

    async def note(what: str) -> None:
        log.append(what)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        before = [loop.create_task(note("before")) for _ in range(3)]
        loop.call_soon(log.append, "callback")
        after = [loop.create_task(note("after")) for _ in range(3)]
        await asyncio.gather(*before, *after)

    with World(seed, order=order) as world:
        world.run(main())
    assert log == ["before"] * 3 + ["callback"] + ["after"] * 3


def test_a_handle_knows_its_task() -> None:
    seen: list[Any] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimLoop)
        task = loop.create_task(asyncio.sleep(0))
        handle = loop.call_soon(seen.append, 1)
        seen.append([stepped(each) for each in loop._ready] == [task, None])
        handle.cancel()
        seen.append(stepped(handle) is None)
        await task

    with World(1) as world:
        world.run(main())
    assert seen == [True, True]


def starved(order: Order, seed: int) -> bool:
    """Whether one task made all of its twelve steps before another made its first."""
    log = runs(order, seed, "long", "short", steps=12)
    return "short" not in log[:12] or "long" not in log[:12]


def test_pct_finds_what_needs_one_task_to_be_slow_and_random_order_does_not() -> None:
    hits = {order: sum(starved(order, seed) for seed in range(RUNS)) for order in Order}
    assert hits[Order.FIFO] == 0
    assert hits[Order.RANDOM] <= RUNS // 50
    assert hits[Order.PCT] >= RUNS // 5


def test_choices_are_counted_where_there_was_something_to_choose() -> None:
    with World(1, order=Order.RANDOM) as world:
        world.run(asyncio.sleep(1))
        queue = world.loop._ready
        assert isinstance(queue, RandomReady)
        assert queue.choices == 0
