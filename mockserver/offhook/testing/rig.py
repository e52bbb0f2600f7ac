"""All mocks of one test: made from its settings, stopped at its end, and asked what they saw."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol
from zlib import crc32

import msgspec

from offhook.adapters.clock import ManualClock
from offhook.config import load_config
from offhook.server import MockServer
from offhook.server_thread import ServerThread
from offhook.settings import DEFAULT, OrgSettings
from offhook.testing.ask import Ask
from offhook.testing.complaints import complaints
from offhook.testing.handle import AsyncOffhook, Handle, Offhook
from offhook.testing.traces import trace_of
from offhook.threaded import ThreadedServer


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How the mocks of a test are made, and what fails it."""

    settings: OrgSettings = DEFAULT
    seed: int = 0
    clock: str | float = "system"
    """`system`, `manual`, or where a manual clock stands, in seconds since the Unix epoch."""
    never_bit: bool = True
    """Whether a planned fault that never bit is an error."""
    unmodelled: bool = False
    """Whether a request that is not modelled is an error."""
    test: str = ""
    """The test's node id."""
    place: Callable[[], Path] | None = None
    """Finds a place for the trace of one more mock; None: nothing is written as it happens."""

    def new_trace(self) -> Path | None:
        """Where the trace of one mock is written while the test runs."""
        return None if self.place is None else self.place()

    def again(self) -> str:
        """The command that runs the test again as it ran now."""
        return f'pytest "{self.test}" --offhook-seed {self.seed}'

    def new_clock(self) -> ManualClock | None:
        """A clock for one mock; None for the loop's own. Raises `ValueError`."""
        match self.clock:
            case "system":
                return None
            case "manual":
                return ManualClock()
            case int() | float() as at:
                return ManualClock(at)
        raise ValueError(f"The clock is {self.clock!r}; it must be system, manual or a number.")


def settings_from(
    config: OrgSettings | Path | None, policies: Mapping[str, object] | None
) -> OrgSettings:
    """The org of a test: declared, or the first of a file, with policies changed.

    Raises `ConfigError`, and `DomainError` for a policy that cannot be.
    """
    settings = DEFAULT if config is None else config
    if isinstance(settings, Path):
        settings = load_config(settings).orgs[0]
    if policies:
        changed = settings.policies.changed(dict(policies))
        settings = msgspec.structs.replace(settings, policies=changed)
    return settings


def seed_of(test: str) -> int:
    """The seed of a test by its node id: the same in every run, and on every worker."""
    return crc32(test.encode())


class Mock(Protocol):
    """What the plugin asks of whatever mocks a test has, wherever they run."""

    plan: Plan

    @property
    def handles(self) -> tuple[Handle, ...]:
        """The handles that the test holds."""

    @property
    def unmodelled(self) -> Counter[str]:
        """What was asked for and is not modelled."""

    def story(self) -> str:
        """What the failure report shows."""

    def trace(self) -> bytes:
        """What the mocks saw."""

    def timeline(self) -> bytes:
        """What their clients showed, as a page; empty when nobody has said it."""


class Rig:
    """The mocks of one test on the worker's thread. `close` must be called at its end."""

    def __init__(self, plan: Plan, thread: ServerThread) -> None:
        self.plan = plan
        self._thread = thread
        self._servers: list[ThreadedServer] = []
        self._handles: list[Offhook] = []
        self.unmodelled: Counter[str] = Counter()
        """After `close`: what was asked for and is not modelled."""

    def make(self, settings: OrgSettings | None = None, *, seed: int | None = None) -> Offhook:
        """A mock of its own org and listener, stopped when the test ends.

        `settings` None: those of the test. `seed` None: the test's, one more for each mock, so
        that no token of one is good for another.
        """
        server = ThreadedServer(
            self.plan.settings if settings is None else settings,
            seed=self.plan.seed + len(self._servers) if seed is None else seed,
            clock=self.plan.new_clock(),
            trace=self.plan.new_trace(),
            thread=self._thread,
        )
        server.start()
        self._servers.append(server)
        handle = Offhook(server)
        self._handles.append(handle)
        return handle

    @property
    def handles(self) -> tuple[Handle, ...]:
        """The mocks, in the order in which they were made."""
        return tuple(self._handles)

    def close(self, *, failed: bool) -> list[str]:
        """Stop all, and say what the test is failed for.

        In a test that has `failed` already, faults that never bit are no news.
        """
        found: list[str] = []
        pairs = list(zip(self._servers, self._handles, strict=True))
        while pairs:
            server, handle = pairs.pop(0)
            try:
                found += last_words(server.end, handle, self.plan, self.unmodelled, failed=failed)
            except BaseException:
                for other, _ in pairs:
                    other.stop()
                raise
        return found

    def story(self) -> str:
        """What the failure report shows."""
        return "\n\n".join(told(handle, self.plan) for handle in self._handles)

    def trace(self) -> bytes:
        """What the mocks saw, one trace after the other."""
        return b"".join(traced(handle, self.plan) for handle in self._handles)

    def timeline(self) -> bytes:
        """What their clients showed, as a page; empty when nobody has said it."""
        return b"".join(handle.timeline(self.plan.test) for handle in self._handles)


class LoopMock:
    """A mock on the test's own loop: `async with offhook_async as offhook: …`, once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.handles: tuple[Handle, ...] = ()
        self.complaints: list[str] = []
        """After the block: what the test is failed for."""
        self.unmodelled: Counter[str] = Counter()
        """After the block: what was asked for and is not modelled."""
        self._server: MockServer | None = None
        self._story = ""
        self._trace = self._timeline = b""

    async def __aenter__(self) -> AsyncOffhook:
        assert not self.handles, "offhook_async is entered once; make_offhook makes several"
        plan = self.plan
        self._server = MockServer(
            plan.settings, seed=plan.seed, clock=plan.new_clock(), trace=plan.new_trace()
        )
        await self._server.start()
        handle = AsyncOffhook(self._server)
        self.handles = (handle,)
        return handle

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None, "what is left was entered"
        (handle,) = self.handles
        try:
            self._story = told(handle, self.plan)
            if error is not None:
                self._trace, self._timeline = (
                    traced(handle, self.plan),
                    handle.timeline(self.plan.test),
                )
            self.complaints = last_words(
                handle.ask, handle, self.plan, self.unmodelled, failed=error is not None
            )
        finally:
            await self._server.stop()

    if not TYPE_CHECKING:  # A type checker knows better that there is no such name.

        def __getattr__(self, name: str) -> None:
            """What is missing is looked for before the mock was entered, most of the time."""
            raise AttributeError(
                f"offhook_async has no {name} itself: enter it first, async with offhook_async as "
                "offhook."
            )

    def story(self) -> str:
        """What the failure report shows; empty before the end of the block."""
        return self._story

    def trace(self) -> bytes:
        """What the mock saw, when the block failed."""
        return self._trace

    def timeline(self) -> bytes:
        """What the client showed, when the block failed."""
        return self._timeline


def last_words(
    ask: Ask, handle: Handle, plan: Plan, unmodelled: Counter[str], *, failed: bool
) -> list[str]:
    """What a test is failed for by one mock; counts what is not modelled."""

    def words(server: MockServer) -> tuple[list[str], dict[str, int]]:
        found = complaints(
            server,
            handle.faults,
            never_bit=plan.never_bit and not failed,
            unmodelled=plan.unmodelled,
        )
        return list(found), {asked.request: asked.count for asked in server.unmodelled}

    found, counts = ask(words)
    unmodelled.update(counts)
    return found


def traced(handle: Handle, plan: Plan) -> bytes:
    """A mock's trace."""
    return handle.ask(lambda server: trace_of(server, test=plan.test))


def told(handle: Handle, plan: Plan) -> str:
    """A mock's part of the failure report."""
    return f"{handle.url}, seed {handle.seed}\nAgain: {plan.again()}\n{handle.story()}"
