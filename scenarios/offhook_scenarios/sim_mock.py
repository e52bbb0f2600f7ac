"""A mock in virtual time for one test: days pass in milliseconds, and each run is the same.

Used by name from the pytest plugin, as the fixture `offhook_sim`.
"""

import inspect
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from offhook.testing.handle import AsyncOffhook, Handle
from offhook.testing.rig import LoopMock, Plan
from offhook_scenarios.sim.ready import Order
from offhook_scenarios.sim.world import World

T = TypeVar("T")


class SimMock:
    """Runs coroutines of a test on a simulated loop, each with a mock and a network of its own."""

    def __init__(self, plan: Plan) -> None:
        """Raises `ValueError` for a clock other than `system`: the simulated loop is the clock."""
        if plan.clock != "system":
            raise ValueError(
                f"The clock is {plan.clock!r}; in virtual time it is system, and "
                "asyncio.sleep moves it."
            )
        self.plan = plan
        self._mocks: list[LoopMock] = []
        self._troubles: list[str] = []

    def run(
        self,
        session: Callable[[AsyncOffhook], Coroutine[Any, Any, T]],
        *,
        order: Order | str = Order.FIFO,
    ) -> T:
        """Run `session(offhook)` to its end, in virtual time, and return what it returns.

        Everything asyncio does in it is simulated, unmodified aiohttp and `websockets` too;
        waiting costs nothing. What reaches for something real, such as a thread, raises
        `EscapeError`; what waits for ever raises `DeadlockError`. `order` is that in which
        tasks run that are ready at the same instant: fifo, random or pct. Raises `TypeError`
        for a session that is no such function, `ValueError` for another order.
        """
        _check_session(session)
        if order not in [*Order]:
            raise ValueError(f"There is no order {order!r}; there are {', '.join(Order)}.")
        mock = LoopMock(self.plan)
        self._mocks.append(mock)

        async def main() -> T:
            async with mock as offhook:
                begun: object = session(offhook)
                if not inspect.isawaitable(begun):
                    raise TypeError(
                        f"The session returned {begun!r}, and nothing that can be awaited: write "
                        "async def session(offhook)."
                    )
                result: T = await begun
                return result

        with World(self.plan.seed, order=Order(order)) as world:
            result = world.run(main())
        self._troubles += world.troubles
        return result

    if not TYPE_CHECKING:  # A type checker knows better that there is no such name.

        def __getattr__(self, name: str) -> None:
            """What is missing is looked for outside of a session, most of the time."""
            raise AttributeError(
                f"offhook_sim has no {name} itself: it gives a mock to each session, as in "
                "offhook_sim.run(session) of an async def session(offhook)."
            )

    # What the plugin asks of every mock.

    @property
    def handles(self) -> tuple[Handle, ...]:
        """The mocks, in the order in which they were made."""
        return tuple(handle for mock in self._mocks for handle in mock.handles)

    @property
    def unmodelled(self) -> Counter[str]:
        """What was asked for and is not modelled."""
        return sum((mock.unmodelled for mock in self._mocks), Counter[str]())

    @property
    def complaints(self) -> list[str]:
        """What the test is failed for; exceptions that nobody took are among it."""
        return [
            *(text for mock in self._mocks for text in mock.complaints),
            *(f"asyncio complains: {trouble}" for trouble in self._troubles),
        ]

    def story(self) -> str:
        """What the failure report shows."""
        return "\n\n".join(text for mock in self._mocks if (text := mock.story()))

    def trace(self) -> bytes:
        """What the mocks saw, where a session failed."""
        return b"".join(mock.trace() for mock in self._mocks)

    def timeline(self) -> bytes:
        """What the clients showed, where a session failed."""
        return b"".join(mock.timeline() for mock in self._mocks)


def _check_session(session: object) -> None:
    """Told before anything runs: asyncio's own words would name neither `run` nor the session."""
    if inspect.iscoroutine(session):
        session.close()
        raise TypeError("run takes the session itself: write run(session), not run(session(…)).")
    if not callable(session):
        raise TypeError(f"run takes an async function of the mock's handle, and not {session!r}.")
    try:
        inspect.signature(session).bind(None)
    except TypeError:
        raise TypeError(
            "The session has to take one argument, the mock's handle: async def session(offhook)."
        ) from None
