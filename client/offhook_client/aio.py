"""The client as an application holds it: an `Account` logs in, a `Desk` is one device.

async with Account(url, PasswordGrant(...)) as account, account.desk() as desk:
    await desk.set_mute(muted=True)
    print(desk.belief.shown)
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from offhook_client.calls import Caller
from offhook_client.decisions import Decision, DecisionLog
from offhook_client.desk import Desk
from offhook_client.http import Http
from offhook_client.models import Gate, Shown, together
from offhook_client.options import DEFAULT, Options
from offhook_client.tokens import Grant, Tokens

__all__ = ["Account", "Desk"]


class Account:
    """One login: HTTP session, tokens, retry budget and cooldown gates, shared by its desks.

    `base_url`: `http://host:port` without a path. `rng` and `wall_clock` (seconds since the
    Unix epoch; for HTTP dates only) are for tests and simulation. An async context manager; it
    must be made and entered on the loop that it is used on.
    """

    def __init__(
        self,
        base_url: str,
        grant: Grant,
        *,
        options: Options = DEFAULT,
        rng: random.Random | None = None,
        wall_clock: Callable[[], float] = time.time,
        notify: Callable[[Decision], None] | None = None,
    ) -> None:
        self.decisions = DecisionLog(notify=notify)
        """Why the client waited, resent, resynchronised or gave up."""
        self._rng = random.SystemRandom() if rng is None else rng
        self._http = Http(
            base_url,
            options=options,
            rng=self._rng,
            wall_clock=wall_clock,
            decisions=self.decisions,
        )
        self._tokens = Tokens(self._http, grant)
        self.caller = Caller(self._http, self._tokens)
        """For calls of one's own, through the same gates and the same token."""
        self._desks: list[Desk] = []

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
        cut or open the local track. `instance` numbers the intents; a new one is drawn if None.
        """
        self._desks = [desk for desk in self._desks if not desk.ended]
        desk = Desk(
            self.caller,
            device_id=device_id,
            instance=instance or f"desk-{self._rng.getrandbits(64):016x}",
            muted=muted,
            microphone=microphone,
        )
        self._desks.append(desk)
        return desk

    @property
    def shown(self) -> Shown:
        """Is this person muted? Only when every device is whose desk has not ended."""
        return together(desk.shown for desk in self._desks if not desk.ended)

    async def set_mute(self, *, muted: bool, deadline_s: float | None = None) -> None:
        """Mute or unmute every device whose desk has not ended, and wait for all of them.

        To mute, every gate is cut in the loop's next turn, before any answer. Raises an
        `ExceptionGroup` of what `Desk.set_mute` raised, after all have come to an end.
        """
        desks = [desk for desk in self._desks if not desk.ended]
        outcomes = await asyncio.gather(
            *(desk.set_mute(muted=muted, deadline_s=deadline_s) for desk in desks),
            return_exceptions=True,
        )
        errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        if errors:
            word = "muted" if muted else "unmuted"
            raise ExceptionGroup(f"{len(errors)} of {len(desks)} devices were not {word}", errors)

    async def start(self) -> None:
        """Open the HTTP session. Tokens are fetched when first needed."""
        await self._http.open()

    async def login(self) -> None:
        """Fetch a token now. Raises `LoginRefusedError` or `UnreachableError`."""
        await self._tokens.current()

    async def close(self) -> None:
        """Close the desks that are still open, then the HTTP session."""
        try:
            for desk in self._desks:
                await desk.close()
        finally:
            self._tokens.close()
            await self._http.close()

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
