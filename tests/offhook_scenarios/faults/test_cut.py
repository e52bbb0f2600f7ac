"""Connections that end: for one side or both, by a reset or in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.plan.plan import Cut

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


@pytest.mark.parametrize("side", ["both", "desk", "server"])
@pytest.mark.parametrize("end", ["reset", "fin"])
def test_every_connection_of_the_desk_ends_and_new_ones_are_dialled(
    by_hand: Callable[..., ByHand], side: str, end: str
) -> None:
    hand = by_hand(desks=2)
    before, others = hand.network.connections(1), hand.network.connections(2)
    fault = hand.do(Cut(at_s=0, side=side, end=end), then_s=20)  # type: ignore[arg-type]  # - each of them.
    assert fault.bites == len(before) > 0
    assert len(hand.floor.so_far().histories[0].links) == 2
    assert set(others) & set(hand.network.connections(2))


def test_the_side_that_was_told_nothing_finds_out_when_it_speaks(
    by_hand: Callable[..., ByHand],
) -> None:
    hand = by_hand()
    hand.do(Cut(at_s=0, side="server"))
    assert hand.floor.so_far().histories[0].links[-1].until == hand.ground.server.clock.now()
    assert hand.network.connections(1), "the desk does not know yet"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Cut(at_s=0), "cuts every connection"),
        (Cut(at_s=0, side="desk"), "cuts every connection at the desk's end"),
        (Cut(at_s=0, end="fin"), "ends every connection"),
    ],
)
def test_it_is_told_in_words(by_hand: Callable[..., ByHand], step: Cut, words: str) -> None:
    hand = by_hand()
    hand.do(step)
    (history,) = hand.floor.so_far().histories
    assert history.acts[-1].what == words
