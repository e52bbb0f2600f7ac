"""The convergent client, pure: `step(setup, state, signal) -> (state, orders)`.

The state machine, as a person sees it:

    confirmed ──toggled──▶ pending ──accepted, or an event of this generation──▶ confirmed
    pending ──answer lost──▶ pending, and sent again under the same number and key
    any ──link lost, gap, unreadable frame──▶ unknown ──snapshot after subscribing──▶ any

Two orders are kept apart, and both are the server's versions: *facts* (what is in effect) only
go forward by `observed.version`; *wishes* (what was last asked for) by `desired.version`.

A mute never waits: it is unconditional, and needs neither link nor snapshot. An unmute is
compare-and-set against what is known, so that it can never undo a mute that somebody set after
the person asked for it; a 412 without such a mute makes it go again. Resets by the server are
facts and no wishes; live is never re-asserted.
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from offhook_client import answers, facts, signals
from offhook_client.models import Gate, Link, Shown, Source, Version
from offhook_client.signals import Order, Signal
from offhook_client.state import CONNECTED, Flight, Progress, Setup, State, Wish, shown
from offhook_client.wishes import overtaken, skip_no_op, stop


def step(
    setup: Setup, state: State, signal: Signal, elapsed_s: float = 0.0
) -> tuple[State, tuple[Order, ...]]:
    """The state after `signal`, and what the shell must do now, in this order.

    `elapsed_s`: seconds since the step before.
    """
    orders: list[Order] = []
    state = _HANDLERS[type(signal)](setup, _age(setup, state, elapsed_s), signal, orders)
    state = _wait_for_device(setup, state, signal, orders)
    state = overtaken(state, orders)
    gate = _gate(setup, state)
    if gate is not state.gate:
        state = replace(state, gate=gate)
        orders.insert(0, signals.MoveGate(position=gate))
    state = _reconcile(setup, state, orders)
    assert not (state.gate is Gate.OPEN and (state.desired is None or state.desired.muted))
    return state, tuple(orders)


def next_deadline_in_s(state: State) -> float | None:
    """After how many seconds a `Timer` is due, or None."""
    return state.poll_in_s


# Time.

_HAIR_S = 1e-6
"""What is left of a wait by rounding alone: sums of times are not exact, and it is over."""


def _age(setup: Setup, state: State, elapsed_s: float) -> State:
    if elapsed_s == 0.0:
        return state
    ages = tuple(
        age + elapsed_s
        for age in state.reassertion_ages_s
        if age + elapsed_s < setup.reassertion_window_s
    )
    poll = None if state.poll_in_s is None else state.poll_in_s - elapsed_s
    if poll is not None and poll < _HAIR_S:
        poll = 0.0
    return replace(state, reassertion_ages_s=ages, poll_in_s=poll)


def _wait_for_device(setup: Setup, state: State, signal: Signal, orders: list[Order]) -> State:
    """A device that is not connected is looked at now and then, should its event be lost."""
    away = state.client_id is not None and state.status not in {None, CONNECTED}
    if not away:
        return state if state.poll_in_s is None else replace(state, poll_in_s=None)
    if state.poll_in_s == 0.0 and isinstance(signal, signals.Timer):
        return facts.ask(replace(state, poll_in_s=setup.poll_s), "device not connected", orders)
    return state if state.poll_in_s is not None else replace(state, poll_in_s=setup.poll_s)


def _timer(_setup: Setup, state: State, _signal: signals.Timer, _orders: list[Order]) -> State:
    return state


# Wishes.


def _toggled(setup: Setup, state: State, signal: signals.Toggled, orders: list[Order]) -> State:
    before = state.desired
    seen = state.observed.version if state.observed is not None else None
    unsure = state.progress in {Progress.UNSURE, Progress.PROCESSED}
    state = replace(
        state,
        generation=state.generation + 1,
        desired=Wish(signal.muted, state.generation + 1, Source.USER, seen=seen),
        progress=Progress.DUE,
        ghost=state.ghost or (unsure and before is not None and before.muted),
        held=None,
        displaced=None,
        stopped=False,
    )
    return skip_no_op(setup, state, orders)


# What is to be done.


def _gate(setup: Setup, state: State) -> Gate:
    """Cut whenever muted is desired; open only when live is desired and confirmed."""
    if state.desired is None or state.desired.muted or state.client_id is None:
        return Gate.CUT
    seen = shown(setup, state)
    if seen is Shown.MUTED:
        return Gate.CUT
    return Gate.OPEN if seen is Shown.LIVE else state.gate


def _reconcile(setup: Setup, state: State, orders: list[Order]) -> State:
    """Level-triggered: send what is wanted and not a fact yet, one request at a time."""
    wish = state.desired
    if wish is None or state.flight is not None or state.client_id is None:
        return state
    if state.status not in {None, CONNECTED}:
        return state
    if state.pending:
        return _send_wish(state, wish, orders)
    if not wish.muted or state.observed is None or state.observed.muted:
        return state
    if state.asking or state.stopped:
        return state
    if len(state.reassertion_ages_s) >= setup.reassertions:
        return stop(state, orders)
    guard = state.observed.version if setup.rules.guard_reassertions else None
    state = replace(
        state,
        generation=state.generation + 1,
        reassertion_ages_s=(*state.reassertion_ages_s, 0.0),
    )
    return _send(state, state.generation, guard, orders, reassertion=True)


def _send_wish(state: State, wish: Wish, orders: list[Order]) -> State:
    if state.progress is Progress.PROCESSED:
        return state
    if wish.muted:
        return _send(state, wish.generation, None, orders)
    if state.link is not Link.LIVE or state.asking or state.observed is None:
        return state
    known = state.observed.version
    if known is not None and state.heard is not None and known > state.heard:
        # Below this version lies what the socket has yet to tell: perhaps somebody's mute.
        return state
    return _send(state, wish.generation, known, orders)


def _send(
    state: State,
    generation: int,
    if_match: Version | None,
    orders: list[Order],
    *,
    reassertion: bool = False,
) -> State:
    assert state.desired is not None
    muted = state.desired.muted
    orders.append(
        signals.SendMute(
            generation=generation, muted=muted, if_match=if_match, reassertion=reassertion
        )
    )
    return replace(state, flight=Flight(generation, muted, if_match, reassertion))


_HANDLERS: dict[type[Signal], Callable[[Setup, State, Any, list[Order]], State]] = {
    signals.Toggled: _toggled,
    signals.Established: facts.established,
    signals.Gone: facts.gone,
    signals.Dialling: facts.dialling,
    signals.Subscribed: facts.subscribed,
    signals.LinkLost: facts.link_lost,
    signals.MuteEvent: facts.event,
    signals.StatusEvent: facts.beat,
    signals.Beat: facts.beat,
    signals.Garbled: facts.garbled,
    signals.Snapshot: facts.snapshot,
    signals.Accepted: answers.accepted,
    signals.Refused: answers.refused,
    signals.Lost: answers.lost,
    signals.Unsent: answers.unsent,
    signals.Timer: _timer,
}
