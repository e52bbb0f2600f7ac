"""The mute register: one frozen value, and what each set makes of it.

This is the heart of the mock, so it is kept apart from everything that has an identity or
a clock: `step(register, input, now)` returns the next register and what happened. A register
can be hashed, compared and kept, which an exhaustive search over its states needs.

The laws, each of them tested:

* Every accepted set raises `rev` by one, also a set that changes nothing, and yields exactly
  one `WasSet`. A refused one raises `DomainError`, and the register is as it was.
* `last_intent` is what was last *asked for* through the API. Other hands leave it alone.
* A lock holds against everybody but an administrator.
"""

import msgspec

from offhook.domain.errors import DomainError
from offhook.domain.version import Intent, Version
from offhook.domain.views import Cause, LastIntent
from offhook.policies import MuteAfterReconnect

MAX_INSTANCES = 64
"""How many client instances are remembered; the one accepted longest ago is forgotten first."""


class Accepted(msgspec.Struct, frozen=True, order=True):
    """The newest intent of one client instance, and the `rev` it made."""

    instance: str
    seq: int
    rev: int


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a device's microphone is off, and how that came about."""

    epoch: int
    rev: int = 0
    muted: bool = False
    cause: Cause | None = None
    last_intent: LastIntent | None = None
    forced: bool = False
    checkpoint: bool = False
    """What was in effect when the device last became connected."""
    accepted: tuple[Accepted, ...] = ()
    """Sorted by instance."""

    @property
    def version(self) -> Version:
        """Where the register stands."""
        return Version(self.epoch, self.rev)


class RegisterInput(msgspec.Struct, frozen=True, kw_only=True):
    """The root of what a register takes."""


class Want(RegisterInput, frozen=True, kw_only=True):
    """The user's own wish through the API. Cause `self`."""

    muted: bool
    actor: str
    intent: Intent | None = None
    if_match: Version | None = None


class Report(RegisterInput, frozen=True, kw_only=True):
    """The device tells what its browser (`native`) or its headset did."""

    muted: bool
    cause: Cause
    gesture: bool = False


class Force(RegisterInput, frozen=True, kw_only=True):
    """An administrator's mute. `lock` makes a mute hold; an unmute always unlocks."""

    muted: bool
    actor: str | None = None
    lock: bool = False


class Overwrite(RegisterInput, frozen=True, kw_only=True):
    """The system itself: legs that started or ended, or control. Unmuting so also unlocks."""

    muted: bool


class ComeBack(RegisterInput, frozen=True, kw_only=True):
    """The device was away and is back. Changes nothing under `keep`, or under a lock."""

    rule: MuteAfterReconnect


class TakeCheckpoint(RegisterInput, frozen=True, kw_only=True):
    """The device became connected: what is in effect now is the last known good."""


class WasSet(msgspec.Struct, frozen=True, kw_only=True):
    """A set was accepted and made `version`. `flipped` tells whether the value is another."""

    version: Version
    at: float
    muted: bool
    flipped: bool
    cause: Cause
    actor: str | None = None
    intent: Intent | None = None
    gesture: bool = False

    def facts(self) -> dict[str, object]:
        """What the journal keeps of it; its time is the entry's."""
        return {
            "version": str(self.version),
            "muted": self.muted,
            "flipped": self.flipped,
            "cause": self.cause,
            "actor": self.actor,
            "intent": None if self.intent is None else str(self.intent),
        }


def check_lock(register: Register, *, muted: bool) -> None:
    """Raise `DomainError` 403 `forced` when a lock forbids this value."""
    if register.forced and not muted:
        raise DomainError(
            "forced",
            "An administrator has muted this client and locked it; only an administrator can "
            "unmute it.",
            facts={"forced": True, "muted": register.muted},
        )


def step(
    register: Register, item: RegisterInput, now: float
) -> tuple[Register, tuple[WasSet, ...]]:
    """The register after `item`, and what happened: at most one `WasSet`.

    Raises `DomainError`, in this order: 403 `forced`, 409 `stale.intent`,
    412 `precondition.failed`.
    """
    match item:
        case Want():
            return _want(register, item, now)
        case Report():
            check_lock(register, muted=item.muted)
            return _set(register, now, item.muted, item.cause, gesture=item.gesture)
        case Force():
            after = msgspec.structs.replace(register, forced=item.muted and item.lock)
            return _set(after, now, item.muted, Cause.ADMIN, actor=item.actor)
        case Overwrite():
            after = msgspec.structs.replace(register, forced=register.forced and item.muted)
            return _set(after, now, item.muted, Cause.SYSTEM)
        case ComeBack():
            return _come_back(register, item, now)
        case TakeCheckpoint():
            return msgspec.structs.replace(register, checkpoint=register.muted), ()
    raise AssertionError(f"a register takes no {type(item).__name__}")


def _set(
    register: Register,
    now: float,
    muted: bool,  # noqa: FBT001 - the value itself, never a switch.
    cause: Cause,
    *,
    actor: str | None = None,
    intent: Intent | None = None,
    gesture: bool = False,
) -> tuple[Register, tuple[WasSet, ...]]:
    after = msgspec.structs.replace(register, rev=register.rev + 1, muted=muted, cause=cause)
    happened = WasSet(
        version=after.version,
        at=now,
        muted=muted,
        flipped=muted != register.muted,
        cause=cause,
        actor=actor,
        intent=intent,
        gesture=gesture,
    )
    return after, (happened,)


def _want(register: Register, item: Want, now: float) -> tuple[Register, tuple[WasSet, ...]]:
    check_lock(register, muted=item.muted)
    if item.intent is not None:
        _check_intent(register, item.intent)
    if item.if_match is not None and item.if_match != register.version:
        raise DomainError(
            "precondition.failed",
            f"If-Match is {item.if_match.etag}, but the client is at {register.version.etag}.",
            facts={"ifMatch": str(item.if_match), "version": str(register.version)},
        )
    after, happened = _set(
        register, now, item.muted, Cause.SELF, actor=item.actor, intent=item.intent
    )
    return (
        msgspec.structs.replace(
            after,
            last_intent=LastIntent(item.muted, after.rev, item.actor),
            accepted=_remember(after, item.intent),
        ),
        happened,
    )


def _check_intent(register: Register, intent: Intent) -> None:
    for row in register.accepted:
        if row.instance == intent.instance and intent.seq <= row.seq:
            raise DomainError(
                "stale.intent",
                f"Intent {intent} is not newer than {row.instance}:{row.seq}, "
                "which was accepted before.",
                facts={"intent": str(intent), "accepted": f"{row.instance}:{row.seq}"},
            )


def _remember(register: Register, intent: Intent | None) -> tuple[Accepted, ...]:
    if intent is None:
        return register.accepted
    rows = [row for row in register.accepted if row.instance != intent.instance]
    if len(rows) == MAX_INSTANCES:
        rows.remove(min(rows, key=lambda row: row.rev))
    rows.append(Accepted(intent.instance, intent.seq, register.rev))
    return tuple(sorted(rows))


def _come_back(
    register: Register, item: ComeBack, now: float
) -> tuple[Register, tuple[WasSet, ...]]:
    match item.rule:
        case MuteAfterReconnect.KEEP:
            muted = register.muted
        case MuteAfterReconnect.RESET:
            muted = False
        case MuteAfterReconnect.LAST_KNOWN_GOOD:
            muted = register.checkpoint
    if muted == register.muted or register.forced:
        return register, ()
    return _set(register, now, muted, Cause.DEFAULT_RESET)
