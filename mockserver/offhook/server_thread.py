"""A thread with an event loop of its own, on which any number of servers can live."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeVar

from offhook.adapters.loop import loop_factory

T = TypeVar("T")

_CALL_S = 30.0
"""How long a call may take before it counts as hung, in the wall's seconds."""


class ServerThread:
    """Runs coroutines for other threads. A context manager; started and stopped once.

    Its loop's clock runs `speed` times as fast as the wall's, from 1 to 100.
    """

    def __init__(self, *, speed: float = 1.0) -> None:
        self._factory = loop_factory(speed)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: asyncio.Event | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Start it; return once its loop runs."""
        assert self._thread is None, "a thread is started once"
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._live, args=(ready,), name="offhook", daemon=True
        )
        self._thread.start()
        if not ready.wait(_CALL_S):
            raise TimeoutError(f"The server's thread did not start within {_CALL_S:g} s.")

    def stop(self) -> None:
        """End the loop and the thread; what still runs on it is cancelled. Twice is once."""
        thread, loop, leave = self._thread, self._loop, self._leave
        if thread is None or loop is None or leave is None or not thread.is_alive():
            return
        loop.call_soon_threadsafe(leave.set)
        thread.join(_CALL_S)
        if thread.is_alive():
            raise TimeoutError(f"The server's thread did not stop within {_CALL_S:g} s.")

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it on the thread's loop, wait for it, and return or raise what it does."""
        try:
            future = asyncio.run_coroutine_threadsafe(work, self._callable_loop())
        except RuntimeError:
            work.close()
            raise
        try:
            return future.result(_CALL_S)
        except TimeoutError:
            future.cancel()
            raise

    def call(self, question: Callable[[], T]) -> T:
        """Call it on the thread, as `run` for what need not wait: it takes half as long."""
        future: Future[T] = Future()

        def answer() -> None:
            try:
                future.set_result(question())
            except BaseException as error:  # noqa: BLE001 - it is raised where it was asked.
                future.set_exception(error)

        self._callable_loop().call_soon_threadsafe(answer)
        return future.result(_CALL_S)

    def _callable_loop(self) -> asyncio.AbstractEventLoop:
        if not self.running or self._loop is None:
            raise RuntimeError("The server does not run: use it inside `with`, or call start().")
        if threading.current_thread() is self._thread:
            raise RuntimeError("Called on the server's own thread, which would wait for itself.")
        return self._loop

    def _live(self, ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=self._factory) as runner:
            runner.run(self._wait(ready))

    async def _wait(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._leave = asyncio.Event()
        ready.set()
        await self._leave.wait()
