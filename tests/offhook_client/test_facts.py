"""What the server says: order, gaps, snapshots, replay, and servers without versions."""

from typing import Any

import pytest

from offhook_client import signals
from offhook_client.models import Gate, Link, Shown, Version
from offhook_client.state import shown


def event(rev: int, *, muted: bool, cause: str = "admin", seq: int | None = None) -> Any:
    return signals.MuteEvent(muted=muted, version=Version(1, rev), cause=cause, seq=seq)


def look(rev: int, *, muted: bool, cause: str | None = None, status: str = "connected") -> Any:
    return signals.Snapshot(muted=muted, version=Version(1, rev), cause=cause, status=status)


ASK = signals.AskSnapshot


def test_nothing_is_certain_before_the_snapshot_that_follows_the_subscription(steps: Any) -> None:
    desk = steps()
    desk(signals.Established(client_id="c", snapshot=look(1, muted=True)), signals.Dialling())
    assert desk.orders == ()
    assert desk(signals.Subscribed(version=Version(1, 1))) == (ASK(reason="subscribed"),)
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN
    desk(look(1, muted=True))
    assert shown(desk.setup, desk.state) is Shown.MUTED


def test_events_that_come_while_reading_are_kept_and_played_after(steps: Any) -> None:
    desk = steps()
    desk(signals.Established(client_id="c", snapshot=look(1, muted=False)))
    desk(signals.Subscribed(version=Version(1, 1)), event(2, muted=True), event(3, muted=False))
    desk(event(4, muted=True))
    desk(look(3, muted=False))
    assert desk.state.observed.version == Version(1, 4)
    assert shown(desk.setup, desk.state) is Shown.MUTED


def test_an_old_event_after_a_new_one_changes_nothing(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(event(2, muted=True), event(3, muted=False, cause="self"))
    assert desk(event(2, muted=True)) == ()
    assert shown(desk.setup, desk.state) is Shown.LIVE


def test_an_event_of_an_earlier_epoch_is_old(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    late = signals.MuteEvent(muted=True, version=Version(0, 9), cause="admin")
    assert desk(late) == ()
    assert shown(desk.setup, desk.state) is Shown.LIVE


@pytest.mark.parametrize(
    "signal",
    [
        event(3, muted=True),
        signals.MuteEvent(muted=True, version=Version(2, 0), cause="admin"),
        signals.Beat(version=Version(1, 2)),
        signals.StatusEvent(status="connected", version=Version(1, 2)),
        signals.Garbled(),
    ],
    ids=["a hole", "a new epoch", "a heartbeat", "a status", "an unreadable frame"],
)
def test_what_was_missed_is_noticed_and_admitted(steps: Any, signal: signals.Signal) -> None:
    desk = steps().at_rest(muted=False)
    (ask,) = desk(signal)
    assert isinstance(ask, ASK)
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN


def test_a_status_that_changes_while_a_snapshot_is_read_is_read_once_more(steps: Any) -> None:
    """The snapshot may be older than the event, and statuses have no versions to tell."""
    desk = steps().at_rest(muted=False)
    desk(signals.Garbled())
    connected = signals.StatusEvent(status="connected", version=Version(1, 1))
    assert desk(connected) == (), "it was connected before"
    desk(signals.StatusEvent(status="disconnected", version=Version(1, 1)))
    desk(signals.Garbled())
    assert desk(connected) == (ASK(reason="status during a snapshot"),)
    desk(look(1, muted=False, status="connected"))
    assert shown(desk.setup, desk.state) is Shown.LIVE
    assert desk(signals.StatusEvent(status="disconnected", version=Version(1, 1))) == ()


def test_a_heartbeat_of_what_is_known_changes_nothing(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    assert desk(signals.Beat(version=Version(1, 1))) == ()
    assert shown(desk.setup, desk.state) is Shown.LIVE


def test_after_a_hole_the_stream_is_whole_again_from_the_event_on(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(event(3, muted=True), event(4, muted=False))
    desk(look(3, muted=True, cause="admin"))
    assert desk.state.link is Link.LIVE
    assert desk.state.heard == Version(1, 4)
    assert shown(desk.setup, desk.state) is Shown.LIVE


def test_a_snapshot_nobody_asked_for_is_passed_over(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(look(9, muted=True))
    assert desk.state.observed.version == Version(1, 1)


def test_a_replay_makes_the_belief_certain_when_it_has_caught_up(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(signals.LinkLost(), signals.Subscribed(version=Version(1, 3), recovered=True))
    desk(event(2, muted=True))
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN
    desk(event(3, muted=True))
    assert shown(desk.setup, desk.state) is Shown.MUTED


def test_a_link_that_is_lost_before_the_snapshot_was_read_asks_for_no_replay(steps: Any) -> None:
    """A heartbeat had told of version 2, which nobody has explained; then all was cut."""
    desk = steps().at_rest(muted=False)
    desk(signals.Beat(version=Version(1, 2)))
    desk(signals.LinkLost())
    assert desk.state.heard is None
    desk(signals.Subscribed(version=Version(1, 2)))
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN


def test_a_replay_that_breaks_off_is_noticed(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(signals.LinkLost(), signals.Subscribed(version=Version(1, 3), recovered=True))
    desk(event(2, muted=True))
    assert desk(signals.Beat(version=Version(1, 3))) == (ASK(reason="gap"),)


def test_a_replay_of_nothing_is_certain_at_once(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    desk(signals.LinkLost(), signals.Subscribed(version=Version(1, 1), recovered=True))
    assert shown(desk.setup, desk.state) is Shown.MUTED


def test_a_device_that_was_not_connected_is_so_after_a_replay_until_it_is_told(steps: Any) -> None:
    """The snapshot that tells may have to wait, as after a 429."""
    desk = steps().at_rest(muted=False)
    desk(signals.StatusEvent(status="disconnected", version=Version(1, 1)))
    desk(signals.LinkLost(), signals.Subscribed(version=Version(1, 1), recovered=True))
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN
    desk(look(1, muted=False))
    assert shown(desk.setup, desk.state) is Shown.LIVE


@pytest.mark.parametrize(
    "first",
    [
        event(2, muted=False),
        signals.Beat(version=Version(1, 2)),
        signals.StatusEvent(status="connected", version=Version(1, 2)),
        signals.Garbled(),
    ],
    ids=["an event", "a heartbeat", "a status", "an unreadable frame"],
)
def test_a_socket_whose_greeting_was_lost_is_read_all_the_same(
    steps: Any, first: signals.Signal
) -> None:
    desk = steps().at_rest(muted=True)
    desk(signals.LinkLost())
    (ask,) = desk(first)
    assert isinstance(ask, ASK)
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN
    desk(look(2, muted=True, cause="self"))
    assert desk.state.link is Link.LIVE


def test_without_a_device_no_frame_means_anything(steps: Any) -> None:
    desk = steps().at_rest(muted=True)
    desk(signals.Gone())
    assert desk(event(2, muted=False), signals.Beat(version=Version(1, 9))) == ()
    assert desk(signals.Garbled()) == ()
    assert desk.state.link is Link.DOWN


def test_the_last_wish_behind_a_reset_is_adopted_and_mended(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(signals.LinkLost(), signals.Subscribed(version=Version(1, 3)))
    orders = desk(
        signals.Snapshot(
            muted=False,
            version=Version(1, 3),
            cause="default-reset",
            status="connected",
            asked=True,
            asked_at=Version(1, 2),
        )
    )
    assert orders == (
        signals.MoveGate(position=Gate.CUT),
        signals.SendMute(generation=1, muted=True, if_match=Version(1, 3), reassertion=True),
    )


def thought_gone(steps: Any, *, own: bool = True) -> Any:
    """An unmute after a mute, own or by an administrator; the device is answered 404 for."""
    desk = steps().at_rest(muted=False)
    if own:
        desk(signals.Toggled(muted=True), signals.Accepted(generation=1, version=Version(1, 2)))
        desk(event(2, muted=True, cause="self", seq=1), signals.Toggled(muted=False))
    else:
        desk(signals.Toggled(muted=False), event(2, muted=True))
    desk(signals.Gone())
    return desk


def found_again(*, again: bool, by: str = "self") -> signals.Established:
    asked = signals.Snapshot(
        muted=True,
        version=Version(1, 2),
        cause=by,
        status="connected",
        asked=True,
        asked_at=Version(1, 2),
    )
    return signals.Established(client_id="c", snapshot=asked, again=again)


def test_an_own_mute_that_an_unmute_has_answered_is_nobody_elses_on_the_same_device(
    steps: Any,
) -> None:
    """A 404 of a device that is there all the same must not lose the press."""
    desk = thought_gone(steps)
    orders = desk(found_again(again=True))
    assert not any(isinstance(order, signals.Tell) for order in orders)
    orders = desk(signals.Subscribed(version=Version(1, 2)), found_again(again=True).snapshot)
    unmute = signals.SendMute(generation=2, muted=False, if_match=Version(1, 2))
    assert unmute in orders


def test_who_unmutes_before_the_mute_was_answered_is_not_overtaken_by_it(steps: Any) -> None:
    desk = steps().at_rest(muted=False)
    desk(signals.Toggled(muted=True), signals.Toggled(muted=False))
    desk(signals.Accepted(generation=1, version=Version(1, 2)), signals.Gone())
    orders = desk(found_again(again=True))
    assert not any(isinstance(order, signals.Tell) for order in orders)
    assert shown(desk.setup, desk.state) is Shown.UNKNOWN


def test_on_another_device_no_version_of_before_counts(steps: Any) -> None:
    orders = thought_gone(steps)(found_again(again=False))
    assert signals.Tell(outcome=signals.Outcome.OVERTAKEN, generation=2) in orders


def test_a_later_mute_by_other_hands_still_overtakes_on_the_same_device(steps: Any) -> None:
    desk = thought_gone(steps, own=False)
    desk(found_again(again=True, by="admin"))
    desk(signals.Subscribed(version=Version(1, 2)), found_again(again=True, by="admin").snapshot)
    assert desk.state.desired.muted
    assert shown(desk.setup, desk.state) is Shown.MUTED


class TestWithoutVersions:
    """A server that says neither epoch nor rev."""

    def rest(self, steps: Any, *, muted: bool) -> Any:
        desk = steps()
        self.picture = signals.Snapshot(muted=muted, version=None, cause=None, status="connected")
        desk(signals.Established(client_id="c", snapshot=self.picture))
        desk(signals.Subscribed(version=None), self.picture)
        return desk

    def test_events_count_in_the_order_in_which_they_come(self, steps: Any) -> None:
        desk = self.rest(steps, muted=False)
        desk(signals.MuteEvent(muted=True, version=None, cause="admin"))
        assert shown(desk.setup, desk.state) is Shown.MUTED
        desk(signals.MuteEvent(muted=False, version=None, cause="admin"))
        assert shown(desk.setup, desk.state) is Shown.LIVE

    def test_an_event_that_changes_the_picture_is_read_after(self, steps: Any) -> None:
        """It may have been overtaken by a later one: nothing in it tells."""
        desk = self.rest(steps, muted=True)
        late = signals.MuteEvent(muted=False, version=None, cause="admin")
        assert desk(signals.MuteEvent(muted=True, version=None, cause="admin")) == ()
        assert ASK(reason="event without a version") in desk(late)
        desk(signals.Snapshot(muted=True, version=None, cause="admin", status="connected"))
        assert shown(desk.setup, desk.state) is Shown.MUTED
        assert desk.state.desired.muted

    def overtaken(self, steps: Any) -> Any:
        """An old mute by others comes after the person's unmute."""
        desk = self.rest(steps, muted=True)
        desk(signals.Toggled(muted=False), signals.Accepted(generation=1, version=None))
        self.live = signals.Snapshot(
            muted=False, version=None, cause="self", status="connected", asked=False
        )
        desk(self.live)
        assert shown(desk.setup, desk.state) is Shown.LIVE
        desk(signals.MuteEvent(muted=True, version=None, cause="admin"))
        assert shown(desk.setup, desk.state) is Shown.MUTED
        assert desk.state.gate is Gate.CUT
        return desk

    def test_an_old_mute_that_came_late_was_no_new_wish(self, steps: Any) -> None:
        desk = self.overtaken(steps)
        assert desk(self.live) == (signals.MoveGate(position=Gate.OPEN),)
        assert shown(desk.setup, desk.state) is Shown.LIVE

    def test_what_is_pressed_meanwhile_counts(self, steps: Any) -> None:
        desk = self.overtaken(steps)
        desk(signals.Toggled(muted=True), self.live)
        assert desk.state.desired.muted
        assert desk.state.gate is Gate.CUT

    def test_once_the_link_was_lost_a_mute_that_is_seen_no_more_may_have_been_reset(
        self, steps: Any
    ) -> None:
        desk = self.overtaken(steps)
        desk(signals.LinkLost(), signals.Subscribed(version=None))
        orders = desk(self.live)
        assert desk.state.desired.muted
        assert isinstance(orders[-1], signals.SendMute)

    def test_an_answer_proves_nothing_until_a_snapshot_does(self, steps: Any) -> None:
        desk = self.rest(steps, muted=False)
        desk(signals.Toggled(muted=True))
        (ask,) = desk(signals.Accepted(generation=1, version=None))
        assert isinstance(ask, ASK)
        assert shown(desk.setup, desk.state) is Shown.MUTING
        desk(signals.Snapshot(muted=True, version=None, cause="self", status="connected"))
        assert shown(desk.setup, desk.state) is Shown.MUTED

    def test_a_mute_that_a_snapshot_denies_is_asserted_again(self, steps: Any) -> None:
        desk = self.rest(steps, muted=False)
        desk(signals.Toggled(muted=True), signals.Accepted(generation=1, version=None))
        orders = desk(self.picture)
        assert orders[-1] == signals.SendMute(
            generation=2, muted=True, if_match=None, reassertion=True
        )

    def test_an_unmute_that_a_snapshot_denies_is_overtaken(self, steps: Any) -> None:
        desk = self.rest(steps, muted=True)
        desk(signals.Toggled(muted=False), signals.Accepted(generation=1, version=None))
        (told,) = desk(self.picture)
        assert told.outcome is signals.Outcome.OVERTAKEN

    def test_a_snapshot_that_an_event_crossed_is_read_again(self, steps: Any) -> None:
        desk = self.rest(steps, muted=False)
        desk(signals.LinkLost(), signals.Subscribed(version=None))
        desk(signals.MuteEvent(muted=True, version=None, cause="admin"))
        (again,) = desk(self.picture)
        assert isinstance(again, ASK)
        assert shown(desk.setup, desk.state) is Shown.UNKNOWN
