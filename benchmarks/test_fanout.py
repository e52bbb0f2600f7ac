"""One event to many real sockets, beside the same bytes written to as many raw transports.

Bursts of events, from the set in the register to the last byte at the last socket. The bar is
0.85 of the raw writes at 100 sockets and more.
"""

import socket
import time

import pytest
from benchmarks.peers.fleet import Fleet
from benchmarks.peers.harness import PATIENCE_S, Cost, Server, Turns

FRAMES = 50_000
"""How many a round writes, about."""
EVENTS_MAX = 1000


class _Audience:
    """Sockets of one server, and the door through which it is made to speak."""

    def __init__(self, server: Server, count: int) -> None:
        self._server = server
        self._fleet = Fleet(server, server.at["events"], count)
        self._fleet.settle()
        self._events = max(4, min(EVENTS_MAX, FRAMES // count))
        self._frames = self._events * count
        self._door = socket.create_connection(("127.0.0.1", server.at["burst"]), PATIENCE_S)
        self.size = self.burst(1)

    def burst(self, events: int) -> int:
        """Let all hear so many; the size of the last."""
        self._door.sendall(b"%d\n" % events)
        return self._fleet.hear(events)

    def measure(self) -> Cost:
        """What one frame costs in a burst."""
        before, began = self._server.busy_s(), time.perf_counter()
        self.burst(self._events)
        wall_s = time.perf_counter() - began
        return Cost(wall_s / self._frames, (self._server.busy_s() - before) / self._frames)

    def close(self) -> None:
        self._door.close()
        self._fleet.close()


@pytest.mark.parametrize("count", [1, 100, 1000, 5000])
def test_beside_raw_writes(turns: Turns, count: int) -> None:
    with Server.of("mock") as mock:
        ours = _Audience(mock, count)
        with Server.of("raw_writes", str(ours.size)) as raw:
            theirs = _Audience(raw, count)
            costs = turns.play({"mock": ours.measure, "raw": theirs.measure})
            theirs.close()
        ours.close()
    turns.speed(f"An event to {count} sockets", costs["mock"], costs["raw"], name="raw writes")
