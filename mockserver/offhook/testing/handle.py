"""The handle on one mock that a test holds: `Offhook` from any thread, `AsyncOffhook` on a loop."""

import asyncio
import inspect
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from msgspec import UNSET

from offhook.domain.inputs import Input
from offhook.domain.views import DeviceView
from offhook.journal import Entry
from offhook.server import MockServer
from offhook.stubs import StubHandle
from offhook.testing.ask import Ask
from offhook.testing.assertions import (
    check_called,
    check_muted,
    check_truthful,
    find_device,
)
from offhook.testing.durations import Duration, seconds_of
from offhook.testing.explain import story
from offhook.testing.faults import Faults
from offhook.testing.seen import SeenCall, SeenCalls, SeenEvent, calls_of, events_of
from offhook.testing.truth import Belief, BeliefSource, Witnesses, read_screen
from offhook.threaded import ThreadedServer
from offhook.unmodelled import Asked

R = TypeVar("R")
T = TypeVar("T")

_LOOK_S = 0.01
"""How often `eventually` looks, in the wall's seconds."""


def _checked(value: T) -> T:
    """What a check returned. Raises `TypeError` for one that has not looked at anything yet."""
    if inspect.iscoroutine(value):
        value.close()
        raise TypeError("eventually calls a plain function again and again, and not an async one.")
    return value


class Handle:
    """What both handles can do. Views are as they are now, and do not change later."""

    def __init__(self, ask: Ask, server: MockServer | ThreadedServer) -> None:
        self.ask = ask
        """Calls a question with the `MockServer`, where it runs: `ask(lambda server: …)`."""
        self._server = server
        self._witnesses = Witnesses()
        self.url = server.url
        """`http://host:port`, without a slash at the end."""
        self.control_url = server.control_url
        """Where the control API begins."""
        self.seed = server.seed
        """What ids and secrets are drawn from."""
        self.faults = Faults(ask)
        """`add(…)` plans a fault; the test fails when it never bit."""

    def token(
        self,
        user: str | None = None,
        *,
        scopes: Iterable[str] | None = None,
        ttl_s: float | None = None,
    ) -> str:
        """Mint an access token, as `MockServer.token`."""
        some = None if scopes is None else frozenset(scopes)
        return self._server.token(user, scopes=some, ttl_s=ttl_s)

    def receive(self, item: Input[R]) -> R:
        """Let something happen now, through the org's door. Raises `DomainError`."""
        return self._server.receive(item)

    def stub(
        self,
        request: str,
        *,
        json: Any = UNSET,
        status: int = 200,
        body: str | None = None,
        headers: dict[str, str] | None = None,
        override: bool = False,
    ) -> StubHandle:
        """Let a fixed answer stand where the mock models nothing, as `MockServer.stub`."""
        return self._server.stub(
            request, json=json, status=status, body=body, headers=headers, override=override
        )

    @property
    def calls(self) -> SeenCalls:
        """The requests that the mock answered, those by control left out."""
        return self.ask(calls_of)

    @property
    def events(self) -> tuple[SeenEvent, ...]:
        """The frames that the mock pushed."""
        return self.ask(events_of)

    @property
    def devices(self) -> tuple[DeviceView, ...]:
        """All devices."""
        return self.ask(lambda server: server.org.devices())

    def device(self, who: str | None = None) -> DeviceView:
        """A device by its id, or the newest of a user; the newest of all when None.

        Raises `LookupError`, which tells what there is and what the mock saw.
        """
        __tracebackhide__ = True
        return self._demand(lambda server: find_device(server, who))

    @property
    def unmodelled(self) -> tuple[Asked, ...]:
        """What was asked for and is not modelled, with the stubs for it."""
        return self._server.unmodelled

    @property
    def errors(self) -> tuple[Entry, ...]:
        """What broke inside the mock itself."""
        return self._server.errors

    def story(self) -> str:
        """What a person needs who reads a failed test: requests, refusals, devices, clock."""
        return self.ask(story)

    def assert_called(
        self, operation: str, *, status: int | None = None, times: int | None = None
    ) -> tuple[SeenCall, ...]:
        """The mock answered such a request: once or more, or exactly `times`. Returns them.

        `operation` is an operation's id, or `GET /a/path`.
        """
        __tracebackhide__ = True
        return self._demand(
            lambda server: check_called(server, operation, status=status, times=times)
        )

    def assert_muted(self, who: str | None = None) -> None:
        """On the server the device is muted; `who` as for `device`."""
        __tracebackhide__ = True
        self._demand(lambda server: check_muted(server, who, muted=True))

    def assert_live(self, who: str | None = None) -> None:
        """On the server the device is not muted; `who` as for `device`."""
        __tracebackhide__ = True
        self._demand(lambda server: check_muted(server, who, muted=False))

    def believes(self, shown: Belief, *, gate: str = "unknown", user: str | None = None) -> None:
        """The user's client shows this from now on; `assert_truthful` judges it.

        `gate` is the client's own switch between microphone and line: open, cut, or unknown.
        """
        __tracebackhide__ = True
        self._demand(lambda server: self._witnesses.tell(server, shown, gate=gate, user=user))

    def timeline(self, title: str = "Is the microphone off?", *, within: Duration = "2s") -> bytes:
        """What was believed beside what was so, as an HTML page; empty without a belief."""
        within_s = seconds_of(within)
        return self.ask(lambda _: self._witnesses.timeline(title, within_s))

    def _wrong_now(self, source: BeliefSource | None, user: str | None) -> bool:
        __tracebackhide__ = True
        if source is not None:
            self.believes(read_screen(source), user=user)
        return self._demand(lambda server: self._witnesses.wrong_now())  # noqa: ARG005 - asked where the server runs.

    def _demand(self, question: Callable[[MockServer], T]) -> T:
        """Ask, and let what is raised look as if it came from the test's own line."""
        __tracebackhide__ = True
        try:
            return self.ask(question)
        except (AssertionError, LookupError, ValueError) as error:
            raise error.with_traceback(None) from None


class ThreadedClock:
    """The org's clock, from another thread."""

    def __init__(self, server: ThreadedServer) -> None:
        self._server = server

    @property
    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return self._server.ask(lambda server: server.clock.now())

    def advance(self, duration: Duration) -> None:
        """Move it, meeting every deadline on the way: `advance("24h")`, `advance(0.5)`."""
        self._server.advance(seconds_of(duration))


class Offhook(Handle):
    """The handle on a mock that runs on another thread."""

    def __init__(self, server: ThreadedServer) -> None:
        super().__init__(server.ask, server)
        self._threaded = server
        self.clock = ThreadedClock(server)
        """`advance(…)` and `now`."""

    def eventually(
        self, check: Callable[..., T], *args: Any, within: Duration = "2s", **kwargs: Any
    ) -> T:
        """Call `check` until it raises no `AssertionError` or `LookupError`, and return its value.

        `within` is on the wall's clock. It blocks: in async tests use `AsyncOffhook`.
        """
        until = time.monotonic() + seconds_of(within)
        while True:
            try:
                return _checked(check(*args, **kwargs))
            except (AssertionError, LookupError):
                if time.monotonic() >= until:
                    raise
            time.sleep(_LOOK_S)

    def assert_truthful(
        self,
        source: BeliefSource | None = None,
        *,
        user: str | None = None,
        within: Duration = "2s",
    ) -> None:
        """The screen has told the truth about the microphone, but for `within` at a time.

        It is given `within`, on the wall's clock, to agree with the server now. `source` reads
        what the client shows; without it, what `believes` was told counts.
        """
        __tracebackhide__ = True
        within_s = seconds_of(within)
        until = time.monotonic() + within_s
        while self._wrong_now(source, user) and time.monotonic() < until:
            time.sleep(_LOOK_S)
        self._demand(lambda server: check_truthful(server, self._witnesses, within_s))


class LoopClock:
    """The org's clock, on the server's own loop."""

    def __init__(self, server: MockServer) -> None:
        self._server = server

    @property
    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return self._server.clock.now()

    async def advance(self, duration: Duration) -> None:
        """Move it as `ThreadedClock` does, to be awaited."""
        await self._server.advance(seconds_of(duration))


class AsyncOffhook(Handle):
    """The handle on a mock that runs on the test's own loop."""

    def __init__(self, server: MockServer) -> None:
        super().__init__(lambda question: question(server), server)
        self.clock = LoopClock(server)
        """`await advance(…)` and `now`."""

    async def eventually(
        self, check: Callable[..., T], *args: Any, within: Duration = "2s", **kwargs: Any
    ) -> T:
        """As `Offhook.eventually`; other tasks go on."""
        until = asyncio.get_running_loop().time() + seconds_of(within)
        while True:
            try:
                return _checked(check(*args, **kwargs))
            except (AssertionError, LookupError):
                if asyncio.get_running_loop().time() >= until:
                    raise
            await asyncio.sleep(_LOOK_S)

    async def assert_truthful(
        self,
        source: BeliefSource | None = None,
        *,
        user: str | None = None,
        within: Duration = "2s",
    ) -> None:
        """As `Offhook.assert_truthful`; other tasks go on."""
        __tracebackhide__ = True
        within_s = seconds_of(within)
        clock = asyncio.get_running_loop()
        until = clock.time() + within_s
        while self._wrong_now(source, user):
            if clock.time() >= until:
                break
            await asyncio.sleep(_LOOK_S)
        self._demand(lambda server: check_truthful(server, self._witnesses, within_s))
