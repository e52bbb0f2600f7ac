"""Clients that dial: started by us or by anybody, one run a connection."""

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.offhook_scenarios.adapters.scripts import script
from tests.offhook_scenarios.adapters.test_stdio import Ear
from websockets.asyncio.client import ClientConnection, connect

from offhook_scenarios.adapters.adapter import Ability, Belief, Config, Restart, Shown
from offhook_scenarios.adapters.dialled import address, awaited, listening, started
from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.adapters.messages import LINE_MAX
from offhook_scenarios.adapters.remote import ClientBrokeError, RemoteClient

CONFIG = Config(api="http://127.0.0.1:1")


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with listening() as found:
        yield found


async def say(ws: ClientConnection, what: str, **more: object) -> None:
    await ws.send(json.dumps({"offhook": what, **more}))


async def run_desk(door: socket.socket, *can: str) -> list[str]:
    """One run of a desk that dials: obeys until its harness hangs up."""
    asked = []
    async with connect(address(door), proxy=None) as ws:
        await say(ws, "hello", protocol=1, name="gui", dialect="tutorial", can=can)
        async for frame in ws:
            command = json.loads(frame)
            asked.append(command["offhook"])
            if command["offhook"] in {"stop", "restart"}:
                break
            await say(ws, "belief", shown="live")
            await say(ws, "done", id=command["id"])
    return asked


async def test_a_desk_dials_and_is_used(door: socket.socket) -> None:
    desk = RemoteClient(awaited(door), name="ws", owned=False)
    told: list[Belief] = []
    async with asyncio.TaskGroup() as group:
        running = group.create_task(run_desk(door, "set_mute", "observe"))
        await desk.start(CONFIG, told.append)
        assert desk.can == {Ability.SET_MUTE, Ability.OBSERVE}
        await desk.set_mute(True)
        await desk.stop()
    assert running.result() == ["start", "set_mute", "stop"]
    assert told == [Belief(shown=Shown.LIVE)]


async def test_a_restart_of_a_desk_that_dials_is_a_second_call(door: socket.socket) -> None:
    desk = RemoteClient(awaited(door), name="ws", owned=False)

    async def twice() -> list[list[str]]:
        return [await run_desk(door, "restart:process") for _ in range(2)]

    async with asyncio.TaskGroup() as group:
        running = group.create_task(twice())
        await desk.start(CONFIG, lambda _: None)
        await desk.restart(Restart.PROCESS)
        await desk.stop()
    assert running.result() == [["start", "restart"], ["start", "stop"]]


async def test_a_second_caller_waits_at_the_door(door: socket.socket) -> None:
    ear = Ear()
    opening = asyncio.create_task(awaited(door)(ear))
    async with connect(address(door), proxy=None):
        link = await opening
        second = asyncio.create_task(run_desk(door))
        await asyncio.sleep(0.05)
        assert not second.done()
        await link.close()
    desk = RemoteClient(awaited(door), name="ws", owned=False)
    await desk.start(CONFIG, lambda _: None)
    await desk.stop()
    assert await second == ["start", "stop"]


async def test_a_desk_that_hangs_up_is_a_finding(door: socket.socket) -> None:
    async def hang_up() -> None:
        async with connect(address(door), proxy=None) as ws:
            await say(ws, "hello", protocol=1, name="gui", dialect="tutorial")
            await ws.recv()

    desk = RemoteClient(awaited(door), name="ws", owned=False)
    async with asyncio.TaskGroup() as group:
        group.create_task(hang_up())
        with pytest.raises(ClientBrokeError, match="closed its WebSocket"):
            await desk.start(CONFIG, lambda _: None)
    with pytest.raises(ClientBrokeError):
        await desk.stop()


async def test_text_bytes_and_several_lines_in_a_frame_are_lines(door: socket.socket) -> None:
    ear = Ear()
    opening = asyncio.create_task(awaited(door)(ear))
    async with connect(address(door), proxy=None) as ws:
        await ws.send("one")
        await ws.send(b"two\nthree")
        await ws.send("x" * (LINE_MAX + 1))
        async with asyncio.timeout(20):
            await ear.over.wait()
    await (await opening).close()
    assert ear.lines == [b"one", b"two", b"three"]
    assert ear.ends == [f"sent a frame of more than {LINE_MAX} bytes"]


async def test_a_command_is_started_and_told_where_to_dial(tmp_path: Path) -> None:
    text = """
print("dialling", os.environ["OFFHOOK_HARNESS"].partition("//")[0])
from websockets.sync.client import connect
with connect(os.environ["OFFHOOK_HARNESS"], proxy=None) as ws:
    ws.send('{"offhook": "hello", "protocol": 1, "name": "gui", "dialect": "tutorial"}')
    for frame in ws:
        command = json.loads(frame)
        if command["offhook"] == "stop":
            break
        ws.send(json.dumps({"offhook": "done", "id": command["id"]}))
"""
    command = script(tmp_path, text)
    desk = RemoteClient(started([command[0], command[-1]]), name="ws")
    await desk.start(CONFIG, lambda _: None)
    await desk.stop()
    assert desk.log.tail() == ("dialling ws:",)


async def test_a_command_that_fails_before_it_dials_is_told_at_once(tmp_path: Path) -> None:
    command = script(tmp_path, "sys.exit('no display')")
    desk = RemoteClient(started(command), name="ws")
    with pytest.raises(LinkError, match="exit code 1 before it had dialled: it wrote: no display"):
        await desk.start(CONFIG, lambda _: None)
    await desk.stop()


def test_a_port_that_is_taken_is_told(door: socket.socket) -> None:
    port = door.getsockname()[1]
    with pytest.raises(LinkError, match=f"Cannot listen on 127.0.0.1:{port}: "):
        listening(port)
