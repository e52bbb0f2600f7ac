"""Taps: what they are true of, how often they bite."""

from offhook_scenarios.sim.tap import Lose, Sending, Tap, containing
from offhook_scenarios.sim.trace import Way


def sending(data: bytes, way: Way = Way.UP) -> Sending:
    return Sending(1, way, "client", "server", 80, 1, data)


def test_a_tap_bites_as_often_as_it_is_told_and_counts() -> None:
    tap = Tap(containing(b"POST"), Lose(), times=2)
    heard = [tap(sending(text)) for text in (b"POST /", b"GET /", b"POST /", b"POST /")]
    assert heard == [Lose(), None, Lose(), None]
    assert tap.bites == 2


def test_a_tap_may_bite_for_ever() -> None:
    tap = Tap(containing(b"x"), Lose(), times=None)
    assert all(tap(sending(b"x")) for _ in range(10))
    assert tap.bites == 10


def test_a_direction_can_be_asked_for() -> None:
    when = containing(b"204", way=Way.DOWN)
    assert when(sending(b"HTTP/1.1 204", Way.DOWN))
    assert not when(sending(b"HTTP/1.1 204", Way.UP))
