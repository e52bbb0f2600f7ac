"""What becomes of a mute that was sent. A part of `protocol`."""

from msgspec.structs import replace

from offhook_client import signals
from offhook_client.facts import ask
from offhook_client.signals import Order, Why
from offhook_client.state import Fact, Flight, Progress, Setup, State
from offhook_client.wishes import given_up, newer, own, stop


def accepted(setup: Setup, state: State, signal: signals.Accepted, orders: list[Order]) -> State:
    """The server has it, at this version."""
    flight = state.flight
    if flight is None or flight.generation != signal.generation:
        return state
    state = replace(state, flight=None)
    fact = Fact(flight.muted, signal.version, "self")
    if signal.version is None:
        if state.pending and state.desired and flight.generation == state.desired.generation:
            state = replace(state, progress=Progress.PROCESSED)
        return ask(state, "accepted without a version", orders)
    seen = state.observed
    if seen is None or newer(fact.version, seen.version) or not setup.rules.order_by_version:
        state = replace(state, observed=fact)
    return own(setup, state, signal.generation, fact, orders)


def refused(_setup: Setup, state: State, signal: signals.Refused, orders: list[Order]) -> State:
    """The server refused it, and it had no effect: a re-assertion has fought nobody."""
    flight, wish = state.flight, state.desired
    if flight is None or flight.generation != signal.generation or wish is None:
        return state
    state = _back(state, flight)
    current = state.pending and flight.generation == wish.generation
    match signal.why:
        case Why.PRECONDITION:
            seen = state.observed.version if state.observed is not None else None
            if flight.if_match is not None and seen is not None and seen > flight.if_match:
                return state
            return ask(state, "precondition failed", orders)
        case Why.STALE:
            state = replace(state, progress=Progress.PROCESSED) if current else state
            return ask(state, "stale intent", orders)
        case Why.NOT_CONNECTED:
            return ask(replace(state, status="unknown"), "device not connected", orders)
        case Why.FORCED | Why.FINAL:
            if not current:
                # A person's newer wish has an answer of its own to come.
                return state if state.pending else stop(state, orders)
            return ask(given_up(state, signal.why, orders), "refused", orders)


def lost(_setup: Setup, state: State, signal: signals.Lost, _orders: list[Order]) -> State:
    """Whether it had its effect, or yet will, nobody can tell.

    Sending it again under the same number and key is the question that settles it.
    """
    flight, wish = state.flight, state.desired
    if flight is None or flight.generation != signal.generation or wish is None:
        return state
    state = replace(state, flight=None)
    if state.pending and flight.generation == wish.generation:
        state = replace(state, progress=Progress.UNSURE)
    elif flight.muted:
        state = replace(state, ghost=True)
    return state


def unsent(_setup: Setup, state: State, signal: signals.Unsent, _orders: list[Order]) -> State:
    """It never had an effect; it is due as before, and a re-assertion has fought nobody."""
    flight = state.flight
    if flight is None or flight.generation != signal.generation:
        return state
    return _back(state, flight)


def _back(state: State, flight: Flight) -> State:
    ages = state.reassertion_ages_s[:-1] if flight.reassertion else state.reassertion_ages_s
    return replace(state, flight=None, reassertion_ages_s=ages)
