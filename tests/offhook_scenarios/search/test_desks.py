"""The desk's states and steps, by number."""

from msgspec.structs import replace

from offhook_client import signals
from offhook_client.models import Shown
from offhook_client.state import State
from offhook_scenarios.search.desks import SIGNAL_BITS, UNTIRING, Desks


def test_a_step_is_that_of_the_protocol() -> None:
    desks = Desks(UNTIRING, bits=20)
    start = desks.number(State())
    toggle = desks.signals.number(signals.Toggled(muted=True))
    after, orders = desks.after[start << SIGNAL_BITS | toggle]
    wish = desks.states.values[after].desired
    assert wish is not None
    assert wish.muted
    assert desks.orders.values[orders] == ()
    assert desks.shown[after] is Shown.UNKNOWN


def test_no_orders_have_the_number_nought() -> None:
    assert Desks(UNTIRING, bits=20).orders.values[0] == ()


def test_the_age_of_a_re_assertion_makes_no_other_state() -> None:
    desks = Desks(UNTIRING, bits=20)
    assert desks.number(State()) == desks.number(replace(State(), reassertion_ages_s=(0.0,)))
