"""When the calls of a user are read: whenever there is reason to doubt, and now and then."""

import asyncio
from collections.abc import Callable, Collection, Mapping

from offhook_client.platform import reading
from offhook_client.platform.call import LiveCall
from offhook_client.platform.models import Leg
from offhook_client.platform.pace import Pace
from offhook_client.platform.user import User
from offhook_client.retry import backoff
from offhook_client.tasks import Tasks

SUBJECT = "calls"


class Reader:
    """At most one read at a time; a new reason to doubt abandons the one that is under way.

    `take` is given what was read, calls by conversation id. `calls` tells what is followed.
    """

    def __init__(
        self,
        user: User,
        pace: Pace,
        tasks: Tasks,
        *,
        calls: Callable[[], Collection[LiveCall]],
        take: Callable[[Mapping[str, Leg]], None],
    ) -> None:
        self._user = user
        self._http = user.http
        self._pace = pace
        self._tasks = tasks
        self._calls = calls
        self._take = take
        self.due = False
        """A read is due for the sake of all calls, those that nobody knows yet included."""
        self._asks = 0
        self._begun = 0
        """The ask that the latest read answers."""
        self._nudge = asyncio.Event()
        self._audit: asyncio.TimerHandle | None = None

    def ask(self, reason: str, *, due: bool = False) -> None:
        """What was read until now is in doubt. `start` begins the read."""
        self._http.note(SUBJECT, "resync", reason)
        self._asks += 1
        self.due = self.due or due

    def start(self) -> None:
        """Begin, if somebody asked since the last beginning."""
        wanted = self.due or any(call.state.asking for call in self._calls())
        if wanted and self._begun != self._asks:
            self._begun = self._asks
            self._tasks.run("read", self._read)

    def nudge(self) -> None:
        """Something happened: whoever waits to read again need wait no longer."""
        self._nudge.set()

    def drop(self) -> None:
        """What is being read would be of no use: stop, until somebody asks anew."""
        self.due = False
        self._tasks.cancel("read")
        if self._audit is not None:
            self._audit.cancel()

    async def _read(self) -> None:
        """Read until nothing contradicts what was answered 202, or patience ends."""
        attempt = 0
        while True:
            self._nudge.clear()
            legs = await self._user.legs()
            left_s = self._patience_s(legs)
            if left_s <= 0.0 and not self._is_overtaken(legs):
                break
            attempt += 1
            base_s = self._http.options.backoff_base_s
            wait_s = backoff(attempt, self._http.rng, base_s=base_s, cap_s=max(0.0, left_s))
            self._http.note(SUBJECT, "read again", "202 not seen yet", wait_s=wait_s)
            await self._wait(wait_s)
        self.due = False
        self._arm()
        self._take(legs)

    def _patience_s(self, legs: Mapping[str, Leg]) -> float:
        """How long what contradicts a 202 may still be for want of being applied."""
        until = [
            call.accepted_at + self._pace.patience_s
            for call in self._early(legs)
            if call.accepted_at is not None
        ]
        return max(until, default=0.0) - self._http.now()

    def _is_overtaken(self, legs: Mapping[str, Leg]) -> bool:
        """What contradicts a 202 was perhaps read before what has come meanwhile."""
        return self._nudge.is_set() and bool(self._early(legs))

    def _early(self, legs: Mapping[str, Leg]) -> list[LiveCall]:
        return [
            call
            for call in self._calls()
            if call.id in legs and reading.is_early(call.state, legs[call.id])
        ]

    async def _wait(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                await self._nudge.wait()
        except TimeoutError:
            return

    def _arm(self) -> None:
        if self._audit is not None:
            self._audit.cancel()
        loop = asyncio.get_running_loop()
        self._audit = loop.call_later(self._pace.audit_s, self._look_again)

    def _look_again(self) -> None:
        self.ask("audit", due=True)
        self.start()
