"""Clients that are restarted, and machines that sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offhook_scenarios.adapters.adapter import UNAWARE, Restart
from offhook_scenarios.plan.plan import Client, Cut, Force, Press, Refuse, Step
from offhook_scenarios.plan.plan import Restart as ServerRestart
from offhook_scenarios.run import DESKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.offhook_scenarios.faults.conftest import ByHand


@pytest.mark.parametrize("client", ["reference", "naive"])
def test_a_program_is_gone_then_started_anew(by_hand: Callable[..., ByHand], client: str) -> None:
    hand = by_hand(make=DESKS[client])
    fault = hand.do(Client(at_s=0, restart=Restart.PROCESS, lasts_s=5), then_s=1)
    seat = hand.ground.seat(1)
    assert (fault.bites, seat.away) == (1, True)
    assert hand.network.connections(1) == ()
    hand.do(Press(at_s=0, muted=True))
    (history,) = hand.floor.so_far().histories
    assert history.sightings[-1].belief == UNAWARE
    assert history.presses == (), "there is nothing to press"
    hand.wait(6)
    assert not seat.away
    hand.do(Press(at_s=0, muted=True))
    hand.wait(3)
    assert hand.floor.so_far().histories[0].sightings[-1].belief.shown == "muted"


@pytest.mark.parametrize("client", ["reference", "naive"])
def test_a_program_that_would_not_come_up_is_started_again(
    by_hand: Callable[..., ByHand], client: str
) -> None:
    hand = by_hand(make=DESKS[client])
    hand.do(Refuse(at_s=0, lasts_s=20))
    hand.do(Client(at_s=0, restart=Restart.PROCESS, lasts_s=1), then_s=19)
    assert hand.ground.seat(1).away
    hand.wait(60)
    assert hand.floor.so_far().histories[0].sightings[-1].belief.shown == "live"


def test_a_press_of_a_program_that_ends_ends_with_it(by_hand: Callable[..., ByHand]) -> None:
    for client in ("reference", "naive"):
        hand = by_hand(make=DESKS[client])
        hand.do(Press(at_s=0, muted=True))
        hand.do(Client(at_s=0, restart=Restart.PROCESS, lasts_s=1), then_s=5)
        (press,) = hand.floor.so_far().histories[0].presses
        assert press.ended_at is not None
        assert not hand.ground.server.org.devices()[0].muted, "it never went out"


def test_a_machine_that_sleeps_does_nothing_and_wakes_with_dead_connections(
    by_hand: Callable[..., ByHand],
) -> None:
    hand = by_hand()
    before = hand.network.connections(1)
    asleep_at = hand.ground.server.clock.now()
    fault = hand.do(Client(at_s=0, restart=Restart.SLEEP, lasts_s=30), then_s=1)
    hand.do(Force(at_s=0, muted=True))
    hand.wait(28)
    (history,) = hand.floor.so_far().histories
    assert not [each for each in history.sightings if each.at > asleep_at]
    assert not [each for each in history.asks if each.at > asleep_at]
    assert fault.bites == 1
    hand.wait(30)
    assert hand.floor.so_far().histories[0].sightings[-1].belief.shown == "muted"
    assert not set(before) & set(hand.network.connections(1))
    assert not hand.ground.held._piles


def test_healed_a_machine_wakes_at_once(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    fault = hand.do(Client(at_s=0, restart=Restart.SLEEP, lasts_s=3_000), then_s=5)
    fault.heal()
    hand.wait(1)
    assert not hand.ground.seat(1).away


def test_one_restart_comes_after_the_other(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    hand.do(Client(at_s=0, restart=Restart.SLEEP, lasts_s=5), then_s=1)
    second = hand.do(Client(at_s=0, restart=Restart.PROCESS, lasts_s=2), then_s=3)
    assert second.bites == 0
    hand.wait(2)
    assert second.bites == 1


def test_a_restart_that_is_healed_before_its_turn_never_comes(
    by_hand: Callable[..., ByHand],
) -> None:
    hand = by_hand()
    hand.do(Client(at_s=0, restart=Restart.SLEEP, lasts_s=5), then_s=1)
    second = hand.do(Client(at_s=0, restart=Restart.PROCESS, lasts_s=2))
    second.heal()
    hand.wait(10)
    assert second.bites == 0


def test_what_a_client_cannot_is_told_and_never_bites(by_hand: Callable[..., ByHand]) -> None:
    hand = by_hand()
    fault = hand.do(Client(at_s=0, restart=Restart.RELOAD), then_s=3)
    assert fault.bites == 0
    assert hand.floor.so_far().histories[0].acts[-1].what == "cannot: reloads the page"


@pytest.mark.parametrize("step", [Cut(at_s=0), ServerRestart(at_s=0, lasts_s=1)])
def test_a_machine_that_sleeps_is_told_nothing_of_what_ends(
    by_hand: Callable[..., ByHand], step: Step
) -> None:
    hand = by_hand()
    hand.do(Client(at_s=0, restart=Restart.SLEEP, lasts_s=20), then_s=1)
    before = [stream.ended_at for stream in hand.floor.so_far().histories[0].streams]
    hand.do(step, then_s=10)
    (history,) = hand.floor.so_far().histories
    assert [stream.ended_at for stream in history.streams] == before == [None]
    assert history.links[-1].until < hand.ground.server.clock.now(), "the server knows"
