"""A client as a process, spoken to over its standard streams.

Messages go over stdin and stdout; what comes over stderr is log. The process gets a group of
its own where the system has such, so that what it has started ends with it.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, cast

from offhook_scenarios.adapters.lines import Lines
from offhook_scenarios.adapters.link import Link, LinkError, OpenLink, Receiver

VARIABLE = "OFFHOOK_HARNESS"
"""Tells a client where its harness is: `stdio`, or the address of a WebSocket."""
_LAST_WORDS_S = 0.3
"""How long what a process wrote may come in after it has ended."""


def stdio(command: Sequence[str], variables: Mapping[str, str] = MappingProxyType({})) -> OpenLink:
    """Links to processes of this command, with these variables besides the environment.

    Raises `LinkError` when there is no such program.
    """
    return partial(_open, program(command), {**variables, VARIABLE: "stdio"})


def program(command: Sequence[str]) -> tuple[str, ...]:
    """The command with its program found, as a shell finds it. Raises `LinkError`."""
    found = shutil.which(command[0])
    if found is None:
        raise LinkError(
            f"There is no program {command[0]!r} to start: is it installed, and on PATH?"
        )
    return (found, *command[1:])


async def _open(command: Sequence[str], variables: Mapping[str, str], receiver: Receiver) -> Link:
    process = Process(receiver)
    await process.start(command, variables, speaks=True)
    return process


class Process(asyncio.SubprocessProtocol):
    """A process that is ended for certain."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._transport: asyncio.SubprocessTransport | None = None
        self._stdin: asyncio.WriteTransport | None = None
        self._streams: dict[int, Lines] = {1: Lines(), 2: Lines()}
        self._speaks = False
        self._over = False
        self._exited = asyncio.Event()

    async def start(
        self, command: Sequence[str], variables: Mapping[str, str], *, speaks: bool
    ) -> None:
        """Start it, with these variables besides the environment. Raises `LinkError`.

        Unless it `speaks`, all that it writes is log.
        """
        self._speaks = speaks
        try:
            await asyncio.get_running_loop().subprocess_exec(
                lambda: self,
                *command,
                stdin=subprocess.PIPE if speaks else subprocess.DEVNULL,
                env={**os.environ, **variables},
                **_own_group(),
            )
        except OSError as error:
            raise LinkError(f"{command[0]} cannot be started: {error.strerror}.") from error

    def send(self, line: bytes) -> None:
        """A line to its stdin."""
        if self._stdin is not None and not self._stdin.is_closing():
            self._stdin.write(line + b"\n")

    async def close(self) -> None:
        """Kill what still runs, the whole group; wait for the process itself."""
        transport = self._transport
        if transport is None:
            return
        self._end("was ended")
        _kill(transport)
        await self._exited.wait()
        transport.close()

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Started."""
        self._transport = cast("asyncio.SubprocessTransport", transport)
        self._stdin = cast("asyncio.WriteTransport | None", self._transport.get_pipe_transport(0))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Something was written."""
        for line in self._streams[fd].feed(data):
            self._take(fd, line)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature.
        """A stream has ended. Without its stdout a client is gone, though it may run."""
        if fd in self._streams:
            self._take(fd, self._streams[fd].end())
        if fd == 1 and self._speaks and self._transport is not None:
            # The process that ends loses its streams first, and its exit code says more.
            loop = asyncio.get_running_loop()
            loop.call_later(_LAST_WORDS_S, self._end, "closed its stdout")

    def process_exited(self) -> None:
        """It has ended, by itself or not."""
        assert self._transport is not None, "it was started"
        code = self._transport.get_returncode()
        how = f"was killed by signal {-code}" if code is not None and code < 0 else ""
        self._exited.set()
        # What it has started may hold its streams open for ever.
        loop = asyncio.get_running_loop()
        loop.call_later(_LAST_WORDS_S / 2, self._end, how or f"ended with exit code {code}")

    def _take(self, fd: int, line: bytes) -> None:
        if self._over or not line:
            return
        if fd == 1 and self._speaks:
            self._receiver.heard(line)
        else:
            self._receiver.noted(line)

    def _end(self, how: str) -> None:
        if not self._over:
            self._over = True
            self._receiver.ended(how)


def _own_group() -> dict[str, Any]:
    if os.name == "nt":
        return {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    return {"start_new_session": True}


def _kill(transport: asyncio.SubprocessTransport) -> None:
    """The whole group where there is one; it may outlive the process that led it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "nt":
            transport.kill()
        else:
            os.killpg(transport.get_pid(), signal.SIGKILL)
