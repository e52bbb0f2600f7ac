"""Everything that can change an org, as values.

`Org.receive(input, now=…)` is the one door. An input that the state does not allow raises
`DomainError`, and nothing has changed. The type parameter says what `receive` returns.
Device inputs name the device by id. OAuth's inputs live in `offhook.oauth.inputs`.
"""

from typing import Generic, TypeVar

import msgspec

from offhook.domain.version import Intent, Version
from offhook.domain.views import (
    Cause,
    ConversationView,
    DeviceView,
    MuteView,
    Role,
    Status,
)

R_co = TypeVar("R_co", covariant=True)


class Input(msgspec.Struct, Generic[R_co], frozen=True, kw_only=True):
    """The root of all inputs."""

    def facts(self) -> dict[str, object]:
        """What the journal may keep of it. Inputs that hold secrets leave them out."""
        return msgspec.structs.asdict(self)


# What clients ask for.


class OpenDevice(Input[DeviceView], frozen=True, kw_only=True):
    """`GET …/clients/me`: create, restart or just read the user's device of that name."""

    user_id: str
    name: str


class SetMute(Input[MuteView], frozen=True, kw_only=True):
    """The user's own wish. `if_match` makes it compare-and-set."""

    device_id: str
    muted: bool
    actor: str
    intent: Intent | None = None
    if_match: Version | None = None


class DeleteDevice(Input[None], frozen=True, kw_only=True):
    """The client ends its session: terminating, then terminated."""

    device_id: str
    actor: str


# What sockets do.


class AttachSocket(Input[None], frozen=True, kw_only=True):
    """An event socket is open. `since` asks for replay."""

    socket_id: str
    device_id: str
    role: Role
    token_id: str
    since: Version | None = None


class DetachSocket(Input[None], frozen=True, kw_only=True):
    """An event socket is closed, whoever closed it. Unknown sockets are passed over."""

    socket_id: str


class SocketReport(Input[None], frozen=True, kw_only=True):
    """What a device-role socket reports. Refusals are answered by a `FrameRefused`, not raised."""

    socket_id: str
    kind: str
    """`nativeMute`, `headsetMute`, `audioLevel`, `ping`; `unreadable` when it was none."""
    muted: bool | None = None
    gesture: bool | None = None
    level: float | None = None
    problem: str | None = None


# What other hands do (control).


class ForceMute(Input[DeviceView], frozen=True, kw_only=True):
    """An administrator's mute. Under the policy `locked`, muting also locks."""

    device_id: str
    muted: bool
    actor: str | None = None


class LocalMute(Input[DeviceView], frozen=True, kw_only=True):
    """Mute by the browser (`native`), the headset, or a second tab (`self` with its own intent)."""

    device_id: str
    muted: bool
    cause: Cause
    gesture: bool = False
    intent: Intent | None = None


class DropDevice(Input[DeviceView], frozen=True, kw_only=True):
    """The device loses its connection now, whatever its sockets."""

    device_id: str


class EndSession(Input[DeviceView], frozen=True, kw_only=True):
    """The session ends now, without the wait of a delete."""

    device_id: str


class SetUserState(Input[None], frozen=True, kw_only=True):
    """A conflicting state, or a call that blocks initialization. None leaves it as it is."""

    user_id: str
    conflict: bool | None = None
    blocked: bool | None = None
    licences: frozenset[str] | None = None
    permissions: frozenset[str] | None = None


class PatchDevice(Input[DeviceView], frozen=True, kw_only=True):
    """Control sets a device's fields as they are, without asking the table. None leaves a field."""

    device_id: str
    status: Status | None = None
    muted: bool | None = None
    audio_level: float | None = None


class PatchPolicies(Input[None], frozen=True, kw_only=True):
    """Control changes policies while the org lives. Raises `DomainError` on a wrong one."""

    changes: dict[str, object]


class PushEvent(Input[None], frozen=True, kw_only=True):
    """Control pushes an object to a device's sockets as it is."""

    device_id: str
    body: bytes


class DropSockets(Input[int], frozen=True, kw_only=True):
    """Control closes the sockets of a device, or all (None). Returns how many."""

    device_id: str | None
    code: int


class StartCall(Input[ConversationView], frozen=True, kw_only=True):
    """A conversation with one leg on a device, or on a user's softphone when `device_id` is None.

    `media` other than `voice` is digital. An outbound one begins `dialing` or `connected`, an
    inbound one `alerting` or `connected`.
    """

    device_id: str | None = None
    user_id: str | None = None
    media: str = "voice"
    state: str = "connected"
    direction: str = "inbound"
    address: str = "+15550100"
    name: str = "Cleo Customer"


class ChangeCall(Input[ConversationView], frozen=True, kw_only=True):
    """A leg connects, ends, is muted, held, confined, or moves to another device.

    None leaves a field as it is. `actor` is the user whose wish it is; None: control's.
    """

    conversation_id: str
    state: str | None = None
    muted: bool | None = None
    held: bool | None = None
    confined: bool | None = None
    device_id: str | None = None
    actor: str | None = None
    disconnect_type: str | None = None
    consult: str | None = None
    """The address of somebody who is consulted from now on; empty: the consultation is over."""
    wrapup_code: str | None = None
    wrapup_notes: str = ""
