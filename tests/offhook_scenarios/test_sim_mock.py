"""A test's mock in virtual time."""

import asyncio
from typing import Any

import aiohttp
import pytest

from offhook.testing.handle import AsyncOffhook
from offhook.testing.rig import Plan
from offhook_scenarios.sim.errors import DeadlockError
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim_mock import SimMock


async def a_day(offhook: AsyncOffhook) -> tuple[int, float, str]:
    token = offhook.token()
    began = offhook.clock.now
    async with aiohttp.ClientSession(
        offhook.url, headers={"Authorization": f"Bearer {token}"}
    ) as http:
        async with http.get("/api/v2/users/me") as answer:
            assert answer.status == 200
        await asyncio.sleep(86_400)
        async with http.get("/api/v2/users/me") as answer:
            return answer.status, offhook.clock.now - began, token


def test_a_day_passes_at_once_and_the_token_has_ended() -> None:
    status, elapsed_s, _ = SimMock(Plan(seed=1)).run(a_day)
    assert status == 401
    assert elapsed_s == pytest.approx(86_400, abs=1)


@pytest.mark.parametrize("order", Order)
def test_each_run_with_a_seed_is_the_same(order: Order) -> None:
    runs = [SimMock(Plan(seed=7)).run(a_day, order=order) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0] != SimMock(Plan(seed=8)).run(a_day, order=order)


def test_several_sessions_of_one_test_have_a_mock_each() -> None:
    mock = SimMock(Plan(seed=1))
    mock.run(a_day)
    mock.run(a_day)
    assert len(mock.handles) == 2
    assert mock.complaints == []
    assert (mock.trace(), mock.timeline()) == (b"", b"")


def test_what_failed_leaves_its_story_trace_and_timeline() -> None:
    async def lies(offhook: AsyncOffhook) -> None:
        await offhook.assert_truthful(lambda: "live", within="1m")

    mock = SimMock(Plan(seed=1, test="t.py::test"))
    with pytest.raises(AssertionError, match="UNHEARD"):
        mock.run(lies)
    assert 'Again: pytest "t.py::test"' in mock.story()
    assert mock.trace().startswith(b'{"trace":1')
    assert b"<svg" in mock.timeline()


def test_what_nobody_takes_and_what_is_not_modelled_is_told() -> None:
    async def forgets(offhook: AsyncOffhook) -> None:
        async def breaks() -> None:
            raise KeyError("lost")

        task = asyncio.create_task(breaks())
        await asyncio.sleep(1)
        del task
        async with aiohttp.ClientSession(offhook.url) as http:
            await http.get("/api/v2/flows")

    mock = SimMock(Plan(seed=1))
    mock.run(forgets)
    assert mock.unmodelled == {"GET /api/v2/flows": 1}
    assert [text.split(":")[0] for text in mock.complaints] == ["asyncio complains"]
    assert "KeyError" in mock.complaints[0]


def test_waiting_for_ever_is_found() -> None:
    async def hangs(_: AsyncOffhook) -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(DeadlockError, match="hangs"):
        SimMock(Plan(seed=1)).run(hangs)


async def nothing() -> None:
    pass


@pytest.mark.parametrize(
    ("session", "told"),
    [
        (nothing(), r"run takes the session itself: write run\(session\)"),
        (3, r"run takes an async function of the mock's handle, and not 3\."),
        (nothing, r"has to take one argument, the mock's handle: async def session\(offhook\)"),
        (lambda _offhook: 3, r"The session returned 3, and nothing that can be awaited"),
    ],
)
def test_what_is_no_session_is_told_in_a_sentence(session: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        SimMock(Plan(seed=1)).run(session)


def test_an_order_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(ValueError, match="no order 'lifo'; there are fifo, random, pct"):
        SimMock(Plan(seed=1)).run(a_day, order="lifo")


def test_another_clock_is_refused() -> None:
    with pytest.raises(ValueError, match=r"The clock is 'manual'; in virtual time it is system"):
        SimMock(Plan(clock="manual"))


def test_whoever_asks_outside_of_a_session_is_told() -> None:
    with pytest.raises(AttributeError, match=r"has no url itself: .* offhook_sim\.run\(session\)"):
        getattr(SimMock(Plan()), "url")  # noqa: B009 - a type checker knows that it is not there.
