"""The mock for synchronous code: a server on a thread and a loop of its own.

All state lives on that thread. The handle passes calls over and returns immutable snapshots,
so it may be used from any thread but the server's own.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from msgspec import UNSET

from offhook.adapters.clock import Clock
from offhook.adapters.loop import loop_factory
from offhook.api.definition import ApiDefinition
from offhook.api.operation import Dialect
from offhook.domain.inputs import Input
from offhook.domain.views import DeviceView
from offhook.faults.rule import Rule, RuleSpec
from offhook.journal import Entry
from offhook.server import DIALECTS, LOOPBACK, MockServer
from offhook.settings import DEFAULT, OrgSettings
from offhook.stubs import StubHandle
from offhook.unmodelled import Asked

R = TypeVar("R")
T = TypeVar("T")

_CALL_S = 30.0
"""How long a call may take before it counts as hung, in the wall's seconds."""


class ThreadedServer:
    """A `MockServer` on its own thread, under the same names. A context manager.

    The arguments are those of `MockServer`, and `speed`, by which its clock runs faster than
    the wall's: only for clients whose own clock runs as fast. A clock must not be bound to
    another loop; a `ManualClock` is bound to none.
    """

    def __init__(
        self,
        settings: OrgSettings = DEFAULT,
        *,
        seed: int | None = None,
        clock: Clock | None = None,
        host: str = LOOPBACK,
        port: int = 0,
        dialects: frozenset[Dialect] = DIALECTS,
        control_key: str | None = None,
        api_definition: ApiDefinition | Path | str | None = None,
        speed: float = 1.0,
    ) -> None:
        self._factory = loop_factory(speed)
        self._make = partial(
            MockServer,
            settings,
            seed=seed,
            clock=clock,
            host=host,
            port=port,
            dialects=dialects,
            control_key=control_key,
            api_definition=api_definition,
        )
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: MockServer | None = None
        self._failure: BaseException | None = None
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

    def start(self) -> None:
        """Start the thread; return once the server listens. Raises as `MockServer.start`."""
        assert self._thread is None, "a server is started once"
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="offhook", daemon=True
        )
        self._thread.start()
        if not ready.wait(_CALL_S):
            raise TimeoutError(f"The server did not start within {_CALL_S:g} s.")
        if self._failure is not None:
            self._thread.join(_CALL_S)
            raise self._failure

    def stop(self) -> None:
        """Stop the server and its thread. Twice is once."""
        thread, loop, leave = self._thread, self._loop, self._leave
        if thread is None or loop is None or leave is None or not thread.is_alive():
            return
        loop.call_soon_threadsafe(leave.set)
        thread.join(_CALL_S)
        if thread.is_alive():
            raise TimeoutError(f"The server did not stop within {_CALL_S:g} s.")

    @property
    def url(self) -> str:
        """`http://host:port`, without a slash at the end."""
        return self._running.url

    @property
    def control_url(self) -> str:
        """Where the control API begins."""
        return self._running.control_url

    @property
    def seed(self) -> int:
        """What the server's ids and secrets are drawn from."""
        return self._running.seed

    @property
    def control_key(self) -> str | None:
        """What control requests must send as `Offhook-Key`; None when they need nothing."""
        return self._running.control_key

    @property
    def errors(self) -> tuple[Entry, ...]:
        """What broke inside the mock itself."""
        return self._call(lambda server: server.errors)

    def token(
        self,
        user: str | None = None,
        *,
        scopes: frozenset[str] | None = None,
        ttl_s: float | None = None,
    ) -> str:
        """Mint an access token and return its secret, as `MockServer.token`."""
        return self._call(lambda server: server.token(user, scopes=scopes, ttl_s=ttl_s))

    def receive(self, item: Input[R]) -> R:
        """Let something happen now, through the org's door. Raises `DomainError`."""
        return self._call(lambda server: server.receive(item))

    def advance(self, seconds: float) -> None:
        """Move the org's clock, as `MockServer.advance`."""
        self._wait_for(self._running.advance(seconds))

    def state(self) -> dict[str, object]:
        """The whole org as JSON-able values, public ids only."""
        return self._call(MockServer.state)

    def devices(self) -> tuple[DeviceView, ...]:
        """All devices as they are now."""
        return self._call(lambda server: server.org.devices())

    def journal(
        self, *, kind: str | None = None, operation: str | None = None, after: int = 0
    ) -> tuple[Entry, ...]:
        """What the server saw, oldest first, by the filters of `Journal.entries`."""
        return self._call(
            lambda server: server.org.journal.entries(kind=kind, operation=operation, after=after)
        )

    def add_fault(self, spec: RuleSpec) -> Rule:
        """Put a fault rule behind those that are there."""
        return self._call(lambda server: server.faults.add(spec, id=server.org.entropy.id("fault")))

    def remove_fault(self, rule_id: str) -> bool:
        """Forget a rule, and say whether there was one."""
        return self._call(lambda server: server.faults.remove(rule_id))

    def faults(self) -> tuple[Rule, ...]:
        """All fault rules as they stand."""
        return self._call(lambda server: server.faults.rules())

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
        handle = self._call(
            lambda server: server.stub(
                request, json=json, status=status, body=body, headers=headers, override=override
            )
        )
        return StubHandle(
            handle.placed,
            uses=lambda stub_id: self._call(lambda server: server.tenancy.stubs.uses(stub_id)),
            remove=lambda stub_id: self._call(lambda server: server.tenancy.stubs.remove(stub_id)),
        )

    @property
    def unmodelled(self) -> tuple[Asked, ...]:
        """What was asked for and is not modelled, with the stubs for it; a reset keeps it."""
        return self._call(lambda server: server.unmodelled)

    def reset(self) -> None:
        """The org as it was at start, the same seed; sockets are closed with 1012."""
        self._call(MockServer.reset)

    @property
    def _running(self) -> MockServer:
        if self._server is None:
            raise RuntimeError("The server does not run: use it inside `with`, or call start().")
        return self._server

    def _call(self, ask: Callable[[MockServer], T]) -> T:
        server = self._running

        async def asked() -> T:
            return ask(server)

        return self._wait_for(asked())

    def _wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        assert self._loop is not None, "a running server has a loop"
        if threading.current_thread() is self._thread:
            work.close()
            raise RuntimeError("Called on the server's own thread, which would wait for itself.")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(_CALL_S)
        except TimeoutError:
            future.cancel()
            raise

    def _run(self, ready: threading.Event) -> None:
        try:
            with asyncio.Runner(loop_factory=self._factory) as runner:
                runner.run(self._serve(ready))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that started us.
            self._failure = error
        finally:
            self._server = None
            ready.set()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._leave = asyncio.Event()
        async with self._make() as server:
            self._server = server
            ready.set()
            await self._leave.wait()


serve = ThreadedServer
"""`with offhook.serve() as server: …` reads as what it does."""
