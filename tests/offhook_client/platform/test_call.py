"""A call as the desk holds it."""

from typing import Any

import pytest

from offhook_client import signals
from offhook_client.models import Link
from offhook_client.platform import reading
from offhook_client.platform.call import LiveCall
from offhook_client.platform.models import Leg
from offhook_client.signals import SendMute
from offhook_client.state import Setup
from offhook_client.tokens import GivenToken
from offhook_client.waiting import Waiters

LEG = Leg(call_id="c", participant_id="p", state="connected", muted=False)


@pytest.fixture
async def call(scripted: Any, login: Any) -> LiveCall:
    """A live call that is at rest."""
    account = login(scripted, GivenToken(access_token="given"))
    made = LiveCall(LEG, account.caller, Waiters(), setup=Setup(), report=lambda *_: None)
    look = reading.snapshot(made.state, LEG)
    for signal in (
        signals.Established(client_id=made.place, snapshot=look),
        signals.Subscribed(version=None),
        look,
    ):
        made.receive(signal, now=0.0)
    made.reconciler.take_orders()
    return made


async def test_a_wish_holds_once_it_was_read(call: LiveCall) -> None:
    assert (call.id, call.place) == ("c", "c/participants/p")
    assert call.belief.link is Link.LIVE
    assert call.holds(muted=False)
    call.receive(signals.Toggled(muted=True), now=1.0)
    assert not call.holds(muted=True)
    assert not call.holds(muted=False)


async def test_it_is_remembered_since_when_a_202_waits_to_be_seen(call: LiveCall) -> None:
    call.receive(signals.Toggled(muted=True), now=1.0)
    (_, order) = call.reconciler.take_orders()
    assert isinstance(order, SendMute)
    since = [call.accepted_at]
    call.receive(signals.Accepted(generation=order.generation, version=None), now=2.0)
    call.receive(signals.Beat(), now=3.0)
    since.append(call.accepted_at)
    muted = Leg(call_id="c", participant_id="p", state="connected", muted=True)
    call.receive(reading.snapshot(call.state, muted), now=4.0)
    assert [*since, call.accepted_at] == [None, 2.0, None]
    assert call.holds(muted=True)
