"""An event loop without a machine under it: its clock jumps from timer to timer.

Waiting costs nothing and takes exactly as long as it should. The clock is *set* to the timer
that is due, never moved by a difference, so that no float drifts.

The turn of the loop is its own: without a selector, without debug mode, and with a heap of
tuples, which takes half as long as asyncio's. Private names of asyncio's base loop and handles
that it leans on, the same in Python 3.11, 3.12 and 3.13: `_run_once`, `_write_to_self`, `_ready`,
`_stopping`, `_asyncgens`, `_closed`, `_check_closed`, `_timer_handle_cancelled`; `_run` of handles,
and what `handles` names.
"""

import asyncio
import contextvars
import heapq
import itertools
import threading
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Protocol, TypeVar, TypeVarTuple, Unpack

from offhook_scenarios.sim.errors import (
    NOT_SIMULATED,
    DeadlockError,
    EscapeError,
    LivelockError,
    call_site,
)
from offhook_scenarios.sim.handles import SimHandle, SimTimer
from offhook_scenarios.sim.ready import Handles
from offhook_scenarios.sim.sleep import wake_all

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
_HELD_MIN = 64
"""So many tasks are held without asking which of them are done."""
_CALLS_SHOWN = 4
_CANCELLED_KEPT = 100
"""Cancelled timers below this number are not worth looking for."""

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
        self._ready: Handles
        if ready is not None:
            self._ready = ready
        self._stopping: bool
        self._timers: list[tuple[float, int, SimTimer]] = []
        """A heap: what is due first, and of two at one time the one that was set first."""
        self._set = itertools.count()
        self._cancelled_timers = 0
        self._now = START
        self._still = 0
        self._turns_max, self._turns_still_max = turns_max, turns_still_max
        self._length_max_s = length_max_s
        self._end = START + length_max_s
        self._thread = threading.get_ident()
        self.turns = 0
        """Turns of the loop so far."""
        self.tasks_made = 0
        self._held: list[asyncio.Task[Any]] = []
        """The unfinished ones and some more: when garbage is collected must make no difference to
        a task that nobody else holds."""
        self._held_max = _HELD_MIN
        self.escape: EscapeError | None = None
        """The first thing that was refused: whoever caught it goes no further than this turn."""

    def time(self) -> float:
        """Seconds on the loop's clock, from `START`."""
        return self._now

    def refuse(self, what: str) -> EscapeError:
        """The error to raise where the program reaches for something real."""
        error = EscapeError(f"{what} {NOT_SIMULATED}; it was called at {call_site()}.")
        if self.escape is None:
            self.escape = error
        return error

    @property
    def is_idle(self) -> bool:
        """Whether a turn would find nothing to do, and no async generator is open."""
        due = bool(self._timers) and self._timers[0][0] <= self._now
        return not (self._ready or due or self._asyncgens)  # type: ignore[attr-defined]  # - typeshed leaves it out.

    def begin_anew(self) -> None:
        """Forget what was refused and spent, so that what is unfinished can still be ended."""
        wake_all(self)
        self.escape = None
        self.turns = self._still = 0
        self._end = self._now + self._length_max_s

    # The turn.

    def _run_once(self) -> None:
        """One turn: what is ready runs; when nothing is, the clock jumps to the next timer."""
        ready, timers = self._ready, self._timers
        while timers and timers[0][2]._cancelled:  # noqa: SLF001 - asyncio's own are private.
            heapq.heappop(timers)[2]._scheduled = False  # noqa: SLF001 - as above.
            self._cancelled_timers -= 1
        self._turn()
        now = self._now
        while timers and timers[0][0] <= now:
            timer = heapq.heappop(timers)[2]
            timer._scheduled = False  # noqa: SLF001 - as above.
            ready.append(timer)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:  # noqa: SLF001 - as above.
                handle._run()  # noqa: SLF001 - as above.

    def _turn(self) -> None:
        self.turns += 1
        self._still += 1
        if self.escape is not None:
            raise self.escape
        if not self._ready and not self._stopping:
            if not self._timers:
                raise DeadlockError(
                    f"Nothing will ever happen again after {self._now:.6f} s: nothing is ready and "
                    f"no timer is set. Waiting:\n{self._waiting()}"
                )
            due = self._timers[0][0]
            if due > self._now:
                self._now, self._still = due, 0
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
        lines = [f"  {task.get_name()} {where(task)}" for task in tasks[:_WAITING_SHOWN]]
        if len(tasks) > _WAITING_SHOWN:
            lines.append(f"  and {len(tasks) - _WAITING_SHOWN} more")
        return "\n".join(lines) or "  no task"

    def unfinished(self) -> "list[asyncio.Task[Any]]":
        """The tasks that are not done, in the order in which they were made."""
        return sorted(asyncio.all_tasks(self), key=_age)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        """As asyncio does. Timers for one time are met in the order in which they were set."""
        if self._closed:  # type: ignore[attr-defined]  # - typeshed leaves it out.
            self._check_closed()  # type: ignore[attr-defined]  # - as above.
        timer = SimTimer(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._set), timer))
        return timer

    def call_soon(
        self,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: contextvars.Context | None = None,
    ) -> asyncio.Handle:
        """As asyncio does."""
        if self._closed:  # type: ignore[attr-defined]  # - as above.
            self._check_closed()  # type: ignore[attr-defined]  # - as above.
        handle = SimHandle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers stay in the heap until they come up, or are most of it."""
        if handle._scheduled:  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio's own are private.
            self._cancelled_timers += 1
        if self._cancelled_timers > _CANCELLED_KEPT and 2 * self._cancelled_timers > len(
            self._timers
        ):
            # In place: a turn may be going over this very list.
            self._timers[:] = [row for row in self._timers if not row[2].cancelled()]
            heapq.heapify(self._timers)
            self._cancelled_timers = 0

    def let_go(self) -> None:
        """Hold no task that is done: what nobody took of it is told to the exception handler."""
        self._held = [each for each in self._held if not each.done()]

    def close(self) -> None:
        """As asyncio does."""
        super().close()
        self._timers.clear()
        self._held.clear()
        vars(self).pop("network", None)  # They would hold each other.

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""

    # What is simulated.

    def create_task(
        self, coro: Coro[T], *, name: object = None, context: Any = None
    ) -> asyncio.Task[T]:
        """As asyncio does, with a number, by which it is also called."""
        self.tasks_made += 1
        # asyncio's own names count the tasks of all loops that this process has had.
        name = f"Task-{self.tasks_made}" if name is None else name
        task = SimTask(coro, number=self.tasks_made, loop=self, name=name, context=context)
        self._held.append(task)
        if len(self._held) > self._held_max:
            self._held = [each for each in self._held if not each.done()]
            self._held_max = 2 * len(self._held) + _HELD_MIN
        return task

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


def where(task: "asyncio.Task[Any]") -> str:
    """Where a task waits: the last calls down to what it awaits."""
    calls: list[str] = []
    inner: Any = task.get_coro()
    while inner is not None:
        frame = next((f for name in _FRAMES if (f := getattr(inner, name, None))), None)
        if frame is not None:
            code = frame.f_code
            file = code.co_filename.rpartition("/")[2]
            calls.append(f"{code.co_qualname}, {file}:{frame.f_lineno}")
        inner = next((i for name in _AWAITED if (i := getattr(inner, name, None))), None)
    return "in " + " > ".join(calls[-_CALLS_SHOWN:]) if calls else "at an unknown place"


_FRAMES = ("cr_frame", "gi_frame", "ag_frame")
_AWAITED = ("cr_await", "gi_yieldfrom", "ag_await")
