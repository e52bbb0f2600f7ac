"""What the server says by socket and by snapshot. A part of `protocol`."""

from msgspec.structs import replace

from offhook_client import signals
from offhook_client.models import Link, Version
from offhook_client.signals import Order
from offhook_client.state import CONNECTED, UNCLEAR, Fact, Progress, Setup, State
from offhook_client.wishes import (
    adopt,
    claim,
    is_claim,
    newer,
    overtaken,
    own,
    settle,
    settle_by_snapshot,
)

_OTHER_HANDS = {"admin", "native", "headset"}


def ask(state: State, reason: str, orders: list[Order]) -> State:
    """A snapshot is needed. One that is being read is abandoned."""
    orders.append(signals.AskSnapshot(reason=reason))
    return replace(state, asking=True)


def resync(state: State, reason: str, orders: list[Order]) -> State:
    """What is known is in doubt until a snapshot has been read."""
    return ask(replace(state, link=Link.SUBSCRIBING, catch_up=None), reason, orders)


def event(setup: Setup, state: State, signal: signals.MuteEvent, orders: list[Order]) -> State:
    """`muteChanged`: a fact, and perhaps a wish or the echo of an own one."""
    version = signal.version
    if state.link is Link.DOWN:
        heard = None if version is None else Version(version.epoch, version.rev - 1)
        state = _ungreeted(state, heard, orders)
    if state.link is Link.SUBSCRIBING and state.catch_up is None:
        return replace(state, buffered=(*state.buffered, signal))
    if state.link is Link.DOWN:
        return state
    if version is None and (state.asking or _differs(state.observed, signal)):
        # It may be older than what is being read, or than the event before: nothing tells.
        wish = state.desired
        state = _hear(setup, ask(state, "event without a version", orders), signal, orders)
        same = wish == state.desired or state.displaced is not None
        return state if same else replace(state, displaced=wish)
    if setup.rules.order_by_version and version is not None:
        if _is_gap(state.heard, version):
            # What lies between was lost; from this event on, the socket tells all again.
            before = Version(version.epoch, version.rev - 1)
            return resync(replace(state, heard=before, buffered=(signal,)), "gap", orders)
        state = replace(state, heard=version if newer(version, state.heard) else state.heard)
    return _hear(setup, state, signal, orders)


def _differs(seen: Fact | None, signal: signals.MuteEvent) -> bool:
    return seen is not None and seen.muted != signal.muted


def _hear(setup: Setup, state: State, signal: signals.MuteEvent, orders: list[Order]) -> State:
    """An event in its turn."""
    seen, version = state.observed, signal.version
    fact = Fact(signal.muted, version, signal.cause)
    if seen is None or not setup.rules.order_by_version or newer(version, seen.version):
        state = replace(state, observed=fact)
    state = _caught_up(state)
    if signal.seq is not None:
        return own(setup, state, signal.seq, fact, orders)
    if not setup.rules.match_generation and state.pending and signal.cause == "self":
        assert state.desired is not None
        if signal.muted == state.desired.muted:
            return settle(replace(state, flight=None), version, orders)
    if is_claim(fact, gesture=signal.gesture):
        return claim(setup, state, fact, orders)
    return state


def _is_gap(heard: Version | None, version: Version) -> bool:
    if heard is None:
        return True
    return version > heard and version != Version(heard.epoch, heard.rev + 1)


def _caught_up(state: State) -> State:
    """After a recovered subscription: live once the replay has reached what it announced."""
    if state.catch_up is None or state.heard is None or state.catch_up > state.heard:
        return state
    return replace(state, link=Link.LIVE, catch_up=None)


def beat(
    setup: Setup, state: State, signal: signals.Beat | signals.StatusEvent, orders: list[Order]
) -> State:
    """Any frame says where the server stands: a lost last event is found so."""
    if isinstance(signal, signals.StatusEvent):
        state = _hear_status(state, signal, orders)
    if state.link is Link.DOWN:
        return _ungreeted(state, signal.version, orders)
    if signal.version is None or not setup.rules.order_by_version:
        return state
    if state.link is not Link.LIVE and state.catch_up is None:
        return state
    if state.heard is not None and signal.version <= state.heard:
        return state
    return resync(replace(state, heard=signal.version), "gap", orders)


def _hear_status(state: State, signal: signals.StatusEvent, orders: list[Order]) -> State:
    """Statuses have no versions: a snapshot that was read meanwhile may be older, or newer."""
    unclear = state.asking and state.link is not Link.DOWN and state.status != signal.status
    state = replace(state, status=signal.status)
    return ask(state, "status during a snapshot", orders) if unclear else state


def garbled(_setup: Setup, state: State, _signal: signals.Garbled, orders: list[Order]) -> State:
    """Nobody knows what it said."""
    if state.client_id is None:
        return state
    return resync(replace(state, heard=None), "unreadable frame", orders)


def _ungreeted(state: State, heard: Version | None, orders: list[Order]) -> State:
    """A frame on a socket whose first frame was lost: subscribed it is, all the same."""
    if state.client_id is None:
        return state
    return resync(replace(state, heard=heard, buffered=()), "no greeting", orders)


def snapshot(setup: Setup, state: State, signal: signals.Snapshot, orders: list[Order]) -> State:
    """The one that was asked for: a fact, the last wish, and then what was kept meanwhile."""
    if not state.asking:
        return state
    if signal.version is None and state.buffered:
        return ask(replace(state, buffered=()), "event during a snapshot", orders)
    state = _restored(replace(state, asking=False, status=signal.status), signal)
    state = _take_snapshot(setup, state, signal, orders)
    if state.link is not Link.SUBSCRIBING or state.catch_up is not None:
        return state
    waiting = state.buffered
    heard = state.heard if state.heard is not None else signal.version
    state = replace(state, link=Link.LIVE, buffered=(), heard=heard)
    for one in waiting:
        state = event(setup, state, one, orders)
    return state


def _restored(state: State, signal: signals.Snapshot) -> State:
    """The event before was overtaken, if it is not what the snapshot tells: it was no new wish."""
    before, seen = state.displaced, state.observed
    if before is not None and seen is not None and seen.muted != signal.muted:
        state = replace(state, desired=before)
    return replace(state, displaced=None)


def _take_snapshot(
    setup: Setup, state: State, signal: signals.Snapshot, orders: list[Order]
) -> State:
    fact = Fact(signal.muted, signal.version, signal.cause)
    seen = state.observed
    fresh = seen is None or newer(fact.version, seen.version)
    if fresh or not setup.rules.order_by_version:
        state = replace(state, observed=fact)
    asked = fact if signal.cause == "self" else None
    if setup.rules.heed_last_intent:
        asked = None
        if signal.asked is not None and signal.asked_at is not None:
            asked = Fact(signal.asked, signal.asked_at, "self")
    if state.progress is Progress.PROCESSED:
        state = settle_by_snapshot(state, asked, orders)
    known = seen.version if seen is not None else None
    if asked is not None and (seen is None or newer(asked.version, known)):
        own_mute = state.ghost or (state.flight is not None and state.flight.muted)
        if state.pending and own_mute and asked.muted:
            asked = replace(asked, cause=UNCLEAR)
        state = claim(setup, state, asked, orders)
    if fresh and fact.cause in _OTHER_HANDS and is_claim(fact, gesture=False):
        state = claim(setup, state, fact, orders)
    if state.desired is None:
        state = adopt(state, fact, orders)
    return state


def established(
    setup: Setup, state: State, signal: signals.Established, orders: list[Order]
) -> State:
    """A device to work with, and a first picture of it.

    Versions of another device say nothing of this one; of the same, they tell what a wish has
    answered already, and an own mute of before from somebody's later one.
    """
    state = replace(state, client_id=signal.client_id, status=signal.snapshot.status)
    if not signal.again:
        wish = state.desired
        anew = None if wish is None else replace(wish, version=None, seen=None)
        state = replace(state, desired=anew, ghost=False, observed=None)
    return _take_snapshot(setup, state, signal.snapshot, orders)


def gone(_setup: Setup, state: State, _signal: signals.Gone, orders: list[Order]) -> State:
    """The device is no more; what was wanted stays wanted."""
    # The versions that would decide between a held mute and an unmute may be void: the mute wins.
    state = overtaken(replace(state, flight=None), orders)
    orders.append(signals.Establish())
    return replace(
        state,
        client_id=None,
        status=None,
        progress=Progress.DUE if state.pending else Progress.SETTLED,
        flight=None,
        heard=None,
        held=None,
        displaced=None,
        link=Link.DOWN,
        asking=False,
        buffered=(),
        catch_up=None,
    )


def dialling(setup: Setup, state: State, _signal: signals.Dialling, orders: list[Order]) -> State:
    """Nothing is read before the subscription stands (rule 1)."""
    if setup.rules.snapshot_after_subscribing:
        return state
    return ask(state, "before subscribing", orders)


def subscribed(
    setup: Setup, state: State, signal: signals.Subscribed, orders: list[Order]
) -> State:
    """From here on no event is missed; what came before, a snapshot or a replay tells."""
    if not setup.rules.snapshot_after_subscribing:
        link = Link.SUBSCRIBING if state.asking else Link.LIVE
        return replace(state, link=link, buffered=())
    state = replace(state, buffered=())
    if signal.recovered and signal.version is not None and state.heard is not None:
        # The replay tells of mute only; the snapshot tells of the device, and wakes it.
        state = replace(state, link=Link.SUBSCRIBING, catch_up=signal.version)
        return ask(_caught_up(state), "device after reconnecting", orders)
    return resync(replace(state, heard=signal.version), "subscribed", orders)


def link_lost(
    _setup: Setup, state: State, _signal: signals.LinkLost, _orders: list[Order]
) -> State:
    """Nothing vouches for what is known.

    Whoever was about to read what it had missed has not read it, and must not say on coming back
    that it has heard all up to there. A device known not to be connected is so until told
    otherwise; one that was may not be any more.
    """
    missing = state.link is Link.SUBSCRIBING and state.catch_up is None
    return replace(
        state,
        link=Link.DOWN,
        asking=False,
        buffered=(),
        catch_up=None,
        displaced=None,
        status=None if state.status == CONNECTED else state.status,
        heard=None if missing else state.heard,
    )
