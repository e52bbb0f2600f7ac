"""The protocol in time, with literal times."""

import random

from offhook_client import signals
from offhook_client.models import Shown, Version
from offhook_client.reconciler import Reconciler
from offhook_client.state import Setup

LOOK = signals.Snapshot(muted=False, version=Version(1, 0), cause=None, status="initializing")


def started(*, now: float, poll_s: float = 5.0) -> Reconciler:
    reconciler = Reconciler(Setup(poll_s=poll_s), now=now)
    reconciler.receive(signals.Established(client_id="c", snapshot=LOOK), now=now)
    return reconciler


def test_orders_are_taken_once() -> None:
    reconciler = started(now=100.0)
    reconciler.receive(signals.Subscribed(version=Version(1, 0)), now=100.0)
    assert reconciler.take_orders() == (signals.AskSnapshot(reason="subscribed"),)
    assert reconciler.take_orders() == ()


def test_a_device_that_stays_away_is_looked_at_every_five_seconds() -> None:
    reconciler = started(now=100.0)
    assert reconciler.next_deadline() == 105.0
    reconciler.receive(signals.Unsent(generation=9), now=103.0)
    assert reconciler.next_deadline() == 105.0
    reconciler.handle_timer(now=105.0)
    assert reconciler.take_orders() == (signals.AskSnapshot(reason="device not connected"),)
    assert reconciler.next_deadline() == 110.0


def test_a_clock_that_wakes_a_hair_early_meets_the_deadline_all_the_same() -> None:
    reconciler = started(now=100.0)
    reconciler.handle_timer(now=104.999999)
    assert reconciler.take_orders() != ()
    assert reconciler.next_deadline() == 110.0


def test_a_timer_without_a_deadline_does_nothing() -> None:
    reconciler = Reconciler(Setup(), now=0.0)
    assert reconciler.next_deadline() is None
    reconciler.handle_timer(now=9.0)
    assert reconciler.take_orders() == ()


def test_a_clock_that_goes_back_ages_nothing() -> None:
    reconciler = started(now=100.0)
    reconciler.receive(signals.Unsent(generation=9), now=90.0)
    assert reconciler.next_deadline() == 105.0


def test_the_belief_is_that_of_the_state() -> None:
    assert started(now=0.0).belief.shown is Shown.UNKNOWN
    assert started(now=0.0).belief.client_id == "c"


def orders_of(number: int) -> tuple[signals.Order, ...]:
    """What is ordered at the deadline after steps at such odd times."""
    rng = random.Random(number)
    at = 1_000.0 + rng.random()
    # Not 5.0: between such times its sums would be exact.
    reconciler = started(now=at, poll_s=4.9)
    for _ in range(5):
        at += rng.random() * 0.9
        reconciler.receive(signals.Unsent(generation=9), now=at)
    deadline = reconciler.next_deadline()
    assert deadline is not None, f"no deadline with seed {number}"
    reconciler.handle_timer(now=deadline)
    return reconciler.take_orders()


def test_a_deadline_is_met_whatever_the_times_round_to() -> None:
    """Found by the simulation: what rounding left of a wait was waited for, at the same moment."""
    look = (signals.AskSnapshot(reason="device not connected"),)
    assert {seed: told for seed in range(300) if (told := orders_of(seed)) != look} == {}
