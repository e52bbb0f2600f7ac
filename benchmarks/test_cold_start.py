"""From nothing to the first answer, beside the floor, a bare aiohttp server, and beside Prism.

The bars: 1.2 times the floor, 0.3 times Prism.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.peers import packages
from benchmarks.peers.harness import Cost, Ratio, Server, Turns

SERVE = [sys.executable, "-m", "offhook", "serve", "--port", "0", "--log-level", "error"]


def _start(server: Server) -> Cost:
    with server:
        return Cost(server.start_s, server.busy_s())


def test_beside_bare_aiohttp(turns: Turns) -> None:
    costs = turns.play(
        {
            "mock": lambda: _start(Server(*SERVE)),
            "bare": lambda: _start(Server.of("bare_aiohttp")),
        },
        rounds=9,
    )
    pairs = list(zip(costs["mock"], costs["bare"], strict=True))
    wall = Ratio.of([ours.wall_s / theirs.wall_s for ours, theirs in pairs])
    busy = Ratio.of([ours.busy_s / theirs.busy_s for ours, theirs in pairs])
    turns.tell("Cold start", f"{wall} times bare aiohttp by the wall, {busy} by processor time")


@pytest.fixture
def prism(tmp_path: Path) -> Callable[[], Server]:
    try:
        packages.installed("@stoplight/prism-cli")
    except packages.MissingError as missing:
        pytest.skip(str(missing))
    return lambda: packages.prism(tmp_path)


def test_beside_prism(prism: Callable[[], Server], turns: Turns) -> None:
    costs = turns.play(
        {
            "mock": lambda: _start(Server(*SERVE)),
            "prism": lambda: _start(prism()),
        },
        rounds=5,
    )
    pairs = list(zip(costs["mock"], costs["prism"], strict=True))
    wall = Ratio.of([ours.wall_s / theirs.wall_s for ours, theirs in pairs])
    busy = Ratio.of([ours.busy_s / theirs.busy_s for ours, theirs in pairs])
    turns.tell("Cold start", f"{wall} times Prism by the wall, {busy} by processor time")
