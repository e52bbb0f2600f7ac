"""What one desk knows, as a frozen value, and how that is shown.

`offhook_client.protocol` steps it. It can be hashed and compared, which the exhaustive search
needs; times in it are relative, so that the passing of time makes no new states.
"""

from enum import StrEnum

import msgspec

from offhook_client.models import Belief, Gate, Link, Shown, Source, Version
from offhook_client.signals import MuteEvent, SendMute

CONNECTED = "connected"
"""The status in which a device carries audio and may be muted."""


UNCLEAR = "unclear"
"""The cause of a mute that may have been an earlier wish of this very desk."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The client's eight of the ten rules that make mute converge. All hold; leave them so.

    They can be taken away one by one so that tests can prove each of them needed: without it,
    the exhaustive search finds a wrong display or a lost intent. Rules 4 and 8 are the server's.
    """

    snapshot_after_subscribing: bool = True
    """1: subscribe, then read, keeping what comes meanwhile."""
    order_by_version: bool = True
    """2: what is not newer is passed over; while the link is down nothing is claimed."""
    hold_external: bool = True
    """3: while a person's wish is pending, others' wishes wait until versions can decide."""
    always_send: bool = True
    """5: a person's wish is sent, even when it seems to change nothing."""
    heed_last_intent: bool = True
    """6: a snapshot tells what was last asked for, apart from what is in effect."""
    match_generation: bool = True
    """7: an acknowledgement is known by its generation, never by its value."""
    yield_reassertions: bool = True
    """9: an automatic re-assertion holds nothing back."""
    guard_reassertions: bool = True
    """10: an automatic re-assertion is compare-and-set."""


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """What does not change while a desk lives."""

    rules: Rules = Rules()
    reassertions: int = 5
    """So many within `reassertion_window_s`, then the conflict is told instead of fought."""
    reassertion_window_s: float = 60.0
    poll_s: float = 5.0
    """How long a device may be away from `connected` before it is looked at again."""


class Progress(StrEnum):
    """How far a person's wish has come."""

    SETTLED = "settled"
    """None is pending."""
    DUE = "due"
    """To be sent, or in the air for the first time."""
    UNSURE = "unsure"
    """Sent, and the answer was lost: to be sent again, under the same key."""
    PROCESSED = "processed"
    """The server has it, in an order that a snapshot must tell."""


class Wish(msgspec.Struct, frozen=True):
    """What is desired."""

    muted: bool
    generation: int
    source: Source
    version: Version | None = None
    """The one that made it a fact; None as long as it is none."""
    seen: Version | None = None
    """What was known when the person made it: what others did up to there, it answers."""


class Fact(msgspec.Struct, frozen=True):
    """What the server said."""

    muted: bool
    version: Version | None
    cause: str | None


class Flight(msgspec.Struct, frozen=True):
    """A mute in the air."""

    generation: int
    muted: bool
    if_match: Version | None
    reassertion: bool


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a desk knows."""

    client_id: str | None = None
    status: str | None = None
    desired: Wish | None = None
    generation: int = 0
    """The last number given to a request of this instance: its `Offhook-Intent` sequence."""
    progress: Progress = Progress.SETTLED
    ghost: bool = False
    """An own mute of an *earlier* wish may have had its effect, or may yet have it."""
    flight: Flight | None = None
    observed: Fact | None = None
    heard: Version | None = None
    """Every set up to this version was heard on the socket, or told by a resync."""
    held: Fact | None = None
    """Somebody else's wish, waiting for the pending one."""
    displaced: Wish | None = None
    """What was desired before an event without a version, until a snapshot has confirmed that."""
    link: Link = Link.DOWN
    asking: bool = False
    """A snapshot is being read."""
    buffered: tuple[MuteEvent, ...] = ()
    catch_up: Version | None = None
    """After a recovered subscription: where the replay will have caught up."""
    gate: Gate = Gate.CUT
    stopped: bool = False
    """Nothing is re-asserted until somebody wishes anew: conflict, or a final refusal."""
    reassertion_ages_s: tuple[float, ...] = ()
    poll_in_s: float | None = None

    @property
    def pending(self) -> bool:
        """A person's wish is not settled."""
        return self.progress is not Progress.SETTLED

    @property
    def outvoted(self) -> bool:
        """A person's unmute is pending, and somebody is known to have muted since it was asked."""
        wish, held = self.desired, self.held
        if not self.pending or wish is None or held is None:
            return False
        return held.muted and not wish.muted and held.cause != UNCLEAR

    def wants(self, order: SendMute) -> bool:
        """Whether a mute that is about to be sent is still what is wanted.

        An unmute that nothing keeps from undoing somebody's mute is not, once that is known.
        """
        wish = self.desired
        if wish is None or wish.muted != order.muted:
            return False
        if self.outvoted and order.if_match is None:
            return False
        return not self.pending if order.reassertion else order.generation == wish.generation


def shown(setup: Setup, state: State) -> Shown:
    """What a person is told. Never `muted` without the server's confirmation.

    Nor `live` while nobody is heard: the device is known not to be connected, or a mute was
    refused for good or would not hold, and only the gate is cut.
    """
    if state.observed is None or state.desired is None:
        return Shown.UNKNOWN
    if state.link is not Link.LIVE and setup.rules.order_by_version:
        return Shown.UNKNOWN
    if state.pending:
        return Shown.MUTING if state.desired.muted else Shown.UNMUTING
    if state.desired.muted and not state.observed.muted:
        # A mute that cannot be had: the server is live, and behind the cut gate nobody is heard.
        return Shown.UNKNOWN if state.stopped else Shown.MUTING
    if state.observed.muted:
        return Shown.MUTED
    return Shown.LIVE if state.status in {None, CONNECTED} else Shown.UNKNOWN


def believe(setup: Setup, state: State) -> Belief:
    """The public picture of a state."""
    return Belief(
        shown=shown(setup, state),
        gate=state.gate,
        desired=state.desired.muted if state.desired else None,
        source=state.desired.source if state.desired else None,
        observed=state.observed.muted if state.observed else None,
        version=state.observed.version if state.observed else None,
        cause=state.observed.cause if state.observed else None,
        link=state.link,
        status=state.status,
        client_id=state.client_id,
    )
