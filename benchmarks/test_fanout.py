"""One event to many real sockets, beside the same bytes written to as many raw transports.

Measured from the press of a POST to the last byte at the last socket. The bar is 0.85 of the raw
writes at 100 sockets and more; to a single one it is the POST that is measured.
"""

import time

import pytest
from benchmarks.peers.fleet import Fleet, Presser
from benchmarks.peers.harness import Cost, Server, Turns

FRAMES = 20_000
"""How many a round writes."""


class _Audience:
    """Sockets of one server, and who makes it talk."""

    def __init__(self, server: Server, count: int) -> None:
        self._server = server
        self._presser = Presser(server)
        self._fleet = Fleet(server, server.at["events"], count)
        self._fleet.settle()
        self._count = count

    def measure(self) -> Cost:
        """Press and let all hear, again and again; what one frame costs."""
        presses = max(10, min(1000, FRAMES // self._count))
        before, began = self._server.busy_s(), time.perf_counter()
        for _ in range(presses):
            self.press()
        frames = presses * self._count
        wall_s = time.perf_counter() - began
        return Cost(wall_s / frames, (self._server.busy_s() - before) / frames)

    def press(self) -> int:
        """Let all hear once; the size of what they hear."""
        self._presser.press()
        size = self._fleet.hear()
        self._presser.answered()
        return size

    def close(self) -> None:
        self._presser.close()
        self._fleet.close()


@pytest.mark.parametrize("count", [1, 100, 1000, 5000])
def test_beside_raw_writes(turns: Turns, count: int) -> None:
    with Server.of("mock.py") as mock:
        ours = _Audience(mock, count)
        with Server.of("raw_writes.py", str(ours.press())) as raw:
            theirs = _Audience(raw, count)
            costs = turns.play({"mock": ours.measure, "raw": theirs.measure})
            theirs.close()
        ours.close()
    turns.speed(f"An event to {count} sockets", costs["mock"], costs["raw"], name="raw writes")
