"""The desk on the official JavaScript SDK under judgement: a Node process and JSON lines.

The desk itself is `node_desk/desk.js`, which speaks the platform dialect.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import signal
from collections.abc import Callable
from typing import Any

import msgspec

from offhook_scenarios.adapters.adapter import UNAWARE, Ability, Belief, Config, Restart
from offhook_scenarios.adapters.node import DESK, Node

logger = logging.getLogger("offhook.javascript")


class DeskError(Exception):
    """The process ended, or refused a command; the message is its own."""


class JavascriptDesk:
    """Adapter of the desk. `speed` is that of the clock which desk and mock share."""

    name = "js-sdk"
    can = frozenset({Ability.SET_MUTE, Ability.OBSERVE})

    def __init__(self, node: Node, *, speed: float = 1.0) -> None:
        self._node = node
        self._speed = speed
        self._belief = UNAWARE
        self._tell: Callable[[Belief], None] = lambda _belief: None
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._hello = asyncio.Event()
        self.sdk_version: str | None = None
        """The version of the SDK, once the process has said so."""

    async def prepare(self) -> None:
        """Start the process and load the SDK, which takes the better part of a second.

        `start` does it otherwise, on the time of the session.
        """
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                self._node.node,
                str(DESK / "desk.js"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=self._node.environment(),
            )
            self._reader = asyncio.create_task(self._read(self._process))
        await self._hello.wait()
        if self.sdk_version is None:
            raise DeskError("the desk's process ended before it said hello")

    async def start(self, config: Config, tell: Callable[[Belief], None]) -> None:
        """Log in, subscribe, listen, read the calls. Raises `DeskError` with the desk's words."""
        self._tell = tell
        await self.prepare()
        await self._command(
            do="start",
            api=config.api,
            username=config.username,
            clientId=config.client_id,
            clientSecret=config.client_secret,
            speed=self._speed,
        )

    async def set_mute(self, muted: bool) -> None:  # noqa: FBT001 - the Protocol's signature.
        """The button. What fails goes to the desk's log."""
        await self._command(do="setMute", muted=muted)

    async def observe(self) -> Belief:
        """What the desk last said that it believes."""
        if self._process is not None:
            await self._command(do="observe")
        return self._belief

    async def restart(self, kind: Restart) -> None:
        """Not supported, as `can` says."""
        raise AssertionError(f"the desk on the JavaScript SDK is not restarted by {kind}")

    async def stop(self) -> None:
        """End the process."""
        process, reader = self._process, self._reader
        if process is None or reader is None:
            return
        with contextlib.suppress(DeskError, ConnectionError):
            await self._command(do="stop")
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()
        await reader

    async def _command(self, **command: object) -> None:
        process = self._process
        assert process is not None, "a command before the start"
        assert process.stdin is not None, "the process was started with a pipe"
        if process.returncode is not None:
            raise DeskError("the desk's process has ended")
        number = next(self._numbers)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[number] = done
        process.stdin.write(json.dumps({"id": number, **command}).encode() + b"\n")
        await process.stdin.drain()
        await done

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None, "the process was started with a pipe"
        try:
            async for line in process.stdout:
                self._take(json.loads(line))
        finally:
            self._hello.set()
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(DeskError("the desk's process has ended"))

    def _take(self, message: dict[str, Any]) -> None:
        if "hello" in message:
            self.sdk_version = message["hello"]["sdk"]
            self._hello.set()
        if "log" in message:
            logger.info("%s", message["log"])
        if "belief" in message:
            self._believe(msgspec.convert(message["belief"], Belief))
        if "id" in message:
            done = self._waiting.pop(message["id"])
            if done.done():
                return
            if message["error"] is None:
                done.set_result(None)
            else:
                done.set_exception(DeskError(message["error"]))

    def _believe(self, belief: Belief) -> None:
        if belief != self._belief:
            self._belief = belief
            self._tell(belief)
