"""Doors out of the simulation that are not the loop's: each is shut while a simulation runs.

Only for the thread that simulates: a progress bar or a test runner beside it is left alone.
"""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from offhook_scenarios.sim.errors import EscapeError

DOORS: tuple[tuple[Any, str], ...] = (
    (os, "fork"),
    (os, "posix_spawn"),
    (os, "system"),
    (signal, "signal"),
    (socket, "getaddrinfo"),
    (socket, "gethostbyname"),
    (socket.socket, "bind"),
    (socket.socket, "connect"),
    (socket.socket, "connect_ex"),
    (socket.socket, "listen"),
    (socket.socket, "sendto"),
    (subprocess.Popen, "__init__"),
    (threading.Thread, "start"),
    (time, "sleep"),
)
"""Where each is, and its name. What this system does not have is passed over."""


@contextmanager
def shut(refuse: Callable[[str], EscapeError]) -> Iterator[None]:
    """Shut them all; `refuse` makes the error from the name of the door."""
    thread = threading.get_ident()
    found = [(place, name, getattr(place, name)) for place, name in DOORS if hasattr(place, name)]
    own = {(place, name) for place, name, _ in found if name in vars(place)}
    for place, name, original in found:
        setattr(place, name, _shut(place, name, original, thread, refuse))
    try:
        yield
    finally:
        for place, name, original in found:
            if (place, name) in own:
                setattr(place, name, original)
            else:
                delattr(place, name)


def _shut(
    place: Any,
    name: str,
    original: Callable[..., Any],
    thread: int,
    refuse: Callable[[str], EscapeError],
) -> Callable[..., Any]:
    def door(*arguments: Any, **options: Any) -> Any:
        if threading.get_ident() == thread:
            raise refuse(f"{place.__name__}.{name}")
        return original(*arguments, **options)

    return door
