"""Doors out of the simulation: each is shut, for this thread, while it runs."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from offhook_scenarios.sim.errors import EscapeError
from offhook_scenarios.sim.escapes import DOORS, shut
from offhook_scenarios.sim.world import World


def with_socket(use: Callable[[socket.socket], object]) -> object:
    with socket.socket() as sock:
        return use(sock)


TRIED: dict[str, Callable[[], object]] = {
    "posix.fork": lambda: os.fork(),  # noqa: PLW0108 - looked up when it is called.
    "posix.posix_spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "posix.system": lambda: os.system("true"),  # noqa: S605, S607 - it is never run.
    "signal.signal": lambda: signal.signal(signal.SIGUSR1, signal.SIG_IGN),
    "socket.getaddrinfo": lambda: socket.getaddrinfo("localhost", 80),
    "socket.gethostbyname": lambda: socket.gethostbyname("localhost"),
    "socket.bind": lambda: with_socket(lambda s: s.bind(("127.0.0.1", 0))),
    "socket.connect": lambda: with_socket(lambda s: s.connect(("127.0.0.1", 9))),
    "socket.connect_ex": lambda: with_socket(lambda s: s.connect_ex(("127.0.0.1", 9))),
    "socket.listen": lambda: with_socket(lambda s: s.listen()),
    "socket.sendto": lambda: with_socket(lambda s: s.sendto(b"", ("127.0.0.1", 9))),
    "subprocess.Popen": lambda: subprocess.run([sys.executable, "-V"], check=True),
    "threading.Thread": lambda: threading.Thread(target=int).start(),
    "time.sleep": lambda: time.sleep(0),
}
"""One way through each door."""


def test_every_door_is_tried() -> None:
    assert len(TRIED) == len(DOORS)


@pytest.mark.parametrize("name", TRIED)
def test_a_door_is_shut_and_says_who_wanted_out(name: str) -> None:
    async def main() -> None:
        await asyncio.sleep(1)
        TRIED[name]()

    with World(1) as world, pytest.raises(EscapeError, match=r"test_escapes\.py:\d+"):
        world.run(main())


def test_they_are_as_they_were_afterwards() -> None:
    before = [vars(place).get(name) for place, name in DOORS]
    with shut(EscapeError):
        assert [vars(place).get(name) for place, name in DOORS] != before
    assert [vars(place).get(name) for place, name in DOORS] == before


def test_other_threads_are_left_alone() -> None:
    slept, begin = threading.Event(), threading.Event()

    def work() -> None:
        begin.wait()
        time.sleep(0)
        slept.set()

    thread = threading.Thread(target=work)
    thread.start()
    with shut(EscapeError):
        begin.set()
        thread.join()
    assert slept.is_set()
