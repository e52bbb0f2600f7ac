"""Several coroutines at once, and none of them left behind."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def together(works: Iterable[Coroutine[Any, Any, T]]) -> tuple[T, ...]:
    """Run all, and return their results in order. The first error ends the others, and is raised.

    Whoever is cancelled here returns when all of them have cleared up. `asyncio.gather` returns
    with the first that has, and who ends the loop then breaks off what the others still close.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return tuple(task.result() for task in tasks)
