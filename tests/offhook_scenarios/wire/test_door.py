"""Doors on loopback: open, refusing as a closed port does, silent as lost packets are."""

import asyncio
import socket
import sys

import pytest

from offhook_scenarios.sim.listener import Door
from offhook_scenarios.wire.door import LOOPBACK, DeskDoor


async def dial(port: int, *, patience_s: float = 5.0) -> str:
    """What somebody who dials finds."""
    with socket.socket() as dialling:
        dialling.setblocking(False)
        try:
            async with asyncio.timeout(patience_s):
                await asyncio.get_running_loop().sock_connect(dialling, (LOOPBACK, port))
        except ConnectionRefusedError:
            return "refused"
        except TimeoutError:
            return "nothing"
    return "in"


@pytest.fixture
async def taken() -> list[socket.socket]:
    return []


async def test_at_first_it_refuses_then_whoever_dials_is_let_in(
    taken: list[socket.socket],
) -> None:
    door = DeskDoor(taken.append)
    assert await dial(door.port) == "refused"
    door.set(Door.OPEN)
    assert await dial(door.port) == "in"
    await asyncio.sleep(0.05)
    assert len(taken) == 1
    door.set(Door.REFUSING)
    assert await dial(door.port) == "refused"
    door.close()
    for each in taken:
        each.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels may answer a full queue")
async def test_a_silent_door_answers_nobody_and_lets_him_in_who_waits_until_it_opens(
    taken: list[socket.socket],
) -> None:
    door = DeskDoor(taken.append)
    door.set(Door.SILENT)
    assert await dial(door.port, patience_s=0.3) == "nothing"
    waiting = asyncio.create_task(dial(door.port, patience_s=20))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    door.set(Door.OPEN)
    assert await waiting == "in"
    door.close()
    for each in taken:
        each.close()


async def test_the_port_stays_the_desks_while_the_door_refuses(taken: list[socket.socket]) -> None:
    door = DeskDoor(taken.append)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((LOOPBACK, door.port))
    door.close()
