"""Whose wish counts: settling, adopting, holding. The parts of `protocol` that decide by version.

Pure functions on a `State`. Orders they cause are appended to `orders`.
"""

from msgspec.structs import replace

from offhook_client.models import Link, Source, Version
from offhook_client.signals import Order, Outcome, Tell, Why
from offhook_client.state import UNCLEAR, Fact, Progress, Setup, State, Wish

_LOCAL_HANDS = {"native", "headset"}


def skip_no_op(setup: Setup, state: State, orders: list[Order]) -> State:
    """What rule 5 forbids: a wish that agrees with what is observed, settled without sending."""
    if setup.rules.always_send or not state.pending or state.flight or state.link is not Link.LIVE:
        return state
    if state.observed is None or state.desired is None:
        return state
    if state.observed.muted != state.desired.muted:
        return state
    return settle(state, state.observed.version, orders)


def newer(one: Version | None, other: Version | None) -> bool:
    """Whether `one` is newer. Without versions, what comes later is newer."""
    return one is None or other is None or one > other


def settle(state: State, version: Version | None, orders: list[Order]) -> State:
    """The pending wish became fact at `version`; a held wish that is newer takes its place."""
    assert state.desired is not None
    held, wish = state.held, state.desired
    state = replace(state, progress=Progress.SETTLED, ghost=False, held=None)
    if held is not None and newer(held.version, version):
        return adopt(replace(state, progress=Progress.DUE), held, orders)
    orders.append(Tell(outcome=Outcome.CONFIRMED, generation=wish.generation))
    return replace(state, desired=replace(wish, version=version))


def adopt(state: State, fact: Fact, orders: list[Order]) -> State:
    """Somebody else's wish is desired now. A pending wish ends: overtaken, unless they agree."""
    wish = state.desired
    agreed = wish is not None and wish.muted == fact.muted
    if state.pending and wish is not None:
        outcome = Outcome.CONFIRMED if agreed else Outcome.OVERTAKEN
        orders.append(Tell(outcome=outcome, generation=wish.generation))
    if wish is not None and agreed:
        wish = replace(wish, version=fact.version)
    else:
        wish = Wish(fact.muted, state.generation, Source.EXTERNAL, fact.version)
    return replace(
        state, desired=wish, progress=Progress.SETTLED, ghost=False, held=None, stopped=False
    )


def overtaken(state: State, orders: list[Order]) -> State:
    """An unmute that is not in the air gives way to somebody's later mute.

    Nothing that was asked for before a mute may undo it.
    """
    held = state.held
    if state.flight is not None or held is None or not state.outvoted:
        return state
    seen = state.observed
    if seen is not None and seen.muted and is_claim(seen, gesture=False):
        # An own mute of before may have come after it: then that one is what it gives way to.
        held = seen if newer(seen.version, held.version) else held
    return adopt(state, held, orders)


def claim(setup: Setup, state: State, fact: Fact, orders: list[Order]) -> State:
    """Somebody else asked for this, at this version."""
    rules, flight = setup.rules, state.flight
    holding = state.pending and rules.hold_external
    if not rules.yield_reassertions:
        holding = holding or (flight is not None and flight.reassertion)
    if holding:
        return _hold(state, fact)
    known = state.desired.version if state.desired is not None else None
    if state.desired is None or newer(fact.version, known):
        return adopt(state, fact, orders)
    return state


def _hold(state: State, fact: Fact) -> State:
    """Keep the newest of others' wishes. Two mutes in a row are unclear only if both are."""
    held, seen = state.held, state.desired.seen if state.desired is not None else None
    if not newer(fact.version, seen):
        return state
    if held is None:
        return replace(state, held=fact)
    later, earlier = (fact, held) if newer(fact.version, held.version) else (held, fact)
    if later.cause == UNCLEAR and earlier.muted:
        later = replace(later, cause=earlier.cause)
    return replace(state, held=later)


def is_claim(fact: Fact, *, gesture: bool) -> bool:
    """Whether a set by other hands is a wish. Unmuting by itself, a device wishes nothing."""
    if fact.cause in _LOCAL_HANDS:
        return fact.muted or gesture
    return fact.cause in {"admin", "self"}


def settle_by_snapshot(state: State, asked: Fact | None, orders: list[Order]) -> State:
    """The server has the wish, nobody knows since which version: what was last asked decides."""
    assert state.desired is not None
    assert state.observed is not None
    if asked is None:
        if state.observed.muted and not state.desired.muted:
            return adopt(state, state.observed, orders)
        return settle(replace(state, held=None), state.observed.version, orders)
    if asked.muted != state.desired.muted:
        held = state.held
        later = held is not None and newer(held.version, asked.version)
        return adopt(state, held if held is not None and later else asked, orders)
    return settle(state, asked.version, orders)


def given_up(state: State, why: Why, orders: list[Order]) -> State:
    """The wish is refused for good: what the server holds is desired now, or muted in doubt."""
    assert state.desired is not None
    outcome = Outcome.FORCED if why is Why.FORCED else Outcome.REFUSED
    orders.append(Tell(outcome=outcome, generation=state.desired.generation))
    state = replace(state, progress=Progress.SETTLED, ghost=False, held=None, stopped=True)
    if state.desired is not None and state.desired.muted and why is Why.FINAL:
        return state
    muted = state.observed is None or state.observed.muted or why is Why.FORCED
    wish = Wish(muted, state.generation, Source.EXTERNAL)
    return replace(state, desired=wish, stopped=False)


def stop(state: State, orders: list[Order]) -> State:
    """The mute does not hold, and fighting on would help nobody."""
    orders.append(Tell(outcome=Outcome.CONFLICT, generation=state.generation))
    return replace(state, stopped=True)


def _came_after(state: State, wish: Wish, fact: Fact) -> bool:
    """An own mute of long ago had its effect after somebody's unmute: by order, it counts."""
    known, version = wish.version, fact.version
    if state.pending or not fact.muted or wish.muted:
        return False
    return version is not None and known is not None and version > known


def own(setup: Setup, state: State, seq: int, fact: Fact, orders: list[Order]) -> State:
    """A set of this very instance is known to be processed, at this version."""
    flight, wish = state.flight, state.desired
    if flight is not None and flight.generation == seq:
        state = replace(state, flight=None)
    if wish is None:
        return state
    mine = seq == wish.generation
    if not setup.rules.match_generation:
        mine = fact.muted == wish.muted
    if state.pending and mine:
        return settle(state, fact.version, orders)
    if not state.pending and wish.muted == fact.muted and newer(fact.version, wish.version):
        return replace(state, desired=replace(wish, version=fact.version))
    if _came_after(state, wish, fact):
        return adopt(state, fact, orders)
    if state.held is not None and not state.pending:
        if newer(state.held.version, fact.version):
            return adopt(state, state.held, orders)
        return replace(state, held=None)
    return skip_no_op(setup, state, orders)
