"""A turn that does not end is ended, and whoever else needs the timer keeps it."""

import asyncio
import signal
import sys
import threading
from collections.abc import Callable

import pytest

from offhook_scenarios.sim.errors import EscapeError
from offhook_scenarios.sim.loop import SimLoop
from offhook_scenarios.sim.watch import TICKS_MAX, Watch, watched
from offhook_scenarios.sim.world import World

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system has no interval timers"
)
TICK_S = 0.01


def wait_for_a_lock() -> None:
    lock = threading.Lock()
    with lock:
        lock.acquire()


def run_in_a_circle() -> None:
    while True:
        pass


@pytest.mark.parametrize("block", [wait_for_a_lock, run_in_a_circle])
def test_what_blocks_the_loop_is_told_with_its_place(block: Callable[[], None]) -> None:
    async def main() -> None:
        await asyncio.sleep(1)
        block()

    place = rf"test_watch\.py:\d+ in {block.__name__}"
    told = rf"here for 0\.1 s on the wall, is not simulated; it was called at {place}\.$"
    with World(1) as world:
        with watched(world.loop, tick_s=TICK_S), pytest.raises(EscapeError, match=told):
            world.loop.run_until_complete(main())
        assert world.loop.escape is not None


def test_only_ticks_in_one_turn_count() -> None:
    loop = SimLoop()
    watch = Watch(loop)
    for _ in range(9):
        loop.turns += 1
        for _ in range(TICKS_MAX):
            watch.tick()
    with pytest.raises(EscapeError, match="for 10 s"):
        watch.tick()
    loop.close()


def test_who_swallows_the_error_is_given_time_and_told_again() -> None:
    loop = SimLoop()
    watch = Watch(loop)
    told: list[int] = []
    for number in range(300):
        try:
            watch.tick()
        except EscapeError:
            told.append(number)
    assert told == [TICKS_MAX, 12 * TICKS_MAX, 23 * TICKS_MAX]
    loop.close()


def armed() -> bool:
    return bool(signal.getitimer(signal.ITIMER_REAL)[0])


def test_a_world_is_watched_and_the_timer_given_back() -> None:
    async def look() -> bool:
        return armed()

    before = signal.getsignal(signal.SIGALRM)
    with World(1) as world:
        assert world.run(look())
    assert not armed()
    assert signal.getsignal(signal.SIGALRM) is before


def test_somebody_elses_timer_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = lambda *_: None  # noqa: E731 - as short as it is.
    before = signal.signal(signal.SIGALRM, theirs)
    loop = SimLoop()
    try:
        with watched(loop):
            assert signal.getsignal(signal.SIGALRM) is theirs
            assert not armed()
    finally:
        signal.signal(signal.SIGALRM, before)
    monkeypatch.setattr(sys, "gettrace", lambda: theirs)
    with watched(loop):
        assert not armed()
    loop.close()


def test_another_thread_is_not_watched() -> None:
    loop = SimLoop()
    seen: list[bool] = []

    def look() -> None:
        with watched(loop):
            seen.append(armed())

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [False]
    loop.close()
