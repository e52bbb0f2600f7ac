"""The users of one process: as many as are wanted, each a task."""

import asyncio
from typing import Self

from offhook_scenarios.backoff.policy import Policy
from offhook_scenarios.load.meter import Meter
from offhook_scenarios.load.user import User, open_session


class Crowd:
    """Keeps `count` users going. An async context manager, made on the loop.

    `first` is the number of its first user: users of all processes must differ.
    """

    def __init__(
        self,
        url: str,
        meter: Meter,
        policy: Policy,
        *,
        name: str,
        pause_s: float,
        seed: int,
        first: int = 0,
    ) -> None:
        self.failure: Exception | None = None
        """What kept a user from going on: a mock that is not there, a policy that breaks."""
        self._url = url
        self._meter = meter
        self._policy = policy
        self._name = name
        self._pause_s = pause_s
        self._seed = seed
        self._next = first
        self._users: list[tuple[User, asyncio.Task[None]]] = []

    async def __aenter__(self) -> Self:
        self._session = open_session(self._url)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.set_count(0)
        await self._session.close()

    @property
    def count(self) -> int:
        """How many users there are."""
        return len(self._users)

    async def set_count(self, count: int) -> None:
        """Have so many users. Those that go end their request first."""
        while len(self._users) < count:
            user = User(
                self._session,
                self._meter,
                self._policy,
                number=self._next,
                name=self._name,
                pause_s=self._pause_s,
                seed=self._seed,
            )
            self._next += 1
            self._users.append((user, asyncio.create_task(user.run())))
        going, self._users = self._users[count:], self._users[:count]
        for user, _ in going:
            user.stop()
        for result in await asyncio.gather(*(task for _, task in going), return_exceptions=True):
            if isinstance(result, Exception):
                self.failure = self.failure or result

    def look(self) -> None:
        """Raise what kept a user from going on, if anything did."""
        for _, task in self._users:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                raise error
        if self.failure is not None:
            raise self.failure
