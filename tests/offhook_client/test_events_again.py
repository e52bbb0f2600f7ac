"""A device that was told to be gone, and is there again: its socket goes on as the one before."""

import asyncio
import random

import msgspec
from websockets.asyncio.server import ServerConnection, serve

from offhook_client.decisions import Decision, DecisionLog
from offhook_client.errors import ClientError
from offhook_client.events import Dialler, End, Ending, EventSocket
from offhook_client.http import Http
from offhook_client.models import Frame
from offhook_client.options import Options
from offhook_client.tokens import GivenToken, Token, Tokens


class Ear:
    """A listener that counts the ends of its device, and keeps what it hears."""

    def __init__(self) -> None:
        self.gones = 0
        self.frames: asyncio.Queue[Frame] = asyncio.Queue()

    def since(self) -> None:
        return None

    def dialling(self) -> None:
        return

    def frame(self, frame: Frame) -> None:
        self.frames.put_nowait(frame)

    def garbled(self) -> None:
        raise AssertionError("garbled")

    def link_lost(self) -> None:
        return

    def gone(self) -> None:
        self.gones += 1

    def failed(self, error: ClientError) -> None:
        raise error


class Denied(Dialler):
    """Each of its sockets is closed with 4404."""

    async def _dial(self, token: Token) -> End:
        return End(ending=Ending.GONE, reason=f"close 4404, token {token.generation}")


def http(options: Options, told: list[Decision], url: str = "http://127.0.0.1:9") -> Http:
    log = DecisionLog(notify=told.append)
    chance = random.Random(1)
    return Http(url, options=options, rng=chance, wall_clock=lambda: 0.0, decisions=log)


async def test_a_device_that_is_denied_and_given_again_is_backed_off_from(quick: Options) -> None:
    options = msgspec.structs.replace(quick, reconnect_first_s=0.001, reconnect_cap_s=30.0)
    told: list[Decision] = []
    bench = http(options, told)
    ear, tokens = Ear(), Tokens(bench, GivenToken(access_token="T"))
    before: Dialler | None = None
    for _ in range(5):
        dialler = Denied(bench, tokens, ear)
        if before is not None:
            dialler.follow(before)
        await dialler.run()
        before = dialler
    assert ear.gones == 5
    assert [each.attempt for each in told if each.action == "reconnect"] == [1, 2, 3, 4]


async def test_a_socket_let_go_of_after_it_was_healthy_leaves_no_wait(quick: Options) -> None:
    async def greet(connection: ServerConnection) -> None:
        await connection.send('{"type": "heartbeat"}')
        await connection.wait_closed()

    told: list[Decision] = []
    async with serve(greet, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        options = msgspec.structs.replace(quick, reset_after_s=0.0)
        bench = http(options, told, f"http://127.0.0.1:{port}")
        ear, tokens = Ear(), Tokens(bench, GivenToken(access_token="T"))
        before: EventSocket | None = None
        for _ in range(2):
            socket = EventSocket(bench, tokens, "c", ear)
            if before is not None:
                socket.follow(before)
            task = asyncio.create_task(socket.run())
            await ear.frames.get()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            before = socket
    assert told == []
