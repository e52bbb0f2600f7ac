"""Mutants that take order wrongly: versions, epochs, duplicates, other hands."""

from typing import Any

from msgspec.structs import replace

from offhook_client import answers, facts, signals
from offhook_client.http import Reply
from offhook_client.models import Version
from offhook_client.sender import Sender
from offhook_client.signals import Order, SendMute, Signal
from offhook_client.state import Fact, Setup, State
from offhook_scenarios.mutants.mutant import Mutant
from offhook_scenarios.mutants.steps import (
    MUTE,
    READ,
    answered,
    cut,
    force,
    mute,
    news_late,
    news_lost,
    news_overtaken,
    plan,
    restart,
    slow,
    unmute,
)
from offhook_scenarios.mutants.works import MutantReconciler, Works, grafted, swap
from offhook_scenarios.oracles.finding import Invariant

_STUDY = "the catalogue of our study"


def _always(*_: object) -> bool:
    return True


def _never(*_: object) -> bool:
    return False


def snapshot_clobbers(works: Works) -> None:
    """A snapshot is believed whatever its version."""
    take = grafted(facts._take_snapshot, newer=_always)
    works.handle({signals.Snapshot: grafted(facts.snapshot, _take_snapshot=take)})


def old_event_wins(works: Works) -> None:
    """An event is believed whatever its version."""
    hear = grafted(facts._hear, newer=_always)
    works.handle({signals.MuteEvent: grafted(facts.event, _hear=hear)})


def trust_response(works: Works) -> None:
    """A 2xx sets what was sent, though the socket may have told of something newer since."""
    sent: dict[int, bool] = {}

    class Remembers(Sender):
        async def _attempt(self, order: SendMute, client_id: str) -> Reply:
            sent[order.generation] = order.muted
            return await super()._attempt(order, client_id)

    def accepted(
        setup: Setup, state: State, signal: signals.Accepted, orders: list[Order]
    ) -> State:
        state = answers.accepted(setup, state, signal, orders)
        fact = Fact(sent[signal.generation], signal.version, "self")
        return replace(state, observed=fact)

    swap(works.sender, Remembers)
    works.handle({signals.Accepted: accepted})


class _ByRev(Version, frozen=True):
    """A version whose epoch counts for nothing."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self.rev == other.rev

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.rev)

    def __lt__(self, other: Version) -> bool:
        return self.rev < other.rev

    def __le__(self, other: Version) -> bool:
        return self.rev <= other.rev

    def __gt__(self, other: Version) -> bool:
        return self.rev > other.rev

    def __ge__(self, other: Version) -> bool:
        return self.rev >= other.rev


def ignore_epoch(works: Works) -> None:
    """Versions are compared by rev alone, and outlive the device that they were of."""

    class Forgetful(MutantReconciler):
        def receive(self, signal: Signal, *, now: float) -> None:
            super().receive(_without_epochs(signal), now=now)

    def gone(setup: Setup, state: State, signal: signals.Gone, orders: list[Order]) -> State:
        after = facts.gone(setup, state, signal, orders)
        return replace(after, heard=state.heard)

    def established(
        setup: Setup, state: State, signal: signals.Established, orders: list[Order]
    ) -> State:
        return facts.established(setup, state, replace(signal, again=True), orders)

    swap(works.reconciler, Forgetful)
    works.handle({signals.Gone: gone, signals.Established: established})


def _without_epochs(signal: Signal) -> Signal:
    changes: dict[str, Any] = {}
    for name in ("version", "asked_at"):
        version = getattr(signal, name, None)
        if version is not None:
            changes[name] = _ByRev(version.epoch, version.rev)
    snapshot = getattr(signal, "snapshot", None)
    if snapshot is not None:
        changes["snapshot"] = _without_epochs(snapshot)
    return replace(signal, **changes)


def gap_ignored(works: Works) -> None:
    """A version that was skipped, or that a heartbeat tells of, makes it ask nothing."""

    def beat(
        _setup: Setup,
        state: State,
        signal: signals.Beat | signals.StatusEvent,
        _orders: list[Order],
    ) -> State:
        status = signal.status if isinstance(signal, signals.StatusEvent) else state.status
        return replace(state, status=status)

    works.handle(
        {
            signals.MuteEvent: grafted(facts.event, _is_gap=_never),
            signals.Beat: beat,
            signals.StatusEvent: beat,
        }
    )


def own_overtakes(works: Works) -> None:
    """Its own write, heard on the socket, counts as somebody else's."""

    class Stranger(MutantReconciler):
        def receive(self, signal: Signal, *, now: float) -> None:
            if isinstance(signal, signals.MuteEvent):
                signal = replace(signal, seq=None)
            super().receive(signal, now=now)

    swap(works.reconciler, Stranger)


def late_causality(works: Works) -> None:
    """An unmute is compared with what is known when it is sent, not when it was asked for."""

    def overtaken(state: State, _orders: list[Order]) -> State:
        return state

    works.step(overtaken=overtaken)


def no_if_match(works: Works) -> None:
    """An unmute is sent without a precondition."""

    class Unconditional(Sender):
        async def _attempt(self, order: SendMute, client_id: str) -> Reply:
            return await super()._attempt(replace(order, if_match=None), client_id)

    swap(works.sender, Unconditional)


def matches_by_value(works: Works) -> None:
    """An acknowledgement is known by its value: mute, unmute, mute, and the first one settles."""
    works.rules(match_generation=False)


def adopts_at_once(works: Works) -> None:
    """What others did is adopted though it may be older than the wish that is under way."""
    works.rules(hold_external=False)


_SUPERVISOR_BEFORE_UNMUTE = plan(
    mute(1),
    slow(3, MUTE, 3, when="request"),
    unmute(3.1),
    force(4.5, muted=True),
)

MUTANTS = (
    Mutant(
        name="snapshot_clobbers",
        bug="a snapshot is applied without looking at its version",
        ports=_STUDY,
        patch=snapshot_clobbers,
        caught_by=(Invariant.I4, Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(mute(1), cut(2), slow(2, READ, 3), force(4, muted=False)),
    ),
    Mutant(
        name="old_event_wins",
        bug="an event is applied without looking at its version",
        ports=_STUDY,
        patch=old_event_wins,
        caught_by=(Invariant.I4, Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(news_overtaken(1, 3), force(1.1, muted=True), force(2, muted=False)),
    ),
    Mutant(
        name="trust_response",
        bug="the answer to a mute overwrites a newer event",
        ports=_STUDY,
        patch=trust_response,
        caught_by=(Invariant.I4, Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(slow(1, MUTE, 2), mute(1.1), force(2, muted=False)),
    ),
    Mutant(
        name="ignore_epoch",
        bug="versions are compared without their epoch, and kept when the device is another",
        ports=_STUDY,
        patch=ignore_epoch,
        caught_by=(Invariant.I1, Invariant.I2, Invariant.I3),
        plan=plan(unmute(1), unmute(2), restart(3, 2, keeps_state=False)),
    ),
    Mutant(
        name="gap_ignored",
        bug="a lost event is never missed: neither the next version nor a heartbeat makes it look",
        ports=_STUDY,
        patch=gap_ignored,
        caught_by=(Invariant.I1, Invariant.I3),
        plan=plan(news_lost(1), force(1.1, muted=True)),
    ),
    Mutant(
        name="own_overtakes",
        bug="its own write, heard on the socket, counts as somebody else's",
        ports=_STUDY,
        patch=own_overtakes,
        caught_by=(Invariant.I14,),
        plan=plan(mute(1), unmute(1)),
    ),
    Mutant(
        name="late_causality",
        bug="the precondition of an unmute is taken when it is sent, not when it was asked for",
        ports=_STUDY,
        patch=late_causality,
        caught_by=(Invariant.I7,),
        plan=_SUPERVISOR_BEFORE_UNMUTE,
    ),
    Mutant(
        name="no_if_match",
        bug="an unmute is sent without a precondition",
        ports=_STUDY,
        patch=no_if_match,
        caught_by=(Invariant.I7,),
        plan=_SUPERVISOR_BEFORE_UNMUTE,
    ),
    Mutant(
        name="matches_by_value",
        bug="an acknowledgement is known by its value and not by its number",
        ports=_STUDY,
        patch=matches_by_value,
        caught_by=(Invariant.I14,),
        plan=plan(
            slow(1, MUTE, 3),
            news_late(1, 3),
            mute(1.1),
            force(2, muted=False),
            mute(2.6),
        ),
    ),
    Mutant(
        name="adopts_at_once",
        bug="what others did is adopted though the wish that is under way may be newer",
        ports=_STUDY,
        patch=adopts_at_once,
        caught_by=(Invariant.I14,),
        plan=plan(
            news_late(1, 3),
            force(1.1, muted=False),
            answered(1.2, MUTE, 429, retry_after_s=5),
            mute(1.5),
        ),
    ),
)
