"""The sessions with the desk on the official JavaScript SDK, each in a Node of its own.

The desk's own timers share the loop's clock; what the machine and the network take is of the
wall's. So this clock runs slowly enough that these stay small against the exposure budget, on a
loop and a thread of its own.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from offhook.adapters.loop import loop_factory
from offhook_scenarios.adapters.javascript import JavascriptDesk
from offhook_scenarios.adapters.node import Node
from offhook_scenarios.outcome import Outcome
from offhook_scenarios.run import play_with
from offhook_scenarios.sessions.session import Session
from offhook_scenarios.stage import PLATFORM
from offhook_scenarios.together import together

FASTEST = 6.0
"""A request over loopback, some 10 ms with Node, then takes 0.06 s of the session."""
PACKAGE = "purecloud-platform-client-v2"


class NodePlays:
    """Plays every session at once, in the background of the `with` block, which it ends with.

    `speed` is lowered to `FASTEST`. `done` hears of each outcome, on another thread.
    """

    def __init__(
        self,
        sessions: Sequence[Session],
        node: Node,
        *,
        seed: int,
        speed: float,
        done: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> None:
        self._sessions = sessions
        self._node = node
        self._seed = seed
        self._speed = min(speed, FASTEST)
        self._done = done
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="offhook-node")
        self._future: Future[tuple[Outcome, ...]] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[tuple[Outcome, ...]] | None = None
        self._begun = threading.Event()

    def __enter__(self) -> Self:
        self._future = self._pool.submit(self._run)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            # An error that is quicker than the thread must find something to cancel.
            self._begun.wait()
            if self._loop is not None and self._task is not None:
                # A loop that is closed has nothing left to cancel.
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._task.cancel)
        self._pool.shutdown()

    @property
    def remark(self) -> str:
        """What must be said wherever the outcomes are shown."""
        return (
            f"{JavascriptDesk.NAME} is a small desk of ours on {PACKAGE} "
            f"{self._node.package_version(PACKAGE)}, unmodified, on Node {self._node.version}: "
            "observed against this mock, by this command."
        )

    def outcomes(self) -> tuple[Outcome, ...]:
        """Wait for all, in the order of the sessions."""
        assert self._future is not None, "the plays begin with the `with` block"
        return self._future.result()

    def _run(self) -> tuple[Outcome, ...]:
        try:
            with asyncio.Runner(loop_factory=loop_factory(self._speed)) as runner:
                self._loop = runner.get_loop()
                return runner.run(self._play_all())
        finally:
            self._begun.set()

    async def _play_all(self) -> tuple[Outcome, ...]:
        self._task = asyncio.current_task()
        self._begun.set()
        desks = [JavascriptDesk(self._node) for _ in self._sessions]
        played = [d for d, s in zip(desks, self._sessions, strict=True) if not PLATFORM.why_not(s)]
        # Loading the SDK is half a second of work each: done before, it disturbs no session.
        # What breaks here breaks again in the play, which tells it.
        try:
            await asyncio.gather(*(desk.greet() for desk in played), return_exceptions=True)
            return await together(map(self._play, self._sessions, desks))
        finally:
            await asyncio.gather(*(desk.stop() for desk in played), return_exceptions=True)

    async def _play(self, session: Session, desk: JavascriptDesk) -> Outcome:
        outcome = await play_with(lambda: desk, session, desk.name, stage=PLATFORM, seed=self._seed)
        self._done(outcome)
        return outcome
