"""Whose wish counts: who wins, row by row."""

from typing import Any

import pytest

from offhook_client import signals
from offhook_client.models import Gate, Shown, Source, Version
from offhook_client.signals import Outcome, SendMute, Tell, Why
from offhook_client.state import Fact, Wish, shown
from offhook_client.wishes import is_claim, newer


def set_by(cause: str, rev: int, *, muted: bool, gesture: bool = False) -> signals.MuteEvent:
    return signals.MuteEvent(muted=muted, version=Version(1, rev), cause=cause, gesture=gesture)


@pytest.mark.parametrize(
    ("cause", "muted", "gesture", "expected"),
    [
        ("admin", True, False, True),
        ("admin", False, False, True),
        ("self", True, False, True),
        ("self", False, False, True),
        ("native", True, False, True),
        ("native", False, False, False),
        ("native", False, True, True),
        ("headset", True, False, True),
        ("headset", False, False, False),
        ("headset", False, True, True),
        ("default-reset", False, False, False),
        ("default-reset", True, False, False),
        ("system", True, False, False),
        ("system", False, False, False),
        (None, True, False, False),
    ],
)
def test_what_is_a_wish_and_what_only_happened(
    cause: str | None, muted: object, gesture: object, expected: object
) -> None:
    assert is_claim(Fact(bool(muted), None, cause), gesture=bool(gesture)) is expected


def test_without_versions_what_comes_later_is_newer() -> None:
    assert newer(Version(1, 2), Version(1, 1))
    assert not newer(Version(1, 1), Version(1, 1))
    assert newer(Version(2, 0), Version(1, 9))
    assert newer(None, Version(1, 1))
    assert newer(Version(1, 1), None)


def test_an_administrators_mute_is_adopted_and_never_undone_by_itself(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    orders = desk(set_by("admin", 2, muted=True))
    assert orders == (signals.MoveGate(position=Gate.CUT),)
    assert shown(desk.setup, desk.state) is Shown.MUTED
    assert desk.state.desired.source is Source.EXTERNAL


def test_a_persons_later_unmute_is_sent_and_may_be_refused_as_forced(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(set_by("admin", 2, muted=True))
    (post,) = desk(signals.Toggled(muted=False))
    assert post == SendMute(generation=1, muted=False, if_match=Version(1, 2))
    orders = desk(signals.Refused(generation=1, why=Why.FORCED))
    assert orders[0] == Tell(outcome=Outcome.FORCED, generation=1)
    assert desk.state.desired.muted
    assert desk.state.gate is Gate.CUT


def test_a_native_unmute_without_a_hand_is_undone(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    (post,) = desk(set_by("native", 2, muted=False))
    assert post.reassertion


def test_a_headset_unmute_by_hand_is_adopted(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    assert desk(set_by("headset", 2, muted=False, gesture=True)) == (
        signals.MoveGate(position=Gate.OPEN),
    )
    assert shown(desk.setup, desk.state) is Shown.LIVE


def test_a_second_tab_that_comes_later_wins_over_a_pending_mute(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(signals.Toggled(muted=True))
    assert desk(set_by("self", 3, muted=False)) == (signals.AskSnapshot(reason="gap"),)
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN


def test_others_wait_for_a_pending_mute_and_versions_decide(steps: Any) -> None:
    for own_rev, expected in ((3, Shown.MUTED), (1, Shown.LIVE)):
        desk = steps().at_rest(muted=False)
        desk(signals.Toggled(muted=True))
        assert desk(set_by("self", 2, muted=False)) == ()
        desk(signals.Accepted(generation=1, version=Version(1, own_rev)))
        assert shown(desk.setup, desk.state) is expected


def test_an_unmute_gives_way_to_a_mute_that_came_after_the_click(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    desk(signals.Toggled(muted=False))
    desk(set_by("admin", 2, muted=True))
    orders = desk(signals.Refused(generation=1, why=Why.PRECONDITION))
    assert orders == (Tell(outcome=Outcome.OVERTAKEN, generation=1),)
    assert shown(desk.setup, desk.state) is Shown.MUTED


def test_an_unmute_goes_again_when_nobody_muted_in_between(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    desk(signals.Toggled(muted=False))
    desk(set_by("default-reset", 2, muted=False))
    (again,) = desk(signals.Refused(generation=1, why=Why.PRECONDITION))
    assert again == SendMute(generation=1, muted=False, if_match=Version(1, 2))


def test_two_who_want_the_same_do_not_overtake_each_other(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(signals.Toggled(muted=True))
    desk(set_by("self", 2, muted=True))
    orders = desk(signals.Accepted(generation=1, version=Version(1, 1)))
    assert orders == (Tell(outcome=Outcome.CONFIRMED, generation=1),)


def test_a_mute_refused_for_good_keeps_the_gate_cut_and_claims_nothing(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(signals.Toggled(muted=True))
    orders = desk(signals.Refused(generation=1, why=Why.FINAL))
    assert orders[0] == Tell(outcome=Outcome.REFUSED, generation=1)
    assert desk.state.gate is Gate.CUT
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN


def test_an_unmute_refused_for_good_leaves_muted_desired(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    desk(signals.Toggled(muted=False))
    desk(signals.Refused(generation=1, why=Why.FINAL))
    assert desk.state.desired.muted
    assert desk.state.gate is Gate.CUT


def crossed(steps: Any) -> Any:
    """Mute and unmute were pressed at once; meanwhile somebody muted and unmuted."""
    desk = steps().at_rest(muted=False)
    desk(signals.Toggled(muted=True), signals.Toggled(muted=False))
    desk(set_by("self", 2, muted=True))
    return desk


RESET = signals.MuteEvent(muted=False, version=Version(1, 5), cause="default-reset")


def test_an_unmute_that_gives_way_does_so_to_the_newest_mute(steps: Any) -> None:
    """Found by the search at 2/2/1/1: it gave way to the older one, which was then undone."""
    desk = crossed(steps)
    desk(signals.Accepted(generation=1, version=Version(1, 4)))
    assert desk.state.desired == Wish(True, 2, Source.EXTERNAL, Version(1, 4))
    desk(set_by("self", 3, muted=False))
    assert desk.state.desired.muted
    desk(signals.MuteEvent(muted=True, version=Version(1, 4), cause="self", seq=1))
    (again,) = desk(RESET)
    assert again.reassertion
    assert again.muted


def test_an_own_mute_that_comes_late_counts_where_it_came(steps: Any) -> None:
    """Found by the search at 2/2/1/1: a reset was not undone, though mute was asked for last."""
    desk = crossed(steps)
    desk(signals.Lost(generation=1), set_by("self", 3, muted=False))
    assert not desk.state.desired.muted
    desk(signals.MuteEvent(muted=True, version=Version(1, 4), cause="self", seq=1))
    assert desk.state.desired == Wish(True, 2, Source.EXTERNAL, Version(1, 4))
    (again,) = desk(RESET)
    assert again.muted


def test_what_was_heard_while_it_was_read_is_newer_than_what_was_read(steps: Any) -> None:
    """Found by the search at 3/2/2/2: a mute that was undone meanwhile was adopted, and set."""
    desk = steps().at_rest(muted=False)
    desk(signals.Toggled(muted=True), signals.Toggled(muted=False), signals.Lost(generation=1))
    asked = signals.Snapshot(
        muted=True,
        version=Version(1, 2),
        cause="self",
        status="connected",
        asked=True,
        asked_at=Version(1, 2),
    )
    desk(signals.LinkLost(), signals.Subscribed(version=Version(1, 2)), asked)
    desk(signals.Refused(generation=2, why=Why.STALE), set_by("self", 3, muted=False))
    orders = desk(asked)
    assert Tell(outcome=Outcome.CONFIRMED, generation=2) in orders
    assert not any(isinstance(order, SendMute) for order in orders)
    assert desk.state.desired == Wish(False, 2, Source.USER, Version(1, 3), Version(1, 1))
