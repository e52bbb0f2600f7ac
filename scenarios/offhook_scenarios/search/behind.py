"""What the desk cannot see: the server, what the judge remembers, the budget that is left. Pure."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from offhook.domain import register as server
from offhook.domain.errors import DomainError
from offhook.domain.version import Intent
from offhook.domain.version import Version as ServerVersion
from offhook.policies import MuteAfterReconnect
from offhook_client import signals
from offhook_client.models import Shown, Version
from offhook_client.signals import MuteEvent, SendMute, Signal
from offhook_scenarios.search.air import Outcome
from offhook_scenarios.search.budget import Budget

DESK = "desk"


class ServerRules(msgspec.Struct, frozen=True, kw_only=True):
    """The server's two of the ten rules."""

    refuse_stale_intents: bool = True
    """4: a number that is not newer than the last accepted one is refused."""
    count_no_ops: bool = True
    """8: a set that changes nothing raises the version and is an intent all the same."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a search on the tutorial dialect is laid out."""

    rules: ServerRules = ServerRules()
    admin: bool = False
    """Others are an administrator; they are the person's second tab otherwise."""
    replay: bool = False
    """The server replays what a desk has missed, instead of sending it to a snapshot."""


class Remembered(msgspec.Struct, frozen=True):
    """The answer under an idempotency key."""

    generation: int
    if_match: Version | None
    answer: Signal


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """The server with all it remembers, and the judge."""

    register: server.Register
    budget: Budget
    history: tuple[MuteEvent, ...] = ()
    """All events so far, where they are replayed."""
    remembered: tuple[Remembered, ...] = ()
    last_wish: bool | None = None
    """The value of the last intent that the server accepted, re-assertions aside."""
    toggled: int = 0
    """The generation of the person's last wish; 0 before any."""
    wished: bool = False
    """Its value."""
    accepted: bool = False
    """It was accepted."""
    newest: int = 0
    """The newest generation accepted: an older one that comes later is a mishap, not a wish."""
    overtaken: bool = False
    """The desk has told that it was overtaken."""
    muted_since: bool = False
    """An administrator has muted after it was made, and nobody has unmuted since."""
    broken: str = ""
    """A safety violation, by name."""


def pressed(behind: Behind, generation: int, *, muted: bool) -> Behind:
    """The person's wish of this generation."""
    budget = replace(behind.budget, toggles=behind.budget.toggles - 1)
    return replace(
        behind,
        budget=budget,
        toggled=generation,
        wished=muted,
        accepted=False,
        overtaken=False,
        muted_since=False,
    )


def set_by_other(options: Options, behind: Behind, *, muted: bool) -> tuple[Behind, Outcome]:
    """Somebody else's wish."""
    budget = replace(behind.budget, externals=behind.budget.externals - 1)
    item: server.RegisterInput = server.Want(muted=muted, actor="u")
    if options.admin:
        item = server.Force(muted=muted, actor="admin")
    after, events = _set(options, replace(behind, budget=budget), item)
    return replace(after, last_wish=muted, muted_since=muted and options.admin), Outcome(events)


def came_back(options: Options, behind: Behind) -> Behind:
    """The link broke, and the server has reset the device."""
    return _set(options, behind, server.ComeBack(rule=MuteAfterReconnect.RESET))[0]


def processed(options: Options, behind: Behind, post: SendMute) -> tuple[Behind, Outcome]:
    """The server has a mute of the desk."""
    for known in behind.remembered:
        if (known.generation, known.if_match) == (post.generation, post.if_match):
            return behind, Outcome((), known.answer)
    guard = post.if_match
    item = server.Want(
        muted=post.muted,
        actor="u",
        intent=Intent(DESK, post.generation),
        if_match=None if guard is None else ServerVersion(guard.epoch, guard.rev),
    )
    try:
        after, events = _set(options, behind, item)
    except DomainError as error:
        why = signals.Why.STALE if error.code == "stale.intent" else signals.Why.PRECONDITION
        return behind, Outcome((), signals.Refused(generation=post.generation, why=why))
    answer = signals.Accepted(generation=post.generation, version=version_of(after.register))
    kept = Remembered(post.generation, post.if_match, answer)
    after = replace(after, remembered=(*behind.remembered, kept))
    return _judged(options, after, post), Outcome(events, answer)


def _judged(options: Options, behind: Behind, post: SendMute) -> Behind:
    """What the judge keeps of a mute that was accepted."""
    if post.reassertion:
        return behind
    mine = post.generation == behind.toggled
    if options.admin and mine and not post.muted and behind.muted_since:
        behind = replace(behind, broken="an unmute undid a later mute")
    if post.generation < behind.newest:
        return behind
    return replace(
        behind,
        last_wish=post.muted,
        accepted=behind.accepted or mine,
        newest=post.generation,
    )


def _set(
    options: Options, behind: Behind, item: server.RegisterInput
) -> tuple[Behind, tuple[MuteEvent, ...]]:
    before = behind.register
    if not options.rules.refuse_stale_intents:
        before = replace(before, accepted=())
    after, happened = server.step(before, item, 0.0)
    if after.muted == before.muted and not options.rules.count_no_ops:
        return behind, ()
    events = tuple(event_of(one) for one in happened)
    # When an instance was heard last matters only beyond 64 of them.
    after = replace(after, accepted=tuple(replace(row, rev=0) for row in after.accepted))
    history = behind.history + events if options.replay else ()
    return replace(behind, register=after, history=history), events


def greeting(options: Options, behind: Behind, since: Version | None) -> tuple[Signal, ...]:
    """The first frames of a new socket."""
    version = version_of(behind.register)
    if not options.replay or since is None:
        return (signals.Subscribed(version=version),)
    missed = tuple(one for one in behind.history if one.version and one.version > since)
    return (signals.Subscribed(version=version, recovered=True), *missed)


def wrong(behind: Behind, seen: Shown) -> Iterator[str]:
    """What is wrong in a world at rest, whose screen shows `seen`."""
    muted = behind.register.muted
    if seen is Shown.MUTED and not muted:
        yield "false muted"
    elif seen is Shown.LIVE and muted:
        yield "false live"
    elif seen not in {Shown.MUTED, Shown.LIVE}:
        yield f"stuck {seen}"
    if behind.last_wish is not None and muted != behind.last_wish:
        yield "the last wish is not in effect"
    # Only a mute may take an unmute's place, and the person must be told.
    excused = behind.accepted or (behind.overtaken and muted)
    if behind.toggled and not excused and muted != behind.wished:
        yield "the person's wish was lost"


def version_of(register: server.Register) -> Version:
    """As the client has it."""
    return Version(register.epoch, register.rev)


def snapshot_of(register: server.Register) -> signals.Snapshot:
    """What a read would tell."""
    asked = register.last_intent
    return signals.Snapshot(
        muted=register.muted,
        version=version_of(register),
        cause=register.cause,
        status="connected",
        asked=None if asked is None else asked.muted,
        asked_at=None if asked is None else Version(register.epoch, asked.rev),
    )


def event_of(happened: server.WasSet) -> MuteEvent:
    """What the socket would tell."""
    own = happened.intent is not None and happened.intent.instance == DESK
    return MuteEvent(
        muted=happened.muted,
        version=Version(happened.version.epoch, happened.version.rev),
        cause=happened.cause,
        gesture=happened.gesture,
        seq=happened.intent.seq if own and happened.intent is not None else None,
    )
