"""The protocol, stepped by hand: what the search cannot count, and the gate's law."""

from functools import partial
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.drawn import reaches

from offhook_client import protocol, signals
from offhook_client.models import Gate, Link, Shown, Source, Version
from offhook_client.signals import Outcome, SendMute
from offhook_client.state import Setup, State, shown


def sent(orders: tuple[signals.Order, ...]) -> list[SendMute]:
    return [order for order in orders if isinstance(order, SendMute)]


def test_every_signal_has_its_handler() -> None:
    assert set(protocol._HANDLERS) == set(signals.Signal.__subclasses__())


def test_a_mute_cuts_first_and_then_tells_the_server(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    assert desk.state.gate is Gate.OPEN
    cut, mute = desk(signals.Toggled(muted=True))
    assert cut == signals.MoveGate(position=Gate.CUT)
    assert mute == SendMute(generation=1, muted=True, if_match=None)
    assert shown(desk.setup, desk.state) is Shown.MUTING


def test_an_unmute_tells_the_server_first_and_opens_when_confirmed(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    assert desk(signals.Toggled(muted=False)) == (
        SendMute(generation=1, muted=False, if_match=Version(1, 1)),
    )
    assert shown(desk.setup, desk.state) is Shown.UNMUTING
    orders = desk(signals.Accepted(generation=1, version=Version(1, 2)))
    assert signals.MoveGate(position=Gate.OPEN) in orders
    assert signals.Tell(outcome=Outcome.CONFIRMED, generation=1) in orders


def test_a_mute_needs_no_link(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(signals.LinkLost())
    assert sent(desk(signals.Toggled(muted=True)))
    desk(signals.Accepted(generation=1, version=Version(1, 2)))
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN


def test_an_unmute_waits_for_the_link(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    desk(signals.LinkLost())
    assert desk(signals.Toggled(muted=False)) == ()


def test_clicks_while_one_is_in_the_air_cost_one_more_request(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    posts = sent(desk(signals.Toggled(muted=True)))
    for muted in (False, True, False, True):
        posts += sent(desk(signals.Toggled(muted=muted)))
    posts += sent(desk(signals.Accepted(generation=1, version=Version(1, 2))))
    posts += sent(desk(signals.Accepted(generation=5, version=Version(1, 3))))
    assert [post.generation for post in posts] == [1, 5]
    assert shown(desk.setup, desk.state) is Shown.MUTED


def test_a_repeat_after_a_lost_answer_has_the_same_number_and_key(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    (first,) = sent(desk(signals.Toggled(muted=True)))
    (again,) = sent(desk(signals.Lost(generation=1)))
    assert first == again
    assert first.key("desk") == again.key("desk")


def test_a_reset_is_answered_by_a_guarded_mute(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    orders = desk(signals.MuteEvent(muted=False, version=Version(1, 2), cause="default-reset"))
    assert orders == (SendMute(generation=1, muted=True, if_match=Version(1, 2), reassertion=True),)
    assert shown(desk.setup, desk.state) is Shown.MUTING


def test_live_is_never_reasserted(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    orders = desk(signals.MuteEvent(muted=True, version=Version(1, 2), cause="default-reset"))
    assert orders == (signals.MoveGate(position=Gate.CUT),)
    assert shown(desk.setup, desk.state) is Shown.MUTED


def test_a_mute_that_does_not_hold_is_told_instead_of_fought(steps: Any) -> None:
    desk = steps(Setup(reassertions=5)).at_rest(muted=True)
    rev = 1
    for _ in range(5):
        rev += 1
        reset = signals.MuteEvent(muted=False, version=Version(1, rev), cause="default-reset")
        (post,) = sent(desk(reset, elapsed_s=1.0))
        rev += 1
        desk(signals.Accepted(generation=post.generation, version=Version(1, rev)))
        own = post.generation
        desk(signals.MuteEvent(muted=True, version=Version(1, rev), cause="self", seq=own))
    rev += 1
    orders = desk(signals.MuteEvent(muted=False, version=Version(1, rev), cause="default-reset"))
    assert orders == (signals.Tell(outcome=Outcome.CONFLICT, generation=5),)
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN
    assert desk.state.gate is Gate.CUT


def test_a_reassertion_that_was_never_sent_has_fought_nobody(steps: Any) -> None:
    """A server that refuses every dial for a while must not end as a mute in vain."""
    desk = steps(Setup(reassertions=2)).at_rest(muted=True)
    reset = signals.MuteEvent(muted=False, version=Version(1, 2), cause="default-reset")
    (order,) = desk(reset)
    for _ in range(5):
        (order,) = desk(signals.Unsent(generation=order.generation))
        assert order.reassertion
    assert not desk.state.stopped
    assert len(desk.state.reassertion_ages_s) == 1


def test_reassertions_are_forgiven_after_the_window(steps: Any) -> None:
    desk = steps(Setup(reassertions=1)).at_rest(muted=True)
    desk(signals.MuteEvent(muted=False, version=Version(1, 2), cause="default-reset"))
    desk(signals.Accepted(generation=1, version=Version(1, 3)))
    desk(signals.MuteEvent(muted=True, version=Version(1, 3), cause="self", seq=1))
    reset = signals.MuteEvent(muted=False, version=Version(1, 4), cause="default-reset")
    assert sent(desk(reset, elapsed_s=60.0))


def test_a_new_wish_after_a_conflict_is_sent(steps: Any) -> None:
    desk = steps(Setup(reassertions=0)).at_rest(muted=True)
    desk(signals.MuteEvent(muted=False, version=Version(1, 2), cause="default-reset"))
    assert desk.state.stopped
    assert sent(desk(signals.Toggled(muted=True)))


def test_a_device_that_is_not_connected_is_looked_at_now_and_then(steps: Any) -> None:
    desk = steps(Setup(poll_s=5.0)).at_rest(muted=False, status="initializing")
    assert desk(signals.Toggled(muted=True)) == ()
    assert protocol.next_deadline_in_s(desk.state) == 5.0
    assert desk(signals.Timer(), elapsed_s=4.0) == ()
    (ask,) = desk(signals.Timer(), elapsed_s=1.0)
    assert isinstance(ask, signals.AskSnapshot)
    assert protocol.next_deadline_in_s(desk.state) == 5.0


def test_the_event_of_a_connected_device_sends_what_waited(steps: Any) -> None:
    desk = steps().at_rest(muted=False, status="initializing")
    desk(signals.Toggled(muted=True))
    assert sent(desk(signals.StatusEvent(status="connected", version=Version(1, 1))))
    assert protocol.next_deadline_in_s(desk.state) is None


def test_a_lost_device_cuts_and_its_wish_is_the_first_on_the_next(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(signals.Toggled(muted=True), signals.Accepted(generation=1, version=Version(1, 2)))
    assert desk(signals.Gone()) == (signals.Establish(),)
    fresh = signals.Snapshot(muted=False, version=Version(2, 0), cause=None, status="connected")
    (post,) = sent(desk(signals.Established(client_id="d", snapshot=fresh)))
    assert post.muted
    assert desk.state.gate is Gate.CUT


NEXT, ITS_OWN = 0, 0
"""A version that is the next one, and an answer to what is in the air: filled in as it is walked.
By chance alone a walk hardly ever comes to an open gate."""
VERSIONS = st.builds(Version, st.just(1), st.integers(1, 6) | st.just(NEXT))
GENERATIONS = st.integers(1, 5) | st.just(ITS_OWN)
SIGNALS = st.one_of(
    st.builds(signals.Toggled, muted=st.booleans()),
    st.builds(
        signals.MuteEvent,
        muted=st.booleans(),
        version=VERSIONS | st.none(),
        cause=st.sampled_from(["self", "admin", "native", "headset", "default-reset", "system"]),
        gesture=st.booleans(),
        seq=st.none() | st.integers(1, 5),
    ),
    st.builds(signals.StatusEvent, status=st.sampled_from(["connected", "disconnected"])),
    st.builds(signals.Beat, version=VERSIONS),
    st.builds(
        signals.Snapshot,
        muted=st.booleans(),
        version=VERSIONS | st.none(),
        cause=st.sampled_from(["self", "admin", None]),
        status=st.sampled_from(["connected", "initializing"]),
        asked=st.none() | st.booleans(),
        asked_at=st.none() | VERSIONS,
    ),
    st.builds(signals.Subscribed, version=VERSIONS | st.none(), recovered=st.booleans()),
    st.builds(signals.Accepted, generation=GENERATIONS, version=VERSIONS | st.none()),
    st.builds(signals.Refused, generation=GENERATIONS, why=st.sampled_from(signals.Why)),
    st.builds(signals.Lost, generation=GENERATIONS),
    st.builds(signals.Unsent, generation=GENERATIONS),
    st.sampled_from([signals.LinkLost(), signals.Garbled(), signals.Dialling(), signals.Gone()]),
    st.builds(
        signals.Established,
        client_id=st.just("c"),
        again=st.booleans(),
        snapshot=st.just(
            signals.Snapshot(muted=False, version=Version(1, 1), cause=None, status="connected")
        ),
    ),
)


FIRST = Version(1, 1)
LOOKS = st.builds(
    signals.Snapshot,
    muted=st.booleans(),
    version=st.just(FIRST),
    cause=st.none(),
    status=st.just("connected"),
)
CONNECTED = LOOKS.map(
    lambda look: [
        signals.Established(client_id="c", snapshot=look),
        signals.Subscribed(version=FIRST),
        look,
    ]
)
WALKS = st.builds(
    list.__add__,
    st.just([]) | CONNECTED | CONNECTED,
    st.lists(SIGNALS, max_size=9) | st.lists(SIGNALS, min_size=10, max_size=30),
)


def filled_in(signal: signals.Signal, state: State) -> signals.Signal:
    """The signal, with the version and the generation that it leaves open."""
    if getattr(signal, "generation", None) == ITS_OWN:
        flight = state.generation if state.flight is None else state.flight.generation
        signal = msgspec.structs.replace(signal, generation=max(flight, 1))
    version = getattr(signal, "version", None)
    if version is not None and version.rev == NEXT:
        known = None if state.observed is None else state.observed.version
        rev = 1 if known is None else known.rev + 1
        signal = msgspec.structs.replace(signal, version=Version(1, rev))
    return signal


def seen_on(walk: list[signals.Signal]) -> list[tuple[Shown, Gate]]:
    """Screen and gate after each step."""
    setup, state, seen = Setup(), State(), []
    for signal in walk:
        state, _ = protocol.step(setup, state, filled_in(signal, state))
        seen.append((shown(setup, state), state.gate))
    return seen


def test_the_walks_come_to_every_screen_and_open_the_gate_again() -> None:
    """Or the law below would be held by walks that never open it."""

    def came_to(screen: Shown, walk: list[signals.Signal]) -> bool:
        return screen in {each for each, _ in seen_on(walk)}

    def moves_of(walk: list[signals.Signal]) -> int:
        return sum(a is not b for (_, a), (_, b) in pairwise(seen_on(walk)))

    for screen in Shown:
        reaches(WALKS, partial(came_to, screen), True)
    reaches(WALKS, moves_of, 0, 1, 2)


@settings(max_examples=300)
@given(WALKS)
def test_whatever_comes_the_gate_is_never_open_while_muted_is_desired(
    walk: list[signals.Signal],
) -> None:
    setup, state = Setup(), State()
    for signal in walk:
        before = state.gate
        state, orders = protocol.step(setup, state, filled_in(signal, state))
        muted = state.desired is None or state.desired.muted
        assert not (muted and state.gate is Gate.OPEN)
        moved = [order for order in orders if isinstance(order, signals.MoveGate)]
        assert [order.position for order in moved] == ([state.gate] * (state.gate != before))
        if moved:
            assert orders[0] == moved[0]
        if state.gate is Gate.OPEN and before is Gate.CUT:
            assert shown(setup, state) is Shown.LIVE
        if shown(setup, state) in {Shown.MUTED, Shown.LIVE}:
            assert state.link is Link.LIVE


@pytest.mark.parametrize("muted", [True, False])
def test_what_the_server_says_first_is_taken_over(steps: Any, muted: object) -> None:
    desk = steps().at_rest(muted=muted)
    assert desk.state.desired is not None
    assert desk.state.desired.source is Source.EXTERNAL
    assert shown(desk.setup, desk.state) is (Shown.MUTED if muted else Shown.LIVE)
