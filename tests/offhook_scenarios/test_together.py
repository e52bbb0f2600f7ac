"""Works at once: all results, the first error, and on Ctrl-C nobody is broken off."""

import asyncio

import pytest

from offhook_scenarios.together import together


async def _late(value: int) -> int:
    await asyncio.sleep(0.001 * (3 - value))
    return value


async def test_results_come_in_the_order_of_the_works() -> None:
    assert await together(map(_late, range(3))) == (0, 1, 2)
    assert await together([]) == ()


async def test_the_first_error_ends_the_others_and_is_raised_as_it_is() -> None:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waits")

    async def breaks() -> None:
        await asyncio.sleep(0)
        raise KeyError("id")

    with pytest.raises(KeyError):
        await together([waits(), breaks()])
    assert ended == ["waits"]


async def test_whoever_is_cancelled_waits_until_all_have_cleared_up() -> None:
    cleared: list[int] = []

    async def work(number: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(number * 5):
                await asyncio.sleep(0)
            cleared.append(number)

    task = asyncio.create_task(together(map(work, range(4))))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(cleared) == [0, 1, 2, 3]
