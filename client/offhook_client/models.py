"""What the client believes, and what the server says, as values.

Names in snake case here, in camel case on the wire; unknown fields are passed over, because
a server may grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Self

import msgspec

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises for what is no JSON, or no such JSON."""
_VERSION = re.compile(r'"?([0-9]{1,18})\.([0-9]{1,18})"?\Z')


class Shown(StrEnum):
    """What a person is told about the microphone. `muted` is never claimed unconfirmed."""

    MUTED = "muted"
    LIVE = "live"
    MUTING = "muting"
    UNMUTING = "unmuting"
    UNKNOWN = "unknown"


_LOUDEST_FIRST = (Shown.LIVE, Shown.UNKNOWN, Shown.UNMUTING, Shown.MUTING, Shown.MUTED)


def together(shown: Iterable[Shown]) -> Shown:
    """What a person with several devices is told: muted only when every one of them is.

    `unknown` without any device.
    """
    return min(shown, key=_LOUDEST_FIRST.index, default=Shown.UNKNOWN)


class Gate(StrEnum):
    """Whether the local microphone track may pass sound."""

    OPEN = "open"
    CUT = "cut"


class Link(StrEnum):
    """The event socket, as far as it vouches for what is known."""

    DOWN = "down"
    SUBSCRIBING = "subscribing"
    LIVE = "live"


class Source(StrEnum):
    """Whose wish is desired."""

    USER = "user"
    EXTERNAL = "external"


class Version(msgspec.Struct, frozen=True, order=True):
    """Where the server's register stands: `epoch.rev`; the greater is the newer."""

    epoch: int
    rev: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.rev}"

    @property
    def etag(self) -> str:
        """The entity tag for `If-Match`, quotes included."""
        return f'"{self}"'

    @classmethod
    def from_etag(cls, text: str | None) -> Self | None:
        """Read an `ETag` header. None for an absent or a strange one."""
        match = _VERSION.match(text or "")
        return cls(int(match[1]), int(match[2])) if match else None


class Belief(msgspec.Struct, frozen=True, kw_only=True):
    """What one desk holds for true at one moment. Pushed to observers on each change."""

    shown: Shown
    gate: Gate
    desired: bool | None
    """Muted is wanted (True), live is wanted (False), nobody has said yet (None)."""
    source: Source | None
    """Whose wish that is; None as long as `desired` is."""
    observed: bool | None
    """What the server last said about `muted`; None when it never did or its word is void."""
    version: Version | None
    """The version behind `observed`."""
    cause: str | None
    """How `observed` came about: self, admin, native, headset, default-reset, system."""
    link: Link
    status: str | None
    """The device's connection status as last heard; None when it may have changed unheard."""
    client_id: str | None


class LastIntent(msgspec.Struct, frozen=True, kw_only=True):
    """What was last asked for, as opposed to what is in effect."""

    muted: bool
    rev: int
    actor: str | None = None


class ClientView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The body that `GET …/webrtc/clients/…` answers."""

    id: str
    connection_status: str
    muted: bool
    audio_level: float = 0.0
    device_id: str | None = None
    user_id: str | None = None
    epoch: int | None = None
    rev: int | None = None
    last_intent: LastIntent | None = None
    cause: str | None = None
    forced: bool = False

    @property
    def version(self) -> Version | None:
        """Epoch and rev together; None from a server without versions."""
        return None if self.epoch is None or self.rev is None else Version(self.epoch, self.rev)

    @property
    def asked_at(self) -> Version | None:
        """The version of the last intent; None when there is none."""
        if self.last_intent is None or self.epoch is None:
            return None
        return Version(self.epoch, self.last_intent.rev)


class Frame(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Any text frame of the event socket. Which fields are set depends on `type`."""

    type: str
    client_id: str | None = None
    epoch: int | None = None
    rev: int | None = None
    at: str | None = None
    recovered: bool = False
    muted: bool | None = None
    cause: str | None = None
    actor: str | None = None
    intent: str | None = None
    gesture: bool = False
    status: str | None = None
    level: float | None = None
    code: str | None = None
    message: str | None = None

    @property
    def version(self) -> Version | None:
        """Epoch and rev together; None from a server without versions."""
        return None if self.epoch is None or self.rev is None else Version(self.epoch, self.rev)
