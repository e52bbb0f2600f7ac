"""Every clock and every source of chance that asyncio, aiohttp and `websockets` use, seeded.

A table, so that a test can walk it: one row per source, and one test per row that fails when
a library moves it. The rows are patched where the libraries look them up, while a simulation
runs, for the thread that simulates; other threads see the real ones. Only the module `random`
has one state for all threads: nobody else should draw from it meanwhile.

Not reached: what asks the machine itself, as `datetime.now()`, `time.gmtime()` without a time,
`uuid.uuid1()` and `os.getrandom()` do; what a module has imported by its name before, as by `from
time import monotonic`; and OpenSSL.
"""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, cast

import aiohttp.connector
import msgspec
from aiohttp._websocket.writer import WebSocketWriter
from aiohttp.resolver import ThreadedResolver

from offhook_scenarios.sim.seeds import Seeds

EPOCH = 1_767_225_600.0
"""What the wall shows when the simulation begins: 2026-01-01T00:00:00Z."""
_NANO = 1_000_000_000


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows are replaced by."""

    now: Callable[[], float]
    """The loop's clock."""
    wall: Callable[[], float]
    """Seconds since the Unix epoch."""
    chance: random.Random
    """For whoever asks the system for randomness."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute that is replaced. `make` gets the sources and the original."""

    place: Any
    name: str
    make: Callable[[Sources, Any], Any]
    why: str
    shared: bool = False
    """Whether other threads see it too."""

    @property
    def id(self) -> str:
        """`module.attribute`."""
        module = getattr(self.place, "__module__", None)
        inside = f"{module}.{self.place.__qualname__}" if module else self.place.__name__
        return f"{inside}.{self.name}"


def _bytes(sources: Sources, _original: Any) -> Callable[[int], bytes]:
    return sources.chance.randbytes


def _seed(sources: Sources, original: Any) -> Any:
    thread = threading.get_ident()

    def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
        if a is None and threading.get_ident() == thread:
            a = sources.chance.getrandbits(128)
        original(self, a, version)

    return seed


TABLE: tuple[Row, ...] = (
    Row(
        place=time,
        name="time",
        make=lambda s, _: s.wall,
        why="aiohttp's Date header, cookies and access log; log records",
    ),
    Row(
        place=time,
        name="time_ns",
        make=lambda s, _: lambda: int(s.wall() * _NANO),
        why="log records from Python 3.13 on",
    ),
    Row(place=time, name="monotonic", make=lambda s, _: s.now, why="any client"),
    Row(
        place=time,
        name="monotonic_ns",
        make=lambda s, _: lambda: int(s.now() * _NANO),
        why="any client",
    ),
    Row(place=time, name="perf_counter", make=lambda s, _: s.now, why="any client"),
    Row(
        place=time,
        name="perf_counter_ns",
        make=lambda s, _: lambda: int(s.now() * _NANO),
        why="any client",
    ),
    Row(
        place=aiohttp.connector,
        name="monotonic",
        make=lambda s, _: s.now,
        why="age of pooled connections and of the DNS cache; imported by name",
    ),
    Row(
        place=aiohttp.connector,
        name="DefaultResolver",
        make=lambda _s, _o: ThreadedResolver,
        why="with aiodns installed it would ask real name servers",
        shared=True,
    ),
    Row(
        place=os,
        name="urandom",
        make=_bytes,
        why="uuid4, the handshake key of aiohttp's WebSocket client",
    ),
    Row(
        place=random,
        name="_urandom",
        make=_bytes,
        why="secrets: the handshake key and the frame masks of websockets; SystemRandom",
    ),
    Row(
        place=random.Random,
        name="seed",
        make=_seed,
        why="generators made without a seed",
        shared=True,
    ),
)
"""What is replaced. Beside it the states of `GENERATORS` are."""

GENERATORS: dict[str, Callable[[], random.Random]] = {
    "random": lambda: random._inst,  # noqa: SLF001 - the one behind the module.
    "aiohttp": lambda: cast("dict[str, Any]", WebSocketWriter.__init__.__kwdefaults__)["random"],
}
"""Generators that exist already: behind the module `random` (ping payloads and reconnect jitter
of websockets, queues of waiters in aiohttp), and the default argument from which aiohttp's
WebSocket client draws its masks."""


class Entropy:
    """The streams of one simulation. They go on where they were from one `patched` to the next."""

    def __init__(
        self, seeds: Seeds, *, now: Callable[[], float], start: float, epoch: float = EPOCH
    ) -> None:
        self._sources = Sources(
            now=now, wall=lambda: epoch + (now() - start), chance=seeds.stream("system")
        )
        self._states = {name: seeds.stream(f"generator/{name}").getstate() for name in GENERATORS}

    @contextmanager
    def patched(self) -> Iterator[None]:
        """Everything in here is seeded; afterwards all is as it was."""
        thread = threading.get_ident()
        with ExitStack() as stack:
            for name, find in GENERATORS.items():
                stack.enter_context(self._in_state(name, find()))
            for row in TABLE:
                original = getattr(row.place, row.name)
                made = row.make(self._sources, original)
                if not row.shared:
                    made = _only_for(thread, made, original)
                setattr(row.place, row.name, made)
                stack.callback(setattr, row.place, row.name, original)
            yield

    @contextmanager
    def _in_state(self, name: str, generator: random.Random) -> Iterator[None]:
        before = generator.getstate()
        generator.setstate(self._states[name])
        try:
            yield
        finally:
            self._states[name] = generator.getstate()
            generator.setstate(before)


def _only_for(
    thread: int, made: Callable[..., Any], original: Callable[..., Any]
) -> Callable[..., Any]:
    def chosen(*arguments: Any) -> Any:
        return (made if threading.get_ident() == thread else original)(*arguments)

    return chosen
