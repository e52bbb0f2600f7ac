"""An event loop without a machine under it: its clock jumps from timer to timer.

Waiting costs nothing and takes exactly as long as it should. The clock is *set* to the timer
that is due, never moved by a difference, so that no float drifts. Private names of asyncio's
base loop that it leans on, the same in Python 3.11, 3.12 and 3.13: `_selector`,
`_process_events`, `_write_to_self`, `_ready`, `_scheduled`, `_clock_resolution`.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine, Generator, Sequence
from typing import Any, Protocol, TypeVar, TypeVarTuple, Unpack

from offhook_scenarios.sim.errors import DeadlockError, EscapeError, LivelockError, call_site
from offhook_scenarios.sim.ready import Handles

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")
Coro = Generator[Any, None, T] | Coroutine[Any, Any, T]

START = 1_000.0
"""What the clock shows at first. Zero would be taken for "never" here and there."""
TURNS_MAX = 10_000_000
TURNS_STILL_MAX = 100_000
"""Turns of the loop without the clock moving: nobody needs as many, except in a livelock."""
LENGTH_MAX_S = 10 * 86_400.0
_WAITING_SHOWN = 8

REFUSED = (
    "add_reader",
    "add_writer",
    "remove_reader",
    "remove_writer",
    "add_signal_handler",
    "remove_signal_handler",
    "connect_accepted_socket",
    "connect_read_pipe",
    "connect_write_pipe",
    "create_datagram_endpoint",
    "create_unix_connection",
    "create_unix_server",
    "run_in_executor",
    "sendfile",
    "sock_accept",
    "sock_recv",
    "sock_recv_into",
    "sock_recvfrom",
    "sock_recvfrom_into",
    "sock_sendall",
    "sock_sendfile",
    "sock_sendto",
    "start_tls",
    "subprocess_exec",
    "subprocess_shell",
)
"""What a loop can do elsewhere and must not do here."""


class Net(Protocol):
    """What the loop needs of a network; `offhook_scenarios.sim.net` is one."""

    async def connect(
        self, factory: Callable[[], asyncio.BaseProtocol], host: str, port: int
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """Dial, and hand the connection to a new protocol."""

    async def connect_socket(self, sock: object, host: str, port: int) -> None:
        """Dial for a socket that was made elsewhere."""

    def adopt(
        self, factory: Callable[[], asyncio.BaseProtocol], sock: object
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """Hand the connection of such a socket to a new protocol."""

    def listen(
        self, factory: Callable[[], asyncio.BaseProtocol], host: str | None, port: int
    ) -> asyncio.AbstractServer:
        """Listen on the host where the caller lives."""

    def resolve(self, host: str | None, port: int | str | None) -> list[tuple[Any, ...]]:
        """As `socket.getaddrinfo` answers."""


class SimTask(asyncio.Task[T]):
    """A task whose hash is its number, so that sets of tasks have the same order in each run."""

    def __init__(
        self, coro: Coro[T], *, number: int, loop: "SimLoop", name: Any, context: Any
    ) -> None:
        # First: asyncio puts the task into a set before its `__init__` is over.
        self.number = number
        super().__init__(coro, loop=loop, name=name, context=context)

    def __hash__(self) -> int:
        return self.number


class _Jump:
    """Stands where the base loop expects a selector: it moves the clock instead of waiting."""

    def __init__(self, turn: Callable[[float | None], None]) -> None:
        self._turn = turn

    def select(self, timeout: float | None) -> tuple[()]:
        """Wait `timeout` seconds (0: there is work; None: there is nothing to wait for)."""
        self._turn(timeout)
        return ()


class SimLoop(asyncio.BaseEventLoop):
    """The simulated loop. `network` must be set before anybody connects or listens."""

    network: Net

    def __init__(
        self,
        *,
        ready: Handles | None = None,
        turns_max: int = TURNS_MAX,
        turns_still_max: int = TURNS_STILL_MAX,
        length_max_s: float = LENGTH_MAX_S,
    ) -> None:
        super().__init__()
        self._selector = _Jump(self._turn)
        self._clock_resolution = 1e-9
        self._ready: Handles
        self._scheduled: list[asyncio.TimerHandle]
        if ready is not None:
            self._ready = ready
        self._now = START
        self._still = 0
        self._turns_max, self._turns_still_max = turns_max, turns_still_max
        self._end = START + length_max_s
        self._thread = threading.get_ident()
        self.turns = 0
        """Turns of the loop so far."""
        self.tasks_made = 0
        self.escape: EscapeError | None = None
        """The first thing that was refused: whoever caught it goes no further than this turn."""

    def time(self) -> float:
        """Seconds on the loop's clock, from `START`."""
        return self._now

    def refuse(self, what: str) -> EscapeError:
        """The error to raise where the program reaches for something real."""
        error = EscapeError(f"{what} is not simulated; it was called at {call_site()}.")
        if self.escape is None:
            self.escape = error
        return error

    def begin_anew(self) -> None:
        """Forget what was refused and spent, so that what is unfinished can still be ended."""
        self.escape = None
        self.turns = self._still = 0

    # The turn.

    def _turn(self, timeout: float | None) -> None:
        self.turns += 1
        self._still += 1
        if self.escape is not None:
            raise self.escape
        if timeout is None:
            raise DeadlockError(
                f"Nothing will ever happen again after {self._now:.6f} s: nothing is ready and no "
                f"timer is set. Waiting:\n{self._waiting()}"
            )
        if timeout > 0:
            self._now = self._scheduled[0].when()
            self._still = 0
        if self.turns > self._turns_max or self._still > self._turns_still_max:
            raise LivelockError(
                f"{self.turns} turns of the loop, {self._still} of them at {self._now:.6f} s: "
                f"something runs in a circle. Unfinished:\n{self._waiting()}"
            )
        if self._now > self._end:
            raise LivelockError(
                f"The program is not over at {self._now:.6f} s, the end of its virtual time. "
                f"Unfinished:\n{self._waiting()}"
            )

    def _waiting(self) -> str:
        tasks = self.unfinished()
        lines = [f"  {task.get_name()} {_where(task)}" for task in tasks[:_WAITING_SHOWN]]
        if len(tasks) > _WAITING_SHOWN:
            lines.append(f"  and {len(tasks) - _WAITING_SHOWN} more")
        return "\n".join(lines) or "  no task"

    def unfinished(self) -> "list[asyncio.Task[Any]]":
        """The tasks that are not done, in the order in which they were made."""
        return sorted(asyncio.all_tasks(self), key=_age)

    def _process_events(self, event_list: Sequence[object]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""

    # What is simulated.

    def create_task(
        self, coro: Coro[T], *, name: object = None, context: Any = None
    ) -> asyncio.Task[T]:
        """As asyncio does, with a number."""
        self.tasks_made += 1
        return SimTask(coro, number=self.tasks_made, loop=self, name=name, context=context)

    def call_soon_threadsafe(
        self,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: contextvars.Context | None = None,
    ) -> asyncio.Handle:
        """The same as `call_soon`; from another thread it is an escape."""
        if threading.get_ident() != self._thread:
            raise self.refuse("call_soon_threadsafe from another thread")
        return self.call_soon(callback, *args, context=context)

    async def create_connection(
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: str | None = None,
        port: int | None = None,
        **options: Any,
    ) -> Any:
        """Over the simulated network, without TLS. Raises `OSError` as a real one does."""
        if options.get("ssl"):
            raise self.refuse("TLS (use http: and ws:)")
        if (sock := options.get("sock")) is not None:
            return self.network.adopt(protocol_factory, sock)
        if host is None or port is None:
            raise ValueError("host and port was not specified and no sock specified")
        return await self.network.connect(protocol_factory, host, port)

    async def create_server(
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: Any = None,
        port: int | None = None,
        **options: Any,
    ) -> Any:
        """On the simulated network: one address, without TLS."""
        if options.get("ssl"):
            raise self.refuse("TLS (use http: and ws:)")
        if options.get("sock") is not None:
            raise self.refuse("a server on a socket made elsewhere")
        return self.network.listen(protocol_factory, host, port or 0)

    async def sock_connect(self, sock: Any, address: Any) -> None:
        """For whoever makes sockets itself, as aiohttp does: the socket stays unconnected."""
        await self.network.connect_socket(sock, address[0], address[1])

    async def getaddrinfo(self, host: Any, port: Any, **_options: Any) -> list[Any]:
        """From the network's own table. Raises `socket.gaierror` for an unknown name."""
        return self.network.resolve(host, port)


def _refusing(name: str) -> Callable[..., Any]:
    def method(self: SimLoop, *_args: object, **_options: object) -> Any:
        raise self.refuse(f"loop.{name}")

    method.__name__ = name
    method.__doc__ = "Not simulated: raises `EscapeError`."
    return method


for _name in REFUSED:
    setattr(SimLoop, _name, _refusing(_name))


def _age(task: "asyncio.Task[Any]") -> tuple[int, int, str]:
    """Sorts tasks as they were made. Those that a library made past the loop have no number."""
    name = task.get_name()
    return getattr(task, "number", 1 << 62), len(name), name


def _where(task: "asyncio.Task[Any]") -> str:
    stack = task.get_stack(limit=1)
    if not stack:
        return "at an unknown place"
    code = stack[-1].f_code
    return f"in {code.co_qualname}, {code.co_filename.rpartition('/')[2]}:{stack[-1].f_lineno}"
