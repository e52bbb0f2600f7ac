"""Where somebody lives: said once, inherited by what is started there."""

import asyncio
from contextvars import copy_context

from offhook_scenarios.sim.host import HERE, host, host_of, living_on


def test_nobody_has_said_where_he_lives() -> None:
    assert host() == HERE
    assert host_of(None) == HERE
    assert host_of(copy_context()) == HERE


async def test_tasks_live_where_they_were_started() -> None:
    async def told() -> str:
        await asyncio.sleep(0)
        return host()

    with living_on("desk"):
        task = asyncio.create_task(told())
        context = copy_context()
    assert (await task, host(), host_of(context)) == ("desk", HERE, "desk")
