"""A Locust worker on asyncio: it speaks the worker's protocol, and never imports Locust.

Locust makes every socket and sleep of a process that imports it gevent's, in which an asyncio
client cannot run. A message is msgpack of (type, data, node id) over a ZeroMQ DEALER:

    worker                     master
      client_ready ─────────────▶
                  ◀───────────── ack
      heartbeat, every second ──▶ (and back)
                  ◀───────────── spawn {user class: how many}
      spawning, spawning_complete ▶
      stats, offhook, every 3 s ─▶
                  ◀───────────── stop
      stats, client_stopped, client_ready ▶
                  ◀───────────── quit
      stats, quit ──────────────▶
"""

import asyncio
import os
import socket
import time
from typing import Any

import msgpack
import msgspec
import zmq
import zmq.asyncio

from offhook_scenarios.load.crowd import Crowd
from offhook_scenarios.load.meter import Meter

REPORT_EVERY_S = 3.0
HEARTBEAT_EVERY_S = 1.0
MASTER_GONE_S = 60.0
"""Without a word from the master for so long a worker ends, as Locust's own do."""
ANY_VERSION = -1
"""Said instead of a version of Locust: the master then does not compare."""
REPORT = "offhook"
"""The type of our own message, beside `stats`."""


class MasterGoneError(Exception):
    """The master has not been heard of. The message says for how long."""


class Worker:
    """One worker. `run` once, on a loop of its own."""

    def __init__(self, host: str, port: int, crowd: Crowd, meter: Meter) -> None:
        self._address = f"tcp://{host}:{port}"
        self._crowd = crowd
        self._meter = meter
        self.id = f"{socket.gethostname()}_{os.getpid()}_{time.time_ns():x}"
        self._state = "ready"
        self._classes: dict[str, int] = {}
        self._heard_at = 0.0
        self._spawned_at = 0.0
        self._quitting = False

    async def run(self) -> None:
        """Work until the master says quit. Raises `MasterGoneError`, and what breaks users."""
        with zmq.asyncio.Context() as context:
            self._socket = context.socket(zmq.DEALER)
            self._socket.setsockopt(zmq.IDENTITY, self.id.encode())
            self._socket.setsockopt(zmq.LINGER, 2000)
            self._socket.connect(self._address)
            self._heard_at = time.monotonic()
            beat = asyncio.create_task(self._beat())
            report = asyncio.create_task(self._report())
            try:
                await self._say("client_ready", ANY_VERSION)
                while not self._quitting:
                    await self._hear()
                    for task in (beat, report):
                        if task.done():
                            task.result()
            finally:
                for task in (beat, report):
                    task.cancel()
                await asyncio.gather(beat, report, return_exceptions=True)
                self._socket.close()

    async def _say(self, kind: str, data: object) -> None:
        await self._socket.send(msgpack.dumps((kind, data, self.id)))

    async def _hear(self) -> None:
        """The next message of the master, if there is one soon."""
        if not await self._socket.poll(int(HEARTBEAT_EVERY_S * 1000)):
            silent_s = time.monotonic() - self._heard_at
            if silent_s > MASTER_GONE_S:
                raise MasterGoneError(f"The master was not heard of for {silent_s:.0f} s.")
            return
        kind, data, _ = msgpack.loads(await self._socket.recv(), strict_map_key=False)
        self._heard_at = time.monotonic()
        match kind:
            case "spawn":
                await self._spawn(data)
            case "stop":
                await self._stop()
            case "quit":
                await self._crowd.set_count(0)
                await self._tell()
                await self._say("quit", None)
                self._quitting = True
            case "reconnect":
                await self._say("client_ready", ANY_VERSION)

    async def _spawn(self, job: dict[str, Any]) -> None:
        """Have as many users as the newest order says."""
        await self._say("spawning", None)
        if job["timestamp"] <= self._spawned_at:
            return
        self._spawned_at = job["timestamp"]
        if self._state == "ready":
            self._meter.take(now=time.time())
        self._state = "spawning"
        self._classes = dict(job["user_classes_count"])
        await self._crowd.set_count(sum(self._classes.values()))
        self._state = "running"
        await self._say("spawning_complete", self._users())

    async def _stop(self) -> None:
        """All users come to rest; what they did is told before that they have stopped."""
        await self._crowd.set_count(0)
        self._classes = dict.fromkeys(self._classes, 0)
        await self._tell()
        await self._say("client_stopped", None)
        self._state = "ready"
        await self._say("client_ready", ANY_VERSION)

    def _users(self) -> dict[str, object]:
        return {"user_classes_count": self._classes, "user_count": self._crowd.count}

    async def _beat(self) -> None:
        while True:
            self._crowd.look()
            usage = {"current_cpu_usage": 0, "current_memory_usage": 0}
            await self._say("heartbeat", {"state": self._state, **usage})
            await asyncio.sleep(HEARTBEAT_EVERY_S)

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY_S)
            await self._tell()

    async def _tell(self) -> None:
        """Everything since the last time: to Locust's table, and to our own report."""
        report, tally = self._meter.take(now=time.time())
        await self._say("stats", {**report, **self._users()})
        await self._say(REPORT, msgspec.to_builtins(tally))
