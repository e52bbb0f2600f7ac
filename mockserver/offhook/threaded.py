"""The mock for synchronous code: a server on a thread and a loop of its own.

All state lives on that thread. The handle passes calls over and returns immutable snapshots,
so it may be used from any thread but the server's own.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from msgspec import UNSET

from offhook.adapters.clock import Clock
from offhook.api.definition import ApiDefinition
from offhook.api.operation import Dialect
from offhook.domain.inputs import Input
from offhook.domain.views import DeviceView
from offhook.faults.rule import Rule, RuleSpec
from offhook.journal import Entry
from offhook.server import DIALECTS, LOOPBACK, MockServer
from offhook.server_thread import ServerThread
from offhook.settings import DEFAULT, OrgSettings
from offhook.stubs import StubHandle
from offhook.unmodelled import Asked

R = TypeVar("R")
T = TypeVar("T")


class ThreadedServer:
    """A `MockServer` on a thread, under the same names. A context manager.

    The arguments are those of `MockServer`, and `speed`, by which its clock runs faster than
    the wall's: only for clients whose own clock runs as fast. A clock must not be bound to
    another loop; a `ManualClock` is bound to none. Several servers may share one `thread`,
    which is then the caller's to start and to stop, and whose speed counts.
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
        state: Path | str | None = None,
        trace: Path | str | None = None,
        speed: float = 1.0,
        thread: ServerThread | None = None,
    ) -> None:
        assert thread is None or speed == 1, "the speed is the thread's"
        self._owns_thread = thread is None
        self._thread = ServerThread(speed=speed) if thread is None else thread
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
            state=state,
            trace=trace,
        )
        self._server: MockServer | None = None

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
        """Start the server; return once it listens. Raises as `MockServer.start`."""
        assert self._server is None, "a server is started once"
        if self._owns_thread:
            self._thread.start()
        try:
            self._server = self._thread.run(self._open())
        except BaseException:
            if self._owns_thread:
                self._thread.stop()
            raise

    def stop(self) -> None:
        """Stop the server, and its thread if it has one of its own. Twice is once."""
        if self._server is not None:
            self.end(lambda _: None)

    def end(self, question: Callable[[MockServer], T]) -> T:
        """Stop, with a last question asked before: one trip to the server's thread for both.

        Stops also when the question raises.
        """
        server, self._server = self._running, None

        async def last() -> T:
            try:
                return question(server)
            finally:
                await server.stop()

        try:
            return self._thread.run(last())
        finally:
            if self._owns_thread:
                self._thread.stop()

    async def _open(self) -> MockServer:
        server = self._make()
        await server.start()
        return server

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
        return self.ask(lambda server: server.errors)

    def token(
        self,
        user: str | None = None,
        *,
        scopes: frozenset[str] | None = None,
        ttl_s: float | None = None,
    ) -> str:
        """Mint an access token and return its secret, as `MockServer.token`."""
        return self.ask(lambda server: server.token(user, scopes=scopes, ttl_s=ttl_s))

    def receive(self, item: Input[R]) -> R:
        """Let something happen now, through the org's door. Raises `DomainError`."""
        return self.ask(lambda server: server.receive(item))

    def advance(self, seconds: float) -> None:
        """Move the org's clock, as `MockServer.advance`."""
        self._thread.run(self._running.advance(seconds))

    def state(self) -> dict[str, object]:
        """The whole org as JSON-able values, public ids only."""
        return self.ask(MockServer.state)

    def devices(self) -> tuple[DeviceView, ...]:
        """All devices as they are now."""
        return self.ask(lambda server: server.org.devices())

    def journal(
        self, *, kind: str | None = None, operation: str | None = None, after: int = 0
    ) -> tuple[Entry, ...]:
        """What the server saw, oldest first, by the filters of `Journal.entries`."""
        return self.ask(
            lambda server: server.org.journal.entries(kind=kind, operation=operation, after=after)
        )

    def add_fault(self, spec: RuleSpec) -> Rule:
        """Put a fault rule behind those that are there, as `Tenancy.add_fault`."""
        return self.ask(lambda server: server.tenancy.add_fault(spec))

    def remove_fault(self, rule_id: str) -> bool:
        """Forget a rule, and say whether there was one."""
        return self.ask(lambda server: server.faults.remove(rule_id))

    def faults(self) -> tuple[Rule, ...]:
        """All fault rules as they stand."""
        return self.ask(lambda server: server.faults.rules())

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
        handle = self.ask(
            lambda server: server.stub(
                request, json=json, status=status, body=body, headers=headers, override=override
            )
        )
        return StubHandle(
            handle.placed,
            uses=lambda stub_id: self.ask(lambda server: server.tenancy.stubs.uses(stub_id)),
            remove=lambda stub_id: self.ask(lambda server: server.tenancy.stubs.remove(stub_id)),
        )

    @property
    def unmodelled(self) -> tuple[Asked, ...]:
        """What was asked for and is not modelled, with the stubs for it; a reset keeps it."""
        return self.ask(lambda server: server.unmodelled)

    def reset(self) -> None:
        """The org as it was at start, the same seed; sockets are closed with 1012."""
        self.ask(MockServer.reset)

    @property
    def _running(self) -> MockServer:
        if self._server is None:
            raise RuntimeError("The server does not run: use it inside `with`, or call start().")
        return self._server

    def ask(self, question: Callable[[MockServer], T]) -> T:
        """Call it with the server, on the server's thread, and return what it returns.

        What it returns must be a value: nothing that changes with the server.
        """
        server = self._running
        return self._thread.call(lambda: question(server))


serve = ThreadedServer
"""`with offhook.serve() as server: …` reads as what it does."""
