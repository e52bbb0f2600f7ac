"""The loop: time that jumps, waits that never end, and doors that are shut."""

import asyncio
import gc
import threading
from collections.abc import Callable
from typing import Any

import pytest

from offhook_scenarios.sim import loop as module
from offhook_scenarios.sim.errors import DeadlockError, EscapeError, LivelockError
from offhook_scenarios.sim.loop import REFUSED, START, SimLoop, SimTask
from offhook_scenarios.sim.world import World


async def now() -> float:
    return asyncio.get_running_loop().time() - START


def test_waiting_takes_exactly_as_long_as_it_should(world: World) -> None:
    async def main() -> list[float]:
        times = []
        for seconds in (0.1, 0.2, 86_400.0 * 3):
            await asyncio.sleep(seconds)
            times.append(await now())
        return times

    assert world.run(main()) == pytest.approx([0.1, 0.3, 259_200.3], abs=1e-9)


def test_a_task_that_nobody_holds_is_unfinished_whatever_garbage_is_collected(
    world: World,
) -> None:
    async def for_ever() -> None:
        await asyncio.get_running_loop().create_future()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(200):
            loop.create_task(asyncio.sleep(0))  # noqa: RUF006 - it is done before it is missed.
        loop.create_task(for_ever())  # noqa: RUF006 - nobody holds it: that is the point.
        await asyncio.sleep(1)
        for _ in range(200):
            loop.create_task(asyncio.sleep(0))  # noqa: RUF006 - as above.
        await asyncio.sleep(1)
        gc.collect()

    world.run(main())
    assert len(world.loop.unfinished()) == 1
    assert world.troubles == []


def test_the_clock_is_set_to_the_timer_and_never_drifts(world: World) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for number in range(1, 1_000):
            future = loop.create_future()
            loop.call_at(START + number / 10, future.set_result, None)
            await future
            assert loop.time() == START + number / 10

    world.run(main())


def test_a_world_may_be_run_again_and_goes_on_where_it_was(world: World) -> None:
    world.run(asyncio.sleep(5))
    assert world.run(now()) == 5


def test_a_deadlock_is_found_and_told_with_who_waits_where() -> None:
    async def hang() -> None:
        await asyncio.get_running_loop().create_future()

    with World(1) as world:
        world.run(asyncio.sleep(2))
        with pytest.raises(DeadlockError, match=r"after 1002\.000000 s(?s:.*)in .*hang, test_loop"):
            world.run(hang())


def test_a_deadlock_is_told_in_the_same_words_every_time() -> None:
    async def main() -> None:
        await asyncio.gather(asyncio.Event().wait(), asyncio.sleep(1))

    told = set()
    for _ in range(2):
        with World(1) as world, pytest.raises(DeadlockError) as error:
            world.run(main())
        told.add(str(error.value))
    assert len(told) == 1


def test_a_livelock_is_found() -> None:
    async def spin() -> None:
        while True:  # noqa: ASYNC110 - a circle is what is wanted.
            await asyncio.sleep(0)

    loop = SimLoop(turns_still_max=500)
    with pytest.raises(LivelockError, match="501 turns"):
        loop.run_until_complete(spin())
    end(loop)


def test_the_budget_of_turns_is_found_spent() -> None:
    async def tick() -> None:
        while True:  # noqa: ASYNC110 - a circle is what is wanted.
            await asyncio.sleep(1)

    loop = SimLoop(turns_max=500)
    with pytest.raises(LivelockError, match="501 turns"):
        loop.run_until_complete(tick())
    end(loop)


def test_virtual_time_ends() -> None:
    error = pytest.raises(LivelockError, match="end of its virtual time")
    with World(1, length_max_s=60) as world, error:
        world.run(asyncio.sleep(61))


def test_what_virtual_time_has_cut_off_is_ended_all_the_same() -> None:
    ended: list[str] = []

    async def main() -> None:
        try:
            await asyncio.sleep(61)
        finally:
            await asyncio.sleep(1)
            ended.append("main")

    with pytest.raises(LivelockError), World(1, length_max_s=60) as world:
        world.run(main())
    assert ended == ["main"]


def end(loop: SimLoop) -> None:
    loop._still = loop.turns = 0
    for task in loop.unfinished():
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(task)
    loop.close()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_simulated_is_refused_by_name_and_place(name: str) -> None:
    async def main() -> None:
        method: Callable[..., Any] = getattr(asyncio.get_running_loop(), name)
        method()

    with World(1) as world, pytest.raises(EscapeError, match=rf"loop\.{name} .* test_loop\.py:"):
        world.run(main())


def test_everything_that_the_base_loop_leaves_open_is_simulated_or_refused() -> None:
    """Those of asyncio's methods that touch the system: a new one must be given a place."""
    simulated = {"create_connection", "create_server", "sock_connect", "getaddrinfo"}
    known = {*REFUSED, *simulated, "call_soon_threadsafe", "create_task", "time"}
    for name in known:
        assert vars(SimLoop).get(name) is not None, f"{name} is inherited"
    system = ("sock_", "create_", "connect_", "add_", "remove_", "subprocess_", "start_tls")
    offered = {n for n in dir(asyncio.AbstractEventLoop) if n.startswith(system)}
    assert offered - known == {"create_future"}


def test_an_escape_ends_the_run_even_if_somebody_swallows_it() -> None:
    reached = []

    async def main() -> None:
        try:
            await asyncio.to_thread(int)
        except Exception:  # noqa: BLE001 - what a careless client does.
            await asyncio.sleep(1)
        reached.append(True)

    with World(1) as world, pytest.raises(EscapeError, match="run_in_executor"):
        world.run(main())
    assert reached == []


def test_another_thread_may_not_call_in() -> None:
    errors: list[Exception] = []
    loop = SimLoop()

    def call() -> None:
        try:
            loop.call_soon_threadsafe(int)
        except EscapeError as error:
            errors.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert len(errors) == 1
    assert loop.call_soon_threadsafe(int) is not None
    loop.close()


@pytest.mark.parametrize("what", ["create_connection", "create_server"])
def test_there_is_no_tls(what: str) -> None:
    async def main() -> None:
        method: Callable[..., Any] = getattr(asyncio.get_running_loop(), what)
        await method(asyncio.Protocol, "server", 443, ssl=True)

    with World(1) as world, pytest.raises(EscapeError, match="TLS"):
        world.run(main())


def test_sets_of_tasks_have_the_same_order_in_every_run(world: World) -> None:
    async def main() -> list[int]:
        tasks = {asyncio.create_task(asyncio.sleep(1)) for _ in range(50)}
        done, _ = await asyncio.wait(tasks)
        return [task.number for task in done if isinstance(task, SimTask)]

    first = world.run(main())
    assert first == sorted(first)
    assert len(first) == 50


def test_the_private_names_it_leans_on_are_there() -> None:
    turn = asyncio.BaseEventLoop._run_once.__code__.co_names  # type: ignore[attr-defined]  # - private on purpose.
    for name in ("_ready", "_stopping", "_cancelled", "_scheduled", "_run"):
        assert name in turn, f"asyncio's turn has no {name} any more: see {module.__file__}"
    for name in ("_run_once", "_write_to_self", "_check_closed", "_timer_handle_cancelled"):
        base = (asyncio.BaseEventLoop, asyncio.SelectorEventLoop)
        assert any(hasattr(each, name) for each in base), f"asyncio's loop has no {name} any more"
    plain = asyncio.new_event_loop()
    plain.close()
    for name in ("_asyncgens", "_closed"):
        assert hasattr(plain, name), f"asyncio's loop has no {name} any more"


def test_timers_of_one_time_are_met_in_the_order_in_which_they_were_set(world: World) -> None:
    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        met: list[int] = []
        timers = [loop.call_later(1, met.append, number) for number in range(500)]
        for timer in timers[::2]:
            timer.cancel()
        await asyncio.sleep(2)
        return met

    assert world.run(main()) == list(range(1, 500, 2))


def test_a_closed_loop_takes_nothing_more() -> None:
    loop = SimLoop()
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(int)
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_at(START + 1, int)
