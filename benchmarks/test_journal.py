"""What the journal costs a request: the mock with it beside the mock without. The bar is 1.08."""

import pytest
from benchmarks.peers import wrk
from benchmarks.peers.harness import Ratio, Server, Turns

pytestmark = pytest.mark.skipif(wrk.missing() is not None, reason=str(wrk.missing()))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_on_and_off(turns: Turns, method: str) -> None:
    with Server.of("mock") as on, Server.of("mock", "--no-journal") as off:
        costs = turns.play(
            {"on": lambda: wrk.load(on, method), "off": lambda: wrk.load(off, method)}
        )
    pairs = list(zip(costs["on"], costs["off"], strict=True))
    wall = Ratio.of([with_it.wall_s / without.wall_s for with_it, without in pairs])
    busy = Ratio.of([with_it.busy_s / without.busy_s for with_it, without in pairs])
    figure = f"{wall} times the cost without it by the wall, {busy} by processor time"
    turns.tell(f"{method} with the journal", figure)
