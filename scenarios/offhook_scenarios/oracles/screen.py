"""What a screen said and what was true, moment by moment."""

from bisect import bisect_left, bisect_right
from operator import attrgetter

from offhook.domain.views import Status
from offhook_scenarios.adapters.adapter import UNAWARE, Belief, Gate, Shown
from offhook_scenarios.history import History, Truth, states
from offhook_scenarios.verdict import is_right

CLAIMS = {Shown.MUTED: True, Shown.LIVE: False}
"""What says something of the server; muting, unmuting and unknown claim nothing."""
PENDING = {Shown.MUTING: True, Shown.UNMUTING: False}
_AT = attrgetter("at")


def claim(belief: Belief) -> bool | None:
    """What the belief claims the server holds: muted, or not; None when it claims nothing.

    Who shows "muted" because the own gate is cut, and names no version, speaks of the microphone:
    that is true whatever the server holds.
    """
    if belief.shown is Shown.MUTED and belief.gate is Gate.CUT and belief.version is None:
        return None
    return CLAIMS.get(belief.shown)


def right_since(history: History, at: float) -> float | None:
    """Since when the screen has said what is so, looking back from just before `at`."""
    since: float | None = None
    for entry_at, belief, truths in states(history, before=at):
        if not is_right(belief, truths.values()):
            since = None
        elif since is None:
            since = entry_at
    return since


def belief_at(history: History, at: float) -> Belief:
    """What was believed at `at`, news of that moment included."""
    count = bisect_right(history.sightings, at, key=_AT)
    return history.sightings[count - 1].belief if count else UNAWARE


def belief_before(history: History, before: float) -> Belief:
    """What was believed just before that."""
    count = bisect_left(history.sightings, before, key=_AT)
    return history.sightings[count - 1].belief if count else UNAWARE


def held_at(history: History, at: float) -> bool | None:
    """What the server held of the newest device at `at`; None before there was one."""
    count = bisect_right(history.truths, at, key=_AT)
    return history.truths[count - 1].muted if count else None


def held_before(history: History, before: float) -> bool | None:
    """What the server held of the newest device just before that; None before there was one."""
    count = bisect_left(history.truths, before, key=_AT)
    return history.truths[count - 1].muted if count else None


DISCONNECTED = f"the device is {Status.DISCONNECTED.value}"
"""What `in_words` says of a device whose event socket has been gone for a while."""


def in_words(history: History, at: float) -> str:
    """What is shown and held just before `at`."""
    *_, (_, belief, truths) = [(at, UNAWARE, dict[str, Truth]()), *states(history, before=at)]
    held = ", ".join(
        f"{truth.status.value} and {'muted' if truth.muted else 'live'}"
        for truth in truths.values()
    )
    return f"it says {belief.shown.value}, the device is {held or 'not there'}"


def word(muted: bool) -> str:  # noqa: FBT001 - the value itself.
    """`muted` or `live`."""
    return "muted" if muted else "live"
