"""What becomes of a mute that was sent."""

from typing import Any

import pytest

from offhook_client import signals
from offhook_client.models import Shown, Version
from offhook_client.signals import AskSnapshot, Outcome, SendMute, Tell, Why
from offhook_client.state import Progress, shown


def muting(steps: Any) -> Any:
    desk = steps().at_rest(muted=False)
    desk(signals.Toggled(muted=True))
    return desk


def own(rev: int, seq: int, *, muted: bool = True) -> signals.MuteEvent:
    return signals.MuteEvent(muted=muted, version=Version(1, rev), cause="self", seq=seq)


def test_an_accepted_mute_is_a_fact_at_its_version(steps: Any) -> None:
    desk = muting(steps)
    orders = desk(signals.Accepted(generation=1, version=Version(1, 2)))
    assert orders == (Tell(outcome=Outcome.CONFIRMED, generation=1),)
    assert desk.state.observed.version == Version(1, 2)


def test_the_event_may_come_before_the_answer(steps: Any) -> None:
    desk = muting(steps)
    assert desk(own(2, 1)) == (Tell(outcome=Outcome.CONFIRMED, generation=1),)
    assert desk(signals.Accepted(generation=1, version=Version(1, 2))) == ()
    assert shown(desk.setup, desk.state) is Shown.MUTED


def test_an_answer_that_is_older_than_what_is_known_overwrites_nothing(steps: Any) -> None:
    desk = muting(steps)
    desk(signals.MuteEvent(muted=True, version=Version(1, 2), cause="default-reset"))
    desk(signals.MuteEvent(muted=False, version=Version(1, 3), cause="default-reset"))
    desk(signals.Accepted(generation=1, version=Version(1, 1)))
    assert desk.state.observed.version == Version(1, 3)
    assert shown(desk.setup, desk.state) is Shown.MUTING


@pytest.mark.parametrize(
    "answer",
    [
        signals.Accepted(generation=7, version=Version(1, 9)),
        signals.Refused(generation=7, why=Why.FINAL),
        signals.Lost(generation=7),
        signals.Unsent(generation=7),
    ],
)
def test_the_answer_of_another_generation_is_passed_over(
    steps: Any, answer: signals.Signal
) -> None:
    desk = muting(steps)
    before = desk.state
    assert desk(answer) == ()
    assert desk.state == before


def test_a_lost_answer_leaves_the_wish_unsure_and_asks_again(steps: Any) -> None:
    desk = muting(steps)
    (again,) = desk(signals.Lost(generation=1))
    assert again.generation == 1
    assert desk.state.progress is Progress.UNSURE
    assert shown(desk.setup, desk.state) is Shown.MUTING


def test_what_was_never_sent_is_due_as_before(steps: Any) -> None:
    desk = muting(steps)
    (again,) = desk(signals.Unsent(generation=1))
    assert again.generation == 1
    assert desk.state.progress is Progress.DUE


@pytest.mark.parametrize("why", [Why.FINAL, Why.FORCED])
@pytest.mark.parametrize("muted", [True, False])
def test_the_refusal_of_an_earlier_wish_says_nothing_of_a_newer_one(
    steps: Any, *, why: Why, muted: bool
) -> None:
    desk = muting(steps)
    desk(signals.Toggled(muted=muted))
    (newer,) = desk(signals.Refused(generation=1, why=why))
    assert isinstance(newer, SendMute)
    assert (newer.generation, newer.muted) == (2, muted)
    assert not desk.state.stopped


@pytest.mark.parametrize("why", [Why.NOT_CONNECTED, Why.PRECONDITION])
def test_a_reassertion_that_was_refused_has_fought_nobody(steps: Any, why: Why) -> None:
    """The device was away, or somebody came first; that is no mute that did not hold."""
    desk = steps().at_rest(muted=True)
    picture = signals.Snapshot(
        muted=False, version=Version(1, 2), cause="default-reset", status="connected"
    )
    desk(signals.MuteEvent(muted=False, version=Version(1, 2), cause="default-reset"))
    for _ in range(2 * desk.setup.reassertions):
        (again,) = [order for order in desk.orders if isinstance(order, SendMute)]
        assert again.reassertion
        desk(signals.Refused(generation=again.generation, why=why), picture)
    assert shown(desk.setup, desk.state) is Shown.MUTING


def test_a_mute_sent_for_an_earlier_wish_is_remembered_as_a_ghost(steps: Any) -> None:
    desk = muting(steps)
    desk(signals.Toggled(muted=False), signals.Lost(generation=1))
    assert desk.state.ghost
    assert desk.orders == (SendMute(generation=2, muted=False, if_match=Version(1, 1)),)


def test_a_device_that_is_not_connected_keeps_the_wish_waiting(steps: Any) -> None:
    desk = muting(steps)
    (ask,) = desk(signals.Refused(generation=1, why=Why.NOT_CONNECTED))
    assert isinstance(ask, AskSnapshot)
    assert shown(desk.setup, desk.state) is Shown.MUTING
    orders = desk(signals.StatusEvent(status="connected", version=Version(1, 1)))
    (again,) = [order for order in orders if isinstance(order, SendMute)]
    assert again.generation == 1


def test_a_stale_intent_is_one_that_the_server_has_already(steps: Any) -> None:
    desk = muting(steps)
    (ask,) = desk(signals.Refused(generation=1, why=Why.STALE))
    assert isinstance(ask, AskSnapshot)
    assert desk.state.progress is Progress.PROCESSED
    desk(
        signals.Snapshot(
            muted=True,
            version=Version(1, 2),
            cause="self",
            status="connected",
            asked=True,
            asked_at=Version(1, 2),
        )
    )
    assert shown(desk.setup, desk.state) is Shown.MUTED


def test_a_stale_intent_behind_somebody_elses_wish_is_overtaken(steps: Any) -> None:
    desk = muting(steps)
    desk(signals.Refused(generation=1, why=Why.STALE))
    look = signals.Snapshot(
        muted=False,
        version=Version(1, 3),
        cause="self",
        status="connected",
        asked=False,
        asked_at=Version(1, 3),
    )
    assert Tell(outcome=Outcome.OVERTAKEN, generation=1) in desk(look)


def test_a_failed_guard_looks_before_it_goes_again(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    desk(signals.MuteEvent(muted=False, version=Version(1, 2), cause="default-reset"))
    (ask,) = desk(signals.Refused(generation=1, why=Why.PRECONDITION))
    assert isinstance(ask, AskSnapshot)


def test_a_reassertion_refused_for_good_is_a_conflict(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    desk(signals.MuteEvent(muted=False, version=Version(1, 2), cause="default-reset"))
    (told,) = desk(signals.Refused(generation=1, why=Why.FINAL))
    assert told.outcome is Outcome.CONFLICT
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN
