"""The judge. Pure: from a history to the stretches of time in which the screen lied.

The caller *could hear* the agent at a moment when some device of the agent carried media, was
not muted on the server, and the client's own gate was open or unknown.

* `LIVE`: the screen said muted while the caller could hear.
* `UNHEARD`: the screen said live while the caller could not hear.

"muting", "unmuting" and "unknown" claim nothing, so they never lie. News needs time to travel:
a stretch no longer than the exposure budget is a slip, which is reported and is no lie.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from offhook.domain.views import Status
from offhook_scenarios.adapters.adapter import UNAWARE, Belief, Gate, Shown
from offhook_scenarios.history import History, Truth, states

EXPOSURE_BUDGET_S = 2.0
"""How long a screen may be wrong before it is a lie, unless the judge is told otherwise."""

CARRIES_MEDIA = frozenset({Status.CONNECTED, Status.DISCONNECTED})
"""Where audio flows. Evidence: assumed.

The event socket is signalling; audio takes a path of its own. So a device that lost its
socket, and that the API calls disconnected, may well be heard. Audio has not begun while a
device initializes, and has ended once its session terminates.
"""


class Lie(StrEnum):
    """The two ways in which a screen can be wrong about the microphone."""

    LIVE = "LIVE"
    UNHEARD = "UNHEARD"

    @property
    def meaning(self) -> str:
        """In words, for reports."""
        return _MEANINGS[self]

    @property
    def invariant(self) -> str:
        """The number of the invariant that it breaks."""
        return _INVARIANTS[self]


_INVARIANTS = {Lie.LIVE: "I2", Lie.UNHEARD: "I3"}
_MEANINGS = {
    Lie.LIVE: "screen muted, caller could hear",
    Lie.UNHEARD: "screen live, caller could not",
}


class Stretch(msgspec.Struct, frozen=True, order=True):
    """A time in which the screen was wrong in one way, `[start, end)`."""

    start: float
    end: float
    lie: Lie

    @property
    def duration_s(self) -> float:
        """How long it lasted, in seconds of the org's clock."""
        return self.end - self.start


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the judge found in one history."""

    lies: tuple[Stretch, ...] = ()
    slips: tuple[Stretch, ...] = ()
    """Stretches no longer than the budget."""
    wish_lost: bool = False
    """At the end the server does not hold what the agent last asked for, though nobody else has
    acted since. No lie if the screen says so, but worth telling."""
    unexercised: tuple[str, ...] = ()
    """Planned faults that never bit: the session proved less than it says."""

    def total_s(self, lie: Lie) -> float:
        """All stretches of one lie together, in seconds."""
        return sum(stretch.duration_s for stretch in self.lies if stretch.lie is lie)

    def longest_s(self, lie: Lie) -> float:
        """The longest stretch of one lie, in seconds; 0.0 without any."""
        return max((stretch.duration_s for stretch in self.lies if stretch.lie is lie), default=0.0)


def judge(history: History, *, budget_s: float = EXPOSURE_BUDGET_S) -> Verdict:
    """Judge one history. `budget_s` is the longest stretch that is a slip, 0 or more."""
    assert budget_s >= 0, f"an exposure budget of {budget_s} s"
    wrong = tuple(stretches(history))
    return Verdict(
        lies=tuple(s for s in wrong if s.duration_s > budget_s),
        slips=tuple(s for s in wrong if s.duration_s <= budget_s),
        wish_lost=_wish_lost(history),
        unexercised=tuple(trouble.name for trouble in history.troubles if not trouble.bites),
    )


def stretches(history: History) -> Iterator[Stretch]:
    """All times in which the screen was wrong, in order, neighbours of one kind joined."""
    lie, since = None, history.began
    for start, next_lie in _pieces(history):
        if next_lie is lie:
            continue
        if lie is not None:
            yield Stretch(since, start, lie)
        lie, since = next_lie, start
    if lie is not None:
        yield Stretch(since, history.ended, lie)


def wrong_at(belief: Belief, devices: Iterable[Truth]) -> Lie | None:
    """Whether, and how, a screen is wrong at one moment."""
    heard = hears(belief, devices)
    if belief.shown is Shown.MUTED and heard:
        return Lie.LIVE
    if belief.shown is Shown.LIVE and not heard:
        return Lie.UNHEARD
    return None


def hears(belief: Belief, devices: Iterable[Truth]) -> bool:
    """Whether the caller could hear the agent."""
    return belief.microphone is not Gate.CUT and any(map(audible, devices))


def is_right(belief: Belief, devices: Iterable[Truth]) -> bool:
    """Whether a screen claims something, and it is so."""
    return belief.shown in {Shown.MUTED, Shown.LIVE} and wrong_at(belief, devices) is None


def audible(device: Truth) -> bool:
    """Whether this device lets the microphone through to the caller, whatever the gate does."""
    return device.status in CARRIES_MEDIA and not device.muted


def _pieces(history: History) -> Iterator[tuple[float, Lie | None]]:
    """Where each piece of constant truth and belief starts, and how the screen is wrong in it.

    News of one moment counts as one. What is older than the session is what it began with.
    """
    lie, at = wrong_at(UNAWARE, ()), history.began
    for news_at, belief, devices in states(history, before=history.ended):
        if news_at > at:
            yield at, lie
            at = news_at
        lie = wrong_at(belief, devices.values())
    if at < history.ended:
        yield at, lie


def _wish_lost(history: History) -> bool:
    """Whether the last thing that anybody did was a wish of the agent, and it was not fulfilled."""
    if not history.acts or history.acts[-1].wish is None:
        return False
    last = {truth.device_id: truth for truth in history.truths}
    return history.acts[-1].wish == any(map(audible, last.values()))
