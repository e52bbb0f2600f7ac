"""Immutable pictures of the state, handed out by `Org.receive` and by the synchronous handle."""

from enum import StrEnum

import msgspec

from offhook.domain.version import Intent, Version


class Status(StrEnum):
    """A device's connection status, by the tutorial's words."""

    INITIALIZING = "initializing"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    TERMINATING = "terminating"
    TERMINATED = "terminated"


class Cause(StrEnum):
    """Why a device's mute was set."""

    SELF = "self"
    ADMIN = "admin"
    NATIVE = "native"
    HEADSET = "headset"
    DEFAULT_RESET = "default-reset"
    SYSTEM = "system"


class Role(StrEnum):
    """What a socket is to its device."""

    DEVICE = "device"
    OBSERVER = "observer"


class LastIntent(msgspec.Struct, frozen=True):
    """What was last asked for through the API, as opposed to what is in effect."""

    muted: bool
    rev: int
    actor: str | None


class DeviceView(msgspec.Struct, frozen=True, kw_only=True):
    """A device at one moment. `version` is None when the policy turns versions off."""

    id: str
    name: str
    """The `deviceId` that the client chose."""
    user_id: str
    status: Status
    audio_level: float
    muted: bool
    version: Version | None
    last_intent: LastIntent | None
    cause: Cause | None
    forced: bool


class MuteView(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of an accepted mute."""

    device: DeviceView
    intent: Intent | None


class UserView(msgspec.Struct, frozen=True, kw_only=True):
    """A user at one moment."""

    id: str
    name: str
    username: str
    email: str
    licences: frozenset[str]
    permissions: frozenset[str]
    conflict: bool
    """In a conflicting state: has no WebRTC client."""
    blocked: bool
    """In a call that blocks WebRTC initialization."""


class LegView(msgspec.Struct, frozen=True, kw_only=True):
    """A call leg at one moment."""

    id: str
    device_id: str
    media: str
    """`voice`, or a digital medium, which never counts for mute."""
    state: str
    """`alerting`, `dialing`, `connected`, `ended`."""
    muted: bool
    held: bool
    confined: bool


class PartyView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at the far end: the customer, or whoever is consulted. No device of ours."""

    participant_id: str
    leg_id: str
    name: str
    address: str
    """A telephone number."""
    state: str
    confined: bool = False
    """Hears nobody while the user consults somebody else."""


class ConversationView(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation at one moment. Times in seconds since the Unix epoch, on the org's clock."""

    id: str
    user_id: str
    user_name: str
    participant_id: str
    legs: tuple[LegView, ...]
    direction: str
    """`inbound` or `outbound`."""
    far: PartyView
    consult: PartyView | None = None
    started_at: float
    connected_at: float | None = None
    held_at: float | None = None
    ended_at: float | None = None
    disconnect_type: str | None = None
    """Who ended it, in the platform's words: `client`, `peer`, `endpoint`, `transfer`, `system`."""
    wrapup_code: str | None = None
    wrapup_notes: str = ""


class SocketView(msgspec.Struct, frozen=True, kw_only=True):
    """An attached event socket at one moment."""

    id: str
    device_id: str
    role: Role
    token_id: str
