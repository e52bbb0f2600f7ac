"""The worker's side of Locust's protocol, against a master that is played here."""

import asyncio
import sys
import time
from typing import Any

import msgpack
import pytest
import zmq
import zmq.asyncio

from offhook_scenarios.backoff.catalogue import CATALOGUE
from offhook_scenarios.load import worker as module
from offhook_scenarios.load.crowd import Crowd
from offhook_scenarios.load.meter import Meter
from offhook_scenarios.load.worker import MasterGoneError, Worker

CLASSES = "user_classes_count"


class Master:
    """Enough of one: it answers what must be answered, and keeps what it was told."""

    def __init__(self, socket: "zmq.asyncio.Socket") -> None:
        self.socket = socket
        self.port = socket.bind_to_random_port("tcp://127.0.0.1")
        self.told: list[tuple[str, Any]] = []
        self.node = b""

    async def until(self, wanted: str) -> Any:
        """What comes with the next message of this type; heartbeats are answered meanwhile."""
        while True:
            async with asyncio.timeout(20):
                self.node, text = await self.socket.recv_multipart()
            kind, data, node = msgpack.loads(text, strict_map_key=False)
            assert node.encode() == self.node
            self.told.append((kind, data))
            if kind == "heartbeat":
                await self.say("heartbeat", None)
            if kind == wanted:
                return data

    async def say(self, kind: str, data: object) -> None:
        text = msgpack.dumps((kind, data, self.node.decode()))
        await self.socket.send_multipart([self.node, text])

    async def spawn(self, count: int) -> None:
        job = {"timestamp": time.time(), CLASSES: {"OffhookUser": count}, "host": None}
        await self.say("spawn", job)


async def play(mock: Any, master: Master) -> None:
    meter = Meter(now=time.time())
    policy = CATALOGUE["full-jitter"].policy
    async with Crowd(mock.url, meter, policy, name="agent", pause_s=0.02, seed=1) as crowd:
        await Worker("127.0.0.1", master.port, crowd, meter).run()


async def test_a_whole_test_from_ready_to_quit(mock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REPORT_EVERY_S", 0.3)
    with zmq.asyncio.Context() as context, context.socket(zmq.ROUTER) as socket:
        master = Master(socket)
        working = asyncio.create_task(play(mock, master))
        assert await master.until("client_ready") == -1
        await master.say("ack", {"index": 0})
        await master.spawn(2)
        await master.until("spawning")
        done = await master.until("spawning_complete")
        assert done == {CLASSES: {"OffhookUser": 2}, "user_count": 2}
        await master.spawn(3)
        assert (await master.until("spawning_complete"))["user_count"] == 3
        await mock.saw(9)
        assert (await master.until("stats"))["user_count"] == 3
        await master.say("stop", None)
        await master.until("client_stopped")
        assert await master.until("client_ready") == -1
        await master.say("quit", None)
        await master.until("quit")
        await asyncio.wait_for(working, 20)
        context.linger = 0
    stats = [data for kind, data in master.told if kind == "stats"]
    counted = sum(data["stats_total"]["num_requests"] for data in stats)
    ours = sum(data["attempts"] for kind, data in master.told if kind == "offhook")
    assert counted == ours == mock.seen.total() > 3
    kinds = [kind for kind, _ in master.told]
    last = len(kinds) - 1 - kinds[::-1].index("client_stopped")
    assert "stats" in kinds[:last], "what was done is told before that it has stopped"
    assert "locust" not in sys.modules


async def test_a_master_that_is_silent_is_given_up(
    mock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MASTER_GONE_S", 0.1)
    monkeypatch.setattr(module, "HEARTBEAT_EVERY_S", 0.2)
    with zmq.asyncio.Context() as context, context.socket(zmq.ROUTER) as socket:
        context.linger = 0
        with pytest.raises(MasterGoneError):
            await play(mock, Master(socket))
