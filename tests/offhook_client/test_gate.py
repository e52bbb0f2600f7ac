"""The gate starts cut and moves only when it must."""

import asyncio
from typing import Any

from offhook_client.gate import MicrophoneGate
from offhook_client.models import Gate


def test_before_anything_is_known_nothing_is_heard() -> None:
    assert MicrophoneGate().position is Gate.CUT


def test_each_move_is_carried_out_once() -> None:
    moves: list[Gate] = []
    gate = MicrophoneGate(moves.append)
    for position in (Gate.CUT, Gate.OPEN, Gate.OPEN, Gate.CUT):
        gate.move(position)
    assert moves == [Gate.OPEN, Gate.CUT]
    assert gate.position is Gate.CUT


async def test_a_track_that_raises_is_reported_and_the_gate_goes_on() -> None:
    problems: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, facts: problems.append(facts))

    def broken(_position: Gate) -> None:
        raise RuntimeError("the track's own fault")

    gate = MicrophoneGate(broken)
    gate.move(Gate.OPEN)
    assert gate.position is Gate.OPEN
    assert isinstance(problems[0]["exception"], RuntimeError)
