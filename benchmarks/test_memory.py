"""Memory: of a server that idles beside bare aiohttp, and of a socket that idles beside aiohttp's.

The bars: 1.3 times bare aiohttp for the server, 1.2 times for a socket, also when the client
offers to compress. The journal, which is bounded, is full before the sockets come.
"""

import statistics
import sys

import pytest
from benchmarks.peers.fleet import Fleet
from benchmarks.peers.harness import Cost, Ratio, Server, Turns

SERVE = [sys.executable, "-m", "offhook", "serve", "--port", "0", "--log-level", "error"]
SOCKETS = 1000
"""Enough that what a socket takes is not lost in what the process takes by the way."""


def _serve() -> Server:
    """`offhook serve` as it comes; it tells a URL, of which the port is wanted."""
    return Server(*SERVE)


def test_idle_beside_bare_aiohttp(turns: Turns) -> None:
    def pss(start: object) -> Cost:
        assert callable(start)
        with start() as server:
            return Cost(server.pss_kib(), 1)

    costs = turns.play(
        {"mock": lambda: pss(_serve), "bare": lambda: pss(lambda: Server.of("bare_aiohttp"))},
        rounds=3,
    )
    ours, theirs = ([cost.wall_s for cost in costs[side]] for side in ("mock", "bare"))
    ratio = Ratio.of([mine / bare for mine, bare in zip(ours, theirs, strict=True)])
    mib = statistics.median(ours) / 1024
    turns.tell("`offhook serve` at rest", f"{mib:.1f} MiB, {ratio} times bare aiohttp")


@pytest.mark.parametrize("offer", [False, True], ids=["plain", "compression offered"])
def test_an_idle_socket_beside_aiohttps(turns: Turns, offer: bool) -> None:  # noqa: FBT001 - a parameter of the table.
    def kib(*script: str) -> Cost:
        with Server.of(*script) as server:
            Fleet(server, server.at["events"], 10, offer=offer).close()
            before = server.pss_kib()
            fleet = Fleet(server, server.at["events"], SOCKETS, offer=offer)
            fleet.settle()
            grown = server.pss_kib() - before
            fleet.close()
        return Cost(grown / SOCKETS, 1)

    costs = turns.play(
        {"mock": lambda: kib("mock", "--full-journal"), "aiohttp": lambda: kib("minimal_stateful")},
        rounds=3,
    )
    ours, theirs = ([cost.wall_s for cost in costs[side]] for side in ("mock", "aiohttp"))
    ratio = Ratio.of([mine / peer for mine, peer in zip(ours, theirs, strict=True)])
    what = "An idle socket, compression offered" if offer else "An idle socket"
    turns.tell(what, f"{statistics.median(ours):.1f} KiB, {ratio} times plain aiohttp's")
