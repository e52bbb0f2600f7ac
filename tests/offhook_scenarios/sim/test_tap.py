"""Taps: what they are told, and which of them counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offhook_scenarios.sim.tap import Action, Drop, Lose, Sending
from offhook_scenarios.sim.trace import Way

if TYPE_CHECKING:
    from tests.offhook_scenarios.sim.conftest import Pair


def test_a_tap_is_told_what_is_sent_whither_and_as_which_segment(pair: Pair) -> None:
    seen: list[Sending] = []
    pair.world.network.taps.append(seen.append)
    for data in (b"one", b"two"):
        pair.client.transport.write(data)
    pair.server.transport.write(b"three")
    pair.after()
    number = pair.connection.number
    assert seen == [
        Sending(number, Way.UP, "client", "server", 80, 1, b"one"),
        Sending(number, Way.UP, "client", "server", 80, 2, b"two"),
        Sending(number, Way.DOWN, "server", "client", 80, 1, b"three"),
    ]
    assert pair.server.data == b"onetwo"


def test_the_first_that_acts_wins_and_who_does_nothing_lets_the_next_one_look(pair: Pair) -> None:
    asked: list[str] = []

    def tap(name: str, action: Action | None) -> None:
        def look(_sending: Sending) -> Action | None:
            asked.append(name)
            return action

        pair.world.network.taps.append(look)

    tap("idle", None)
    tap("drops", Drop())
    tap("loses", Lose())
    pair.client.transport.write(b"one")
    assert asked == ["idle", "drops"]
    pair.world.network.taps.clear()
    pair.client.transport.write(b"two")
    pair.after()
    assert pair.server.data == b"two"
