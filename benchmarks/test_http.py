"""GET and POST at 64 connections beside aiohttp's router without logic, both on uvloop.

The bars: 0.85 of the floor for GET, 0.80 for POST.
"""

import pytest
from benchmarks.peers import wrk
from benchmarks.peers.harness import Server, Turns

pytestmark = pytest.mark.skipif(wrk.missing() is not None, reason=str(wrk.missing()))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_beside_bare_aiohttp(turns: Turns, method: str) -> None:
    with Server.of("mock") as mock, Server.of("bare_aiohttp") as bare:
        costs = turns.play(
            {"mock": lambda: wrk.load(mock, method), "bare": lambda: wrk.load(bare, method)}
        )
    what = f"{method}, {wrk.CONNECTIONS} connections"
    turns.speed(what, costs["mock"], costs["bare"], name="a bare aiohttp router")
