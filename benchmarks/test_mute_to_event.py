"""From the press of a mute to its event at a listener, beside a minimal stateful aiohttp server.

The bar: the median is at most 1.2 times the peer's.
"""

import statistics
import time

from benchmarks.peers.fleet import Fleet, Presser
from benchmarks.peers.harness import Cost, Ratio, Server, Turns

PRESSES = 300


class _Listener:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._presser = Presser(server)
        self._fleet = Fleet(server, server.at["events"], 1)
        self._fleet.settle()
        self._socket = self._fleet.sockets[0]
        self._socket.setblocking(True)

    def measure(self) -> Cost:
        """The median of many presses, and what each cost the server."""
        waits, before = [], self._server.busy_s()
        for _ in range(PRESSES):
            began = time.perf_counter()
            self._presser.press()
            assert self._socket.recv(65_536), "the server closed the socket"
            waits.append(time.perf_counter() - began)
            self._presser.answered()
        busy_s = (self._server.busy_s() - before) / PRESSES
        return Cost(statistics.median(waits), busy_s)

    def close(self) -> None:
        self._presser.close()
        self._fleet.close()


def test_beside_a_minimal_stateful_server(turns: Turns) -> None:
    with Server.of("mock") as mock, Server.of("minimal_stateful") as minimal:
        ours, theirs = _Listener(mock), _Listener(minimal)
        costs = turns.play({"mock": ours.measure, "minimal": theirs.measure}, rounds=15)
        ours.close()
        theirs.close()
    pairs = list(zip(costs["mock"], costs["minimal"], strict=True))
    wall = Ratio.of([ours.wall_s / theirs.wall_s for ours, theirs in pairs])
    busy = Ratio.of([ours.busy_s / theirs.busy_s for ours, theirs in pairs])
    micros = statistics.median(cost.wall_s for cost in costs["mock"]) * 1e6
    figure = f"{micros:.0f} µs, {wall} times a minimal stateful server, {busy} by processor time"
    turns.tell("Mute to event, p50", figure)
