"""The mock on the running loop: one org, its listener, its pump."""

import errno
import functools
import secrets
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import msgspec
from aiohttp import web
from msgspec import UNSET

from offhook.adapters.bounds import FIELD_BYTES, FIELDS, IDLE_TIMEOUT_S, LINE_BYTES
from offhook.adapters.clock import Clock, SystemClock
from offhook.adapters.definition_file import load_definition
from offhook.adapters.heads import Heads
from offhook.adapters.http import HttpShell, wire
from offhook.adapters.listener import Listener
from offhook.adapters.pump import Pump
from offhook.api.definition import ApiDefinition
from offhook.api.oauth import OPERATIONS as OAUTH
from offhook.api.operation import Dialect, Operation
from offhook.api.platform.operations import OPERATIONS as PLATFORM
from offhook.api.table import OperationTable
from offhook.api.tutorial import OPERATIONS as TUTORIAL
from offhook.control.operations import OPERATIONS as CONTROL
from offhook.domain.close_codes import RESTART
from offhook.domain.errors import OffhookError
from offhook.domain.frozen import FrozenError
from offhook.domain.inputs import DropSockets, Input
from offhook.domain.org import Org
from offhook.faults.book import FaultBook
from offhook.journal import Entry
from offhook.oauth.inputs import MintToken
from offhook.settings import DEFAULT, OrgSettings
from offhook.stubs import Stub, StubHandle
from offhook.tenancy import Tenancy
from offhook.unmodelled import Asked

if TYPE_CHECKING:  # Most servers keep neither, and SQLite takes a while to import.
    from offhook.adapters.state_file import StateFile
    from offhook.adapters.trace_file import TraceFile

R = TypeVar("R")

OPERATIONS: Sequence[Operation] = (*TUTORIAL, *PLATFORM, *OAUTH, *CONTROL)
DIALECTS = frozenset({Dialect.TUTORIAL, Dialect.PLATFORM})
LOOPBACK = "127.0.0.1"

_SHUTDOWN_S = 0.5
"""How long what is under way may take to end; aiohttp takes up to twice that."""
_SEEDS = 1 << 32
_CORRELATIONS_LOST = 1 << 32
"""Reads draw ids that no commit knows of; after a restart they are drawn from far beyond."""


class SurroundingsError(OffhookError):
    """What surrounds the mock does not let it start; a command ends with exit code 3."""


class PortInUseError(SurroundingsError):
    """Somebody else listens there already."""


class MockServer:
    """One org and its own listener. An async context manager; must be made on a running loop.

    `port` 0 takes a free one. `seed` None draws one; read it from `seed`. Without a `clock`
    time passes as on the loop. Bound beyond loopback, control needs `control_key`, which is
    drawn when None. `api_definition` is Swagger 2.0 or OpenAPI 3 as JSON, by which answers to
    what is neither modelled nor stubbed are shaped. A server is started and stopped once.
    `state` is a file in which tokens, devices and calls outlive the process; its seed counts.
    `trace` is a file to which the journal is appended as it grows, as JSON lines.

    Raises `ValueError` for an empty `control_key`, `StubError`, `DefinitionError`,
    `StateFileError` and `TraceFileError`.
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
    ) -> None:
        self.settings = settings
        self.seed = secrets.randbelow(_SEEDS) if seed is None else seed
        self.clock: Clock = SystemClock() if clock is None else clock
        self._state = None if state is None else self._open_state(Path(state), asked=seed)
        self.host = host
        self.port = port
        """The port listened on, once started."""
        if control_key is not None and not control_key.strip():
            raise ValueError("The control key is empty: anybody has that one. None draws one.")
        if control_key is None and not is_loopback(host):
            control_key = secrets.token_urlsafe(24)
        self.control_key = control_key
        """What control requests must send as `Offhook-Key`; None when they need nothing."""
        self.tenancy = Tenancy(
            settings,
            seed=self.seed,
            now=self.clock.now() if self._state is None else self._state.started_at,
            operations=OPERATIONS,
            dialects=dialects,
            clock=self.clock,
            control_key=control_key,
            definition=_definition(api_definition),
            table=_table(dialects),
        )
        if self._state is not None:
            self._come_back(self._state)
        self._trace = None if trace is None else self._open_trace(Path(trace))
        self._pump = Pump(self.tenancy, self.clock)
        self._shell = HttpShell(self.tenancy, self._pump)
        self._heads = Heads()
        self._runner: web.ServerRunner | None = None

    def _open_state(self, path: Path, *, asked: int | None) -> "StateFile":
        from offhook.adapters.state_file import StateFile, StateFileError  # noqa: PLC0415 - above.

        state = StateFile(path, self.settings, seed=self.seed, now=self.clock.now())
        self.seed = state.seed
        if asked is not None and self.seed != asked:
            state.close()
            raise StateFileError(
                f"The state file {path} has the seed {self.seed}, and {asked} is asked for: "
                "leave the seed out, or start with a new file."
            )
        return state

    def _open_trace(self, path: Path) -> "TraceFile":
        from offhook.adapters.trace_file import TraceFile, TraceFileError  # noqa: PLC0415 - above.

        try:
            trace = TraceFile(path, seed=self.seed)
        except TraceFileError:
            if self._state is not None:
                self._state.close()
            raise
        self.tenancy.follow(trace)
        return trace

    def _come_back(self, state: "StateFile") -> None:
        """Live through what was kept, and go on from there. Whoever was connected is not."""
        if not state.is_new:
            entries = list(state.entries())
            self._live_again(state, entries)
            self.clock.move_to(max([state.present, *(at for at, _, _ in entries[-1:])]))
        state.follow(self.tenancy)
        self.tenancy.keep(state)
        if not state.is_new:
            beyond = state.drawn.get("id:correlation", 0) + _CORRELATIONS_LOST
            self.org.entropy.go_on_from({"id:correlation": beyond})
            gone = DropSockets(device_id=None, code=RESTART)
            self.org.receive(gone, now=max(self.clock.now(), state.started_at))
            self.org.take_outbound()
            state.save()

    def _live_again(self, state: "StateFile", entries: list[tuple[float, str, bytes]]) -> None:
        from offhook.adapters.state_file import StateFileError  # noqa: PLC0415 - above.

        try:
            self.tenancy.live_again(entries, state.drawn)
            if state.is_kept:
                for kind, store in self.tenancy.durables().items():
                    store.restore(state.kept(kind))
        except (FrozenError, KeyError, msgspec.MsgspecError) as error:
            state.close()
            raise StateFileError(
                f"The state file {state.path} is damaged ({error}): delete it to begin anew, or "
                "name another file."
            ) from error

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """`http://host:port`, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def control_url(self) -> str:
        """Where the control API begins."""
        return f"{self.url}/_offhook/v1"

    @property
    def org(self) -> Org:
        """The org as it is now; a reset replaces it."""
        return self.tenancy.org

    @property
    def faults(self) -> FaultBook:
        """The fault rules; a reset replaces them."""
        return self.tenancy.faults

    @property
    def errors(self) -> tuple[Entry, ...]:
        """What broke inside the mock itself since it started or was reset."""
        return self.org.journal.entries(kind="error")

    async def start(self) -> None:
        """Listen. Raises `PortInUseError`, or `SurroundingsError` for an address not ours."""
        assert self._runner is None, "a server is started once"
        self._runner = web.ServerRunner(
            # A compressed body is the core's to refuse; it would reach it unpacked.
            Listener(
                self._shell.handle,
                refuse=self._shell.not_http,
                refuse_at_once=self._shell.refused_at_once,
                at_once=self._shell.at_once,
                heads=self._heads,
                max_line_size=LINE_BYTES,
                max_field_size=FIELD_BYTES,
                max_headers=FIELDS,
                keepalive_timeout=IDLE_TIMEOUT_S,
                access_log=None,
                logger=wire,
                auto_decompress=False,
            ),
            shutdown_timeout=_SHUTDOWN_S,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            self._let_go_of_files()
            raise _not_listening(self.host, self.port, error) from error
        self.port = self._runner.addresses[0][1]
        self._shell.url = self._heads.origin = self.url
        self._pump.flush()

    async def stop(self) -> None:
        """Close sockets with 1012, end what is under way, stop listening. Twice is once."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        self._pump.delivery.close_all(RESTART, "The server stops.", now=self._pump.now())
        self._pump.stop()
        await runner.cleanup()
        self._let_go_of_files()

    def _let_go_of_files(self) -> None:
        if self._state is not None:
            self._state.close()
        if self._trace is not None:
            self._trace.close()

    async def advance(self, seconds: float) -> None:
        """Move the org's clock, from 0 seconds.

        Every deadline on the way is met in order, and its frames are written to the
        transports before the next; peers may read them, and answer, later.
        """
        if seconds < 0:
            raise ValueError(f"Time cannot go back: advance({seconds:g}).")
        await self._pump.advance(seconds)

    def receive(self, item: Input[R]) -> R:
        """Let something happen now, through the org's door. Raises `DomainError`."""
        try:
            return self.org.receive(item, now=self._pump.now())
        finally:
            self._pump.flush()

    def on_change(self, observer: Callable[[], None]) -> None:
        """Call `observer` whenever the org may have changed; it must not change it, nor raise."""
        self._pump.observers.append(observer)

    def token(
        self,
        user: str | None = None,
        *,
        scopes: frozenset[str] | None = None,
        ttl_s: float | None = None,
    ) -> str:
        """Mint an access token and return its secret.

        `user` is an id, username or email; the default user when None. All scopes when None.
        """
        name = user or self.settings.default_user or self.settings.users[0].username
        return self.receive(MintToken(user=name, scopes=scopes, ttl_s=ttl_s)).secret

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
        """Let a fixed answer stand where the mock models nothing: `stub("GET /api/v2/…", json=…)`.

        `body` is a text instead of JSON. With `override` it also stands where something is
        modelled. Raises `StubError`, a `ValueError`, which says what would be right.
        """
        stub = Stub(
            request=request,
            json=json,
            status=status,
            body=UNSET if body is None else body,
            headers=headers or {},
            override=override,
        )
        placed = self.tenancy.add_stub(stub)
        return StubHandle(
            placed,
            uses=lambda stub_id: self.tenancy.stubs.uses(stub_id),  # noqa: PLW0108 - a reset replaces the book.
            remove=lambda stub_id: self.tenancy.stubs.remove(stub_id),  # noqa: PLW0108 - as above.
        )

    @property
    def unmodelled(self) -> tuple[Asked, ...]:
        """What was asked for and is not modelled, with the stubs for it; a reset keeps it."""
        return self.tenancy.unmodelled.asked()

    def state(self) -> dict[str, object]:
        """The whole org as JSON-able values, public ids only."""
        return self.org.state(now=self._pump.now())

    def reset(self) -> None:
        """The org as it was at start, the same seed; sockets are closed with 1012."""
        self.tenancy.reset(now=self._pump.now())
        self._pump.flush()

    def restart(self) -> None:
        """All state is lost, as in a crash: devices, calls, tokens. Sockets are closed with 1012.

        Unlike after `reset`, ids and epochs go on, and faults, stubs and the journal are kept.
        """
        self.tenancy.restart(now=self._pump.now())
        self._pump.flush()

    def lift_faults(self) -> None:
        """Forget all fault rules, and let go on at once what they still hold up or back."""
        self.faults.clear()
        self._pump.lift_faults()


def _definition(given: ApiDefinition | Path | str | None) -> ApiDefinition | None:
    return load_definition(Path(given)) if isinstance(given, Path | str) else given


@functools.cache
def _table(dialects: frozenset[Dialect]) -> OperationTable:
    """It never changes, and making it takes as long as a dozen requests."""
    return OperationTable(OPERATIONS, dialects)


@functools.cache
def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address. A name other than localhost may be any."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _not_listening(host: str, port: int, error: OSError) -> SurroundingsError:
    where = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(
            f"{where} is in use: stop what listens there, or choose another port (0 takes a free "
            "one)."
        )
    return SurroundingsError(f"Cannot listen on {where}: {error.strerror or error}.")
