"""GET and POST at 64 connections beside mock servers that others use; they answer by example.

The bars: 2.5 times WireMock, 3 times Prism, 20 times Mockoon.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from benchmarks.peers import packages, wrk
from benchmarks.peers.harness import Server, Turns

pytestmark = pytest.mark.skipif(wrk.missing() is not None, reason=str(wrk.missing()))

WARM_UP_S = 8
"""Java and Node compile while they run."""
PEERS = {"WireMock": packages.wiremock, "Prism": packages.prism, "Mockoon": packages.mockoon}


@pytest.fixture(params=PEERS)
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Server]]:
    start: Callable[[Path], Server] = PEERS[request.param]
    try:
        server = start(tmp_path)
    except packages.MissingError as missing:
        pytest.skip(str(missing))
    with server:
        yield request.param, server


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_beside(peer: tuple[str, Server], turns: Turns, method: str) -> None:
    name, other = peer
    wrk.load(other, method, seconds=WARM_UP_S)
    with Server.of("mock") as mock:
        costs = turns.play(
            {"mock": lambda: wrk.load(mock, method), "peer": lambda: wrk.load(other, method)},
            rounds=5,
        )
    what = f"{method}, {wrk.CONNECTIONS} connections"
    turns.speed(what, costs["mock"], costs["peer"], name=name)
