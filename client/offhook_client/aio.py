"""The client as an application holds it: an `Account` logs in, a `Desk` is one device.

async with Account(url, PasswordGrant(...)) as account, account.desk() as desk:
    await desk.set_mute(muted=True)
    print(desk.belief.shown)
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self

from offhook_client.decisions import Decision, DecisionLog
from offhook_client.models import Belief, Frame, Gate, Shown
from offhook_client.options import DEFAULT, Options
from offhook_client.tokens import Grant


class Account:
    """One login: HTTP session, tokens, retry budget and cooldown gates, shared by its desks.

    `base_url`: `http://host:port` without a path. `rng` and `wall_clock` (seconds since the
    Unix epoch; for HTTP dates) are for tests and simulation. An async context manager; it must be
    entered on the loop that it is used on.
    """

    def __init__(
        self,
        base_url: str,
        grant: Grant,
        *,
        options: Options = DEFAULT,
        rng: random.Random | None = None,
        wall_clock: Callable[[], float] | None = None,
        notify: Callable[[Decision], None] | None = None,
    ) -> None:
        self.decisions = DecisionLog(notify=notify)
        raise NotImplementedError

    def desk(
        self,
        device_id: str = "default",
        *,
        muted: bool | None = None,
        microphone: Callable[[Gate], None] | None = None,
        instance: str | None = None,
    ) -> Desk:
        """The desk of one device, not yet started: enter it, or call `start`.

        `muted` is a first wish (None: take over what the server says). `microphone` is told to
        cut or open the local track.
        """
        raise NotImplementedError

    async def start(self) -> None:
        """Open the HTTP session. Tokens are fetched when first needed."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the desks that are still open, then the HTTP session."""
        raise NotImplementedError

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


class Desk:
    """One device of one user: says what is true, keeps the microphone honest.

    Everything below is called on the loop that the desk runs on.
    """

    belief: Belief
    """What is held for true now."""

    @property
    def shown(self) -> Shown:
        """What a person is told: `belief.shown`."""
        return self.belief.shown

    @property
    def gate(self) -> Gate:
        """Whether the local track passes sound: `belief.gate`."""
        return self.belief.gate

    async def start(self) -> None:
        """Establish the session and return once it is, the event socket following on its own.

        Raises `RefusedError`, `LoginRefusedError` or `UnreachableError`.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Cut the gate and let go of the socket. The session on the server stays."""
        raise NotImplementedError

    async def delete(self) -> None:
        """End the session on the server, then close. A session that is gone already is success."""
        raise NotImplementedError

    def want(self, *, muted: bool) -> int:
        """Say what is wanted and return at once; the gate is cut before this returns.

        The number is the wish's generation. Beliefs tell how it goes.
        """
        raise NotImplementedError

    async def set_mute(self, *, muted: bool, deadline_s: float | None = None) -> Belief:
        """Say what is wanted and wait until the server has confirmed it.

        Raises `OvertakenError`, `ForcedError`, `RefusedError`, `MuteConflictError`,
        `ReplacedError`, `TooLateError`, or `UnreachableError` after `deadline_s` (default:
        `options.interactive_deadline_s`). After a deadline the wish stands and is pursued.
        """
        raise NotImplementedError

    def on_change(self, observer: Callable[[Belief], None]) -> Callable[[], None]:
        """Call `observer` with each new belief, in order. Returns what unsubscribes it."""
        raise NotImplementedError

    def on_frame(self, observer: Callable[[Frame], None]) -> Callable[[], None]:
        """Call `observer` with each frame of the event socket, as it came. Returns unsubscribe."""
        raise NotImplementedError

    def beliefs(self) -> AsyncIterator[Belief]:
        """The belief of now, then each new one, until the desk is closed."""
        raise NotImplementedError

    async def settled(self, *, deadline_s: float | None = None) -> Belief:
        """Wait until `shown` is `muted` or `live`. Raises `UnreachableError` at the deadline."""
        raise NotImplementedError

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
