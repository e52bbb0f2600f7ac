"""Handles and timers: to whoever looks, asyncio's own."""

import asyncio
from contextvars import Context, copy_context
from typing import Any

import pytest

from offhook_scenarios.sim.handles import SimHandle, SimTimer
from offhook_scenarios.sim.host import host
from offhook_scenarios.sim.loop import SimLoop
from offhook_scenarios.sim.world import World

SLOTS = sorted({*asyncio.Handle.__slots__} - {"__weakref__"})
TIMER_SLOTS = [*SLOTS, *asyncio.TimerHandle.__slots__]
WHEN = 1_001.5


def held(handle: asyncio.Handle, slots: list[str]) -> dict[str, Any]:
    """Fails for one that a newer Python has, and that we do not set."""
    return {name: getattr(handle, name) for name in slots}


@pytest.fixture
def context() -> Context:
    return copy_context()


def test_a_handle_holds_what_asyncios_holds(world: World, context: Context) -> None:
    theirs = asyncio.Handle(print, (1, 2), world.loop, context)
    assert held(SimHandle(print, (1, 2), world.loop, context), SLOTS) == held(theirs, SLOTS)


def test_a_timer_holds_what_asyncios_holds(world: World, context: Context) -> None:
    theirs = asyncio.TimerHandle(WHEN, print, (1, 2), world.loop, context)
    theirs._scheduled = True  # type: ignore[attr-defined]  # - the loop has it, as it has ours.
    ours = SimTimer(WHEN, print, (1, 2), world.loop, context)
    assert held(ours, TIMER_SLOTS) == held(theirs, TIMER_SLOTS)
    assert ours == theirs
    assert ours.when() == WHEN


def test_a_cancelled_one_lets_go_of_what_it_would_have_run(world: World, context: Context) -> None:
    handles = [
        asyncio.TimerHandle(WHEN, print, (1,), world.loop, context),
        SimTimer(WHEN, print, (1,), world.loop, context),
        SimHandle(print, (1,), world.loop, context),
    ]
    for handle in handles:
        handle.cancel()
        handle.cancel()
        assert handle.cancelled()
        assert set(held(handle, ["_callback", "_args"]).values()) == {None}


def test_without_a_context_they_live_where_they_were_made(world: World) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimLoop)
        told: list[str] = []
        with world.network.on("desk"):
            handle = loop.call_soon(lambda: told.append(host()))
            timer = loop.call_later(1, lambda: told.append(host()))
        await asyncio.sleep(2)
        assert told == ["desk", "desk"]
        assert (type(handle), type(timer)) == (SimHandle, SimTimer)

    world.run(main())


def test_a_timer_that_has_run_may_be_cancelled_as_often_as_anybody_likes(world: World) -> None:
    """Else the loop would look through its timers for one that is not there."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimLoop)
        timers = [loop.call_later(1, int) for _ in range(300)]
        await asyncio.sleep(2)
        for timer in timers:
            timer.cancel()
        assert loop._cancelled_timers == 0

    world.run(main())
