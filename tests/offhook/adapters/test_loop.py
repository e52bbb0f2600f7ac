"""The loop whose clock runs faster than the wall's."""

import asyncio
import selectors
from importlib.util import find_spec

import pytest

from offhook.adapters.loop import FastLoop, _HastySelector, loop_factory, serving_loop


@pytest.mark.parametrize("speed", [0.5, 0, -1, 100.5])
def test_a_speed_out_of_range_is_refused_by_its_number(speed: float) -> None:
    with pytest.raises(ValueError, match=f"speed is {speed:g}; it must be from 1 to 100"):
        loop_factory(speed)


def test_the_loop_s_time_is_the_wall_s_times_the_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    with asyncio.Runner(loop_factory=loop_factory(20)) as runner:
        loop = runner.get_loop()
        monkeypatch.setattr(asyncio.SelectorEventLoop, "time", lambda _: 7.0)
        assert loop.time() == 140.0


def test_the_selector_waits_as_many_times_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float | None] = []

    def select(_: selectors.BaseSelector, timeout: float | None = None) -> list[object]:
        asked.append(timeout)
        return []

    monkeypatch.setattr(selectors.DefaultSelector, "select", select)
    with _HastySelector() as selector:
        selector.speed = 50.0
        for timeout in (5.0, 0, None):
            selector.select(timeout)
    assert asked == [0.1, 0, None]


def test_a_sleep_lasts_as_long_as_asked_on_the_loop_s_own_clock() -> None:
    async def nap() -> float:
        loop = asyncio.get_running_loop()
        before = loop.time()
        await asyncio.sleep(2)
        return loop.time() - before

    with asyncio.Runner(loop_factory=loop_factory(100)) as runner:
        assert runner.run(nap()) >= 2


def test_speed_one_is_the_stock_loop() -> None:
    with asyncio.Runner(loop_factory=loop_factory(1)) as runner:
        assert not isinstance(runner.get_loop(), FastLoop)


def test_serving_is_on_uvloop_where_it_is_and_at_the_speed_of_the_wall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert serving_loop(20).__name__ != "new_event_loop"
    if find_spec("uvloop") is not None:
        loop = serving_loop(1)()
        assert type(loop).__module__ == "uvloop"
        loop.close()
    monkeypatch.setattr("offhook.adapters.loop.find_spec", lambda _: None)
    assert serving_loop(1) is asyncio.new_event_loop
