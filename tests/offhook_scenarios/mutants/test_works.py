"""The works: what is changed on one client is changed on no other, and decay is noticed."""

import pytest

from offhook_client import facts, protocol, signals
from offhook_client.aio import Account, Desk
from offhook_client.events import EventSocket
from offhook_client.models import Shown
from offhook_client.sender import Sender
from offhook_client.state import Setup, State
from offhook_client.tokens import PasswordGrant
from offhook_scenarios.mutants.works import Works, grafted, swap


def works() -> Works:
    account = Account("http://server:1", PasswordGrant(username="agent", password="secret"))
    return Works(account, account.desk())


@pytest.fixture
async def one() -> Works:
    return works()


@pytest.fixture
async def other() -> Works:
    return works()


def test_a_grafted_function_finds_other_names_and_the_module_keeps_its_own() -> None:
    copy = grafted(facts.resync, ask=lambda state, *_: state)
    assert not copy(State(), "why", []).asking
    assert facts.resync(State(), "why", []).asking


def test_a_name_that_a_function_does_not_use_is_told() -> None:
    with pytest.raises(AssertionError, match="resync uses no hold"):
        grafted(facts.resync, hold=None)


def test_a_thing_is_swapped_for_its_own_kind_only(one: Works) -> None:
    with pytest.raises(AssertionError, match="EventSocket is no Sender"):
        swap(one.sender, EventSocket)


async def test_two_clients_do_not_notice_each_other(one: Works, other: Works) -> None:
    class Other(Sender):
        pass

    swap(one.sender, Other)
    one.rules(always_send=False)
    one.options(silence_s=1.0)
    one.step(overtaken=lambda state, _orders: state)
    one.show(lambda *_: Shown.LIVE)
    assert type(other.sender) is Sender
    assert other.reconciler.setup == Setup()
    assert other.http.options.silence_s > 1.0
    assert other.reconciler.step is protocol.step
    assert (one.reconciler.belief.shown, other.reconciler.belief.shown) == (
        Shown.LIVE,
        Shown.UNKNOWN,
    )


async def test_a_rule_must_be_taken_away(one: Works) -> None:
    with pytest.raises(AssertionError, match="no rule is taken away"):
        one.rules(always_send=True)


async def test_a_handler_is_another_for_one_signal_only(one: Works) -> None:
    one.handle({signals.Garbled: lambda _setup, state, *_: state})
    one.reconciler.receive(signals.Garbled(), now=1.0)
    assert one.state == State()
    one.reconciler.receive(signals.Toggled(muted=True), now=1.0)
    assert one.state.pending


async def test_the_sockets_are_of_another_kind(one: Works, other: Works) -> None:
    class Other(EventSocket):
        pass

    one.sockets(Other)
    assert "_settle_in" in vars(one.desk)
    assert "_settle_in" not in vars(other.desk)
    assert Desk._settle_in.__globals__["EventSocket"] is EventSocket
