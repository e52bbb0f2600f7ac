"""The thread on which servers live."""

import asyncio
import threading

import pytest

from offhook.server_thread import ServerThread


async def where() -> str:
    await asyncio.sleep(0)
    return threading.current_thread().name


async def fail() -> None:
    raise LookupError("nothing there")


def test_it_runs_coroutines_for_others_and_hands_their_errors_back() -> None:
    with ServerThread() as thread:
        assert thread.run(where()) == "offhook"
        with pytest.raises(LookupError, match="nothing there"):
            thread.run(fail())


def test_before_and_after_its_life_it_says_so() -> None:
    thread = ServerThread()
    with pytest.raises(RuntimeError, match="does not run"):
        thread.run(where())
    lived = []
    with thread:
        lived.append(thread.running)
    lived.append(thread.running)
    assert lived == [True, False]
    with pytest.raises(RuntimeError, match="does not run"):
        thread.run(where())
    thread.stop()


def test_it_does_not_wait_for_itself() -> None:
    with ServerThread() as thread:

        async def ask() -> None:
            thread.run(where())

        with pytest.raises(RuntimeError, match="would wait for itself"):
            thread.run(ask())


def test_what_still_runs_at_the_end_is_cancelled() -> None:
    told: list[str] = []

    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    kept: list[asyncio.Task[None]] = []

    async def begin() -> None:
        kept.append(asyncio.create_task(linger()))
        await asyncio.sleep(0)

    with ServerThread() as thread:
        thread.run(begin())
    assert told == ["cancelled"]


def test_its_clock_can_run_faster() -> None:
    async def speed() -> float:
        return float(getattr(asyncio.get_running_loop(), "speed", 1.0))

    with ServerThread(speed=50) as thread:
        assert thread.run(speed()) == 50


def test_a_call_returns_or_raises_what_it_does_on_the_thread() -> None:
    with ServerThread() as thread:
        assert thread.call(threading.current_thread).name == "offhook"
        nothing: dict[str, int] = {}
        with pytest.raises(KeyError, match="lost"):
            thread.call(lambda: nothing["lost"])


def test_a_call_is_refused_where_it_would_wait_for_itself_or_for_ever() -> None:
    thread = ServerThread()
    with pytest.raises(RuntimeError, match="does not run"):
        thread.call(lambda: None)
    with thread, pytest.raises(RuntimeError, match="would wait for itself"):
        thread.call(lambda: thread.call(lambda: None))
