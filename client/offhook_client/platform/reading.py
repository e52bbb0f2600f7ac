"""What the platform's words mean to the protocol, where there are no versions.

An event tells *that* something has changed, never what is: no version says whether it is older
than what is known already. So an event is only a reason to read, and all that is ever shown was
read after the last thing that gave reason to doubt it. Orders of events thereby do not matter.

A read tells no hand either. A mute that appeared without this desk's doing is somebody's wish; an
unmute is none, for without numbers it may be an old one of this desk, come late. Mute wins.
"""

from offhook_client import signals
from offhook_client.models import Link
from offhook_client.platform.models import Leg
from offhook_client.signals import Signal, Snapshot
from offhook_client.state import CONNECTED, Progress, State

OTHERS = "native"
"""The protocol's word for hands that wish when they mute, and do not when they unmute."""


def hint(state: State, leg: Leg) -> Signal:
    """An event about a call that is known: nothing new, or a reason to read."""
    if state.link is Link.LIVE and leg.live and leg.muted == _expected(state):
        return signals.Beat()
    return signals.Garbled()


def _expected(state: State) -> bool | None:
    """What an event may say without giving reason to doubt."""
    if state.pending and state.held is None and _is_followed_by_a_read(state):
        # A read that contradicts the answer is repeated if an event came since.
        return state.desired.muted if state.desired is not None else None
    if state.asking or state.observed is None:
        return None
    return state.observed.muted


def _is_followed_by_a_read(state: State) -> bool:
    return not state.asking or state.progress is Progress.PROCESSED


def snapshot(state: State, leg: Leg) -> Snapshot:
    """A leg that was read. Its mute is somebody else's if it cannot be this desk's."""
    rose = leg.muted and state.observed is not None and not state.observed.muted
    return Snapshot(
        muted=leg.muted,
        version=None,
        cause=OTHERS if rose and not _may_be_own(state) else None,
        status=CONNECTED,
    )


def _may_be_own(state: State) -> bool:
    """A mute of this desk may have had its effect, or may yet have it."""
    if state.ghost or (state.flight is not None and state.flight.muted):
        return True
    return state.pending and state.desired is not None and state.desired.muted


def is_early(state: State, leg: Leg) -> bool:
    """The read contradicts what was answered 202: it may not have been applied yet."""
    wish = state.desired
    return state.progress is Progress.PROCESSED and wish is not None and wish.muted != leg.muted


def read(state: State, leg: Leg) -> tuple[Signal, ...]:
    """A leg that was read, when there is nothing to wait for any more.

    A mute that was answered 202 and is not there is wished for once more. An unmute is not: what
    is there now may be somebody's mute, and nothing tells.
    """
    if state.asking:
        if is_early(state, leg) and not leg.muted:
            return signals.Toggled(muted=True), snapshot(state, leg)
        return (snapshot(state, leg),)
    if state.pending or (state.observed is not None and state.observed.muted == leg.muted):
        return ()
    return signals.Garbled(), snapshot(state, leg)
