"""What is shown: the table of states, and nothing claimed without the server's word."""

import msgspec
import pytest
from msgspec.structs import replace

from offhook_client.models import Gate, Link, Shown, Source, Version
from offhook_client.signals import SendMute
from offhook_client.state import (
    UNCLEAR,
    Fact,
    Progress,
    Rules,
    Setup,
    State,
    Wish,
    believe,
    shown,
)

V = Version(1, 1)


def known(
    *,
    desired: bool,
    observed: bool,
    progress: Progress = Progress.SETTLED,
    link: Link = Link.LIVE,
    stopped: bool = False,
) -> State:
    return State(
        client_id="c",
        desired=Wish(desired, 1, Source.USER, V),
        observed=Fact(observed, V, "self"),
        progress=progress,
        link=link,
        stopped=stopped,
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State(), Shown.UNKNOWN),
        (known(desired=True, observed=True), Shown.MUTED),
        (known(desired=False, observed=False), Shown.LIVE),
        (known(desired=True, observed=False), Shown.MUTING),
        (known(desired=True, observed=False, stopped=True), Shown.UNKNOWN),
        (known(desired=False, observed=True), Shown.MUTED),
        (known(desired=True, observed=True, progress=Progress.DUE), Shown.MUTING),
        (known(desired=True, observed=True, progress=Progress.UNSURE), Shown.MUTING),
        (known(desired=False, observed=False, progress=Progress.PROCESSED), Shown.UNMUTING),
        (known(desired=True, observed=True, link=Link.DOWN), Shown.UNKNOWN),
        (known(desired=True, observed=True, link=Link.SUBSCRIBING), Shown.UNKNOWN),
    ],
)
def test_each_state_is_shown_as_it_should(state: State, expected: Shown) -> None:
    assert shown(Setup(), state) is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, Shown.LIVE),
        ("connected", Shown.LIVE),
        ("initializing", Shown.UNKNOWN),
        ("disconnected", Shown.UNKNOWN),
        ("terminating", Shown.UNKNOWN),
    ],
)
def test_nobody_is_live_on_a_device_that_is_not_connected(
    status: str | None, expected: Shown
) -> None:
    live = msgspec.structs.replace(known(desired=False, observed=False), status=status)
    assert shown(Setup(), live) is expected
    muted = msgspec.structs.replace(known(desired=True, observed=True), status=status)
    assert shown(Setup(), muted) is Shown.MUTED


def test_without_the_second_rule_a_lost_link_is_not_admitted() -> None:
    setup = Setup(rules=Rules(order_by_version=False))
    assert shown(setup, known(desired=True, observed=True, link=Link.DOWN)) is Shown.MUTED


def test_a_state_is_a_value_that_can_be_kept_in_a_set() -> None:
    assert len({known(desired=True, observed=True), known(desired=True, observed=True)}) == 1


def test_the_belief_tells_all_that_an_observer_may_know() -> None:
    belief = believe(Setup(), known(desired=True, observed=False))
    assert (belief.desired, belief.observed, belief.version) == (True, False, V)
    assert (belief.gate, belief.link, belief.client_id) == (Gate.CUT, Link.LIVE, "c")


def test_before_anything_is_known_the_belief_says_so() -> None:
    belief = believe(Setup(), State())
    assert (belief.desired, belief.source, belief.observed, belief.version) == (None,) * 4
    assert belief.shown is Shown.UNKNOWN


def test_all_rules_hold_by_default() -> None:
    assert all(getattr(Rules(), name) for name in Rules.__struct_fields__)


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        (SendMute(generation=1, muted=True, if_match=None), True),
        (SendMute(generation=1, muted=False, if_match=None), False),
        (SendMute(generation=0, muted=True, if_match=None), False),
        (SendMute(generation=1, muted=True, if_match=None, reassertion=True), False),
    ],
)
def test_only_the_newest_wish_is_sent(order: SendMute, wanted: bool) -> None:  # noqa: FBT001 - the answer itself.
    state = known(desired=True, observed=False, progress=Progress.DUE)
    assert state.wants(order) is wanted


def test_a_mute_is_asserted_again_while_it_is_wanted_and_nothing_is_pending() -> None:
    again = SendMute(generation=7, muted=True, if_match=None, reassertion=True)
    assert known(desired=True, observed=False).wants(again)
    assert not known(desired=False, observed=False).wants(again)
    assert not State().wants(again)


@pytest.mark.parametrize(
    ("held", "outvoted"),
    [
        (Fact(muted=True, version=None, cause="admin"), True),
        (Fact(muted=True, version=None, cause=UNCLEAR), False),
        (Fact(muted=False, version=None, cause="admin"), False),
        (None, False),
    ],
)
def test_an_unmute_that_waits_to_be_sent_gives_way_to_somebodys_mute(
    held: Fact | None, *, outvoted: bool
) -> None:
    """Without a version nothing else would keep it from undoing that mute."""
    wish = Wish(muted=False, generation=1, source=Source.USER)
    state = State(desired=wish, generation=1, progress=Progress.UNSURE, held=held)
    order = SendMute(generation=1, muted=False, if_match=None)
    assert state.outvoted is outvoted
    assert state.wants(order) is not outvoted
    assert state.wants(replace(order, if_match=V)), "the server will decide"
    assert not replace(state, progress=Progress.SETTLED).outvoted
    assert not replace(state, desired=replace(wish, muted=True)).outvoted
