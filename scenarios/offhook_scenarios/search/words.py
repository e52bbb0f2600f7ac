"""A way through a search, told: who did what, and what the desk was told."""

from collections.abc import Callable, Sequence
from typing import Any

from offhook_client import signals
from offhook_client.signals import SendMute
from offhook_scenarios.search.explorer import Model
from offhook_scenarios.search.platform import Platform
from offhook_scenarios.search.tutorial import Tutorial


def retold(model: Tutorial | Platform, path: Sequence[int]) -> list[str]:
    """The way in words, one move a line, and how it ends.

    `model` must number as it goes, or versions would change on the way: one made with
    `renumber=False`.
    """
    lines: list[str] = []
    world = model.start
    tell = _platform if isinstance(model, Platform) else _teller(model)
    for choice in path:
        kind, thing, world = _moves(model, world)[choice]
        lines.append(tell(kind, thing))
    return [*lines, model.seen(world)]


def _moves(model: Model, world: int) -> list[tuple[str, int, int]]:
    return [*model.internal(world), *model.trouble(world)]


def _value(muted: object) -> str:
    return "muted" if muted else "live"


def _verb(muted: object) -> str:
    return "mute" if muted else "unmute"


# The tutorial dialect.


def _teller(model: Tutorial) -> Callable[[str, int], str]:
    def tell(kind: str, thing: int) -> str:
        if kind in {"frame", "answer", "snapshot"}:
            return _HEARD[type(model.desks.signals.values[thing])](
                model.desks.signals.values[thing]
            )
        if kind in _OF_POSTS:
            return _OF_POSTS[kind].format(_request(model.posts.values[thing]))
        return _OF_OTHERS[kind].format(_verb(thing))

    return tell


_OF_OTHERS = {
    "person": "the agent presses {}",
    "other": "somebody else sets {}",
    "drop": "the link breaks",
    "reset": "the link breaks, and the server resets the device",
    "notice": "the desk notices",
    "dial": "the desk dials",
    "subscribe": "the socket is up again",
    "read": "the server is read",
}
_OF_POSTS = {
    "process": "the server takes {}",
    "late": "the server takes, late, {}",
    "lost before": "lost before it had its effect: {}",
    "lost after": "lost after it had its effect: {}",
    "lost, late": "given up, and still on its way: {}",
}


def _request(post: SendMute) -> str:
    guard = "" if post.if_match is None else f", if it is still at {post.if_match}"
    machine = ", a re-assertion" if post.reassertion else ""
    return f"number {post.generation}, {_verb(post.muted)}{guard}{machine}"


def _event(event: signals.MuteEvent) -> str:
    own = "" if event.seq is None else f", its own number {event.seq}"
    return f"the desk hears {_value(event.muted)} at {event.version}, by {event.cause}{own}"


def _read(look: signals.Snapshot) -> str:
    asked = "" if look.asked is None else f"; {_verb(look.asked)} was last asked for"
    at = "" if look.asked_at is None else f", at {look.asked_at}"
    return f"the desk reads {_value(look.muted)} at {look.version}, by {look.cause}{asked}{at}"


_HEARD: dict[type[signals.Signal], Callable[[Any], str]] = {
    signals.MuteEvent: _event,
    signals.Snapshot: _read,
    signals.Subscribed: lambda one: f"the desk is greeted: the server is at {one.version}",
    signals.Accepted: lambda one: f"the desk is answered: number {one.generation} is {one.version}",
    signals.Refused: lambda one: f"the desk is answered: number {one.generation}, no ({one.why})",
}


# The platform dialect.

_ON_PLATFORM = {
    "person": "the agent presses {verb}",
    "other": "somebody else sets {verb}",
    "drop": "the link breaks",
    "notice": "the desk notices",
    "dial": "the channel is heard again",
    "read": "the server is read",
    "was read": "the desk reads {value}",
    "audit": "the desk looks whether all is so",
    "event": "the desk hears {value}",
    "event lost": "lost: the event that says {value}",
    "event overtakes": "the desk hears {value}, before the event that came first",
    "apply": "the server takes {verb}, and answers 202",
    "202": "the desk hears 202",
    "late": "the server takes, late, {verb}",
    "lost before": "lost before it had its effect: {verb}",
    "lost after": "lost after it had its effect: {verb}",
    "lost, late": "given up, and still on its way: {verb}",
    "202 first": "202 is answered before the effect: {verb}",
}


def _platform(kind: str, thing: int) -> str:
    return _ON_PLATFORM[kind].format(verb=_verb(thing), value=_value(thing))
