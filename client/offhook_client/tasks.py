"""The tasks of one desk, by name: at most one of each at a time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from offhook_client.errors import ClientError

Work = Callable[[], Coroutine[Any, Any, None]]


class Tasks:
    """`on_error` is told of whatever ends a task otherwise than by its own end."""

    def __init__(self, on_error: Callable[[ClientError], object]) -> None:
        self._on_error = on_error
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def run(self, name: str, work: Work) -> None:
        """Start `work` under this name, instead of what runs under it."""
        self.cancel(name)
        self._tasks[name] = asyncio.create_task(self._guard(work), name=f"offhook {name}")

    def cancel(self, *names: str) -> None:
        """Let go of these; the task that asks is let run to its end."""
        for name in names:
            task = self._tasks.pop(name, None)
            if task is not None and task is not asyncio.current_task():
                task.cancel()

    async def close(self) -> None:
        """Cancel everything and wait until it has unwound."""
        tasks = [task for task in self._tasks.values() if task is not asyncio.current_task()]
        self.cancel(*self._tasks)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _guard(self, work: Work) -> None:
        try:
            await work()
        except ClientError as error:
            self._on_error(error)
        except Exception as error:
            # A fault of ours must not leave an old belief on the screen.
            self._on_error(ClientError(f"The desk broke: {type(error).__name__}."))
            raise
