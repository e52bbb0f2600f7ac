"""The front of a desk, in either dialect: what a person at it sees, asks for and is told."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self

from offhook_client.errors import ClientError, ClosedError, UnreachableError
from offhook_client.http import Http
from offhook_client.models import Belief, Gate, Shown
from offhook_client.observers import Observers, follow
from offhook_client.waiting import Waiters


class Front(ABC):
    """An async context manager: entered it is started, left it is closed."""

    belief: Belief
    """What is held for true now."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._waiters = Waiters()
        self._changes = Observers[Belief]()
        self._troubles = Observers[ClientError]()
        self._failure: ClientError | None = None

    @property
    def shown(self) -> Shown:
        """What a person is told: `belief.shown`."""
        return self.belief.shown

    @property
    def gate(self) -> Gate:
        """Whether the local track passes sound: `belief.gate`."""
        return self.belief.gate

    @property
    def ended(self) -> bool:
        """Closed, replaced, or past help: it says nothing true about the microphone any more."""
        return self._failure is not None

    @abstractmethod
    async def start(self) -> None:
        """Begin. Raises `RefusedError`, `LoginRefusedError` or `UnreachableError`.

        Also what has ended the desk, if anything has: an ended one never begins again.
        """

    @abstractmethod
    async def close(self) -> None:
        """Cut the gate and let go of everything. What the server holds stays."""

    @abstractmethod
    def want(self, *, muted: bool) -> int:
        """Say what is wanted and return at once; to mute, the gate is cut before this returns.

        The number is the wish's. Beliefs tell how it goes. Raises what has ended the desk, if
        anything has; its gate is cut then.
        """

    @abstractmethod
    def _next_wish(self) -> int:
        """The number that `want` will give."""

    @abstractmethod
    def _circumstances(self) -> str:
        """What may be in the way of a wish, in a few words."""

    async def set_mute(self, *, muted: bool, deadline_s: float | None = None) -> Belief:
        """Say what is wanted and wait until the server has confirmed it.

        On the tutorial's dialect a mute is confirmed over HTTP even while the event socket is
        down: `shown` is `unknown` then, for nothing vouches that it still holds. On the
        platform's every live call must have been read so; without one there is nothing to
        confirm, and it returns once that is known.

        Raises `OvertakenError`, `RefusedError`, `MuteConflictError`, `TooLateError`, or
        `UnreachableError` after `deadline_s` (default: `options.interactive_deadline_s`); a
        device also `ForcedError` and `ReplacedError`. After a deadline the wish stands and is
        pursued.
        """
        if deadline_s is None:
            deadline_s = self._http.options.interactive_deadline_s
        self._check_not_ended()
        # The waiter comes first: the wish may be answered before `want` returns.
        deadline = self._http.now() + deadline_s
        future = self._waiters.add(self._next_wish(), muted=muted, deadline=deadline)
        self.want(muted=muted)
        try:
            async with asyncio.timeout(deadline_s):
                return await future
        except TimeoutError:
            word = "mute" if muted else "unmute"
            raise UnreachableError(
                f"The {word} was not confirmed in {deadline_s:g} s ({self._circumstances()}); "
                "it is still pursued."
            ) from None

    async def settled(self, *, deadline_s: float | None = None) -> Belief:
        """Wait until `shown` is `muted` or `live`. Raises `UnreachableError` at the deadline."""
        try:
            async with asyncio.timeout(deadline_s):
                async for belief in self.beliefs():
                    if belief.shown in {Shown.MUTED, Shown.LIVE}:
                        return belief
        except TimeoutError:
            raise UnreachableError(f"Not settled in {deadline_s} s: {self.belief}.") from None
        raise self._failure or ClosedError("The desk was closed.")

    def on_change(self, observer: Callable[[Belief], None]) -> Callable[[], None]:
        """Call `observer` with each new belief, in order. Returns what unsubscribes it.

        On the platform also when the belief of one call is another, and that of all is not.
        """
        return self._changes.add(observer)

    def on_trouble(self, observer: Callable[[ClientError], None]) -> Callable[[], None]:
        """Call `observer` with what no caller waits for: conflict, replaced, login refused."""
        return self._troubles.add(observer)

    def beliefs(self) -> AsyncIterator[Belief]:
        """The belief of now, then each new one, until the desk is closed."""
        return follow(
            self._changes, self._troubles, now=lambda: self.belief, ended=lambda: self.ended
        )

    def _check_not_ended(self) -> None:
        if self._failure is not None:
            raise self._failure

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
