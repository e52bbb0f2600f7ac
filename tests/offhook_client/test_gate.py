"""The gate starts cut and moves only when it must."""

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
