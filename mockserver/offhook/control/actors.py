"""Other hands: administrators, browsers, headsets, other tabs, other calls."""

import msgspec

from offhook.api.answer import empty_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Operation
from offhook.control.rows import CONFLICT, NO_SUCH, NOTHING, row
from offhook.control.users import user_named
from offhook.domain.inputs import (
    DropDevice,
    EndSession,
    ForceMute,
    LocalMute,
    SetUserState,
)
from offhook.domain.version import Intent
from offhook.domain.views import Cause

SECOND_TAB = "second-tab"
"""The instance whose intents the second tab's mutes carry."""


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """The root of the bodies of this file."""


class ForceMuteBody(_Body, frozen=True, kw_only=True):
    """An administrator mutes or unmutes a device."""

    client_id: str
    muted: bool
    actor: str | None = None
    """The administrator: id, username or email of a user."""


class LocalMuteBody(_Body, frozen=True, kw_only=True):
    """The browser or the headset mutes or unmutes a device."""

    client_id: str
    muted: bool
    gesture: bool = False
    """Whether a person's hand did it."""


class SecondTabBody(_Body, frozen=True, kw_only=True):
    """Another tab of the same user mutes or unmutes a device."""

    client_id: str
    muted: bool


class DeviceBody(_Body, frozen=True, kw_only=True):
    """Something befalls a device."""

    client_id: str


class UserSwitchBody(_Body, frozen=True, kw_only=True):
    """A state of a user begins or ends."""

    user: str
    """Id, username or email."""
    on: bool


def _force_mute(call: Call) -> Response:
    body, org = call.body, call.tenancy.org
    actor = None if body.actor is None else user_named(org, body.actor).id
    item = ForceMute(device_id=body.client_id, muted=body.muted, actor=actor)
    org.receive(item, now=call.now)
    return empty_answer(204)


def _local_mute(call: Call, cause: Cause) -> Response:
    body = call.body
    item = LocalMute(device_id=body.client_id, muted=body.muted, cause=cause, gesture=body.gesture)
    call.tenancy.org.receive(item, now=call.now)
    return empty_answer(204)


def _native_mute(call: Call) -> Response:
    return _local_mute(call, Cause.NATIVE)


def _headset(call: Call) -> Response:
    return _local_mute(call, Cause.HEADSET)


def _second_tab(call: Call) -> Response:
    body, org = call.body, call.tenancy.org
    device = org.device(body.client_id)
    version = None if device is None else device.version
    # `rev` rises with every accepted set, and so does a sequence drawn from it. Without
    # versions nobody could tell an intent's age, so the tab sends none.
    intent = None if version is None else Intent(instance=SECOND_TAB, seq=version.rev + 1)
    item = LocalMute(
        device_id=body.client_id,
        muted=body.muted,
        cause=Cause.SELF,
        intent=intent,
    )
    org.receive(item, now=call.now)
    return empty_answer(204)


def _drop(call: Call) -> Response:
    call.tenancy.org.receive(DropDevice(device_id=call.body.client_id), now=call.now)
    return empty_answer(204)


def _end(call: Call) -> Response:
    call.tenancy.org.receive(EndSession(device_id=call.body.client_id), now=call.now)
    return empty_answer(204)


def _conflict(call: Call) -> Response:
    user = user_named(call.tenancy.org, call.body.user)
    call.tenancy.org.receive(SetUserState(user_id=user.id, conflict=call.body.on), now=call.now)
    return empty_answer(204)


def _block(call: Call) -> Response:
    user = user_named(call.tenancy.org, call.body.user)
    call.tenancy.org.receive(SetUserState(user_id=user.id, blocked=call.body.on), now=call.now)
    return empty_answer(204)


_OUTCOMES = {204: NOTHING, 404: NO_SUCH, 409: CONFLICT}

_ACTORS = (
    ("actForceMute", "force-mute", "An administrator mutes or unmutes", _force_mute, ForceMuteBody),
    ("actNativeMute", "native-mute", "The browser mutes or unmutes", _native_mute, LocalMuteBody),
    ("actHeadset", "headset", "The headset mutes or unmutes", _headset, LocalMuteBody),
    ("actDrop", "drop", "The device loses its connection now", _drop, DeviceBody),
    ("actEnd", "end", "The session ends now", _end, DeviceBody),
    ("actSecondTab", "second-tab", "Another tab of the same user", _second_tab, SecondTabBody),
    ("actConflict", "conflict", "A conflicting user state", _conflict, UserSwitchBody),
    ("actBlock", "block", "A call that blocks initialization", _block, UserSwitchBody),
)

OPERATIONS: tuple[Operation, ...] = tuple(
    row(act, "POST", f"/actors/{name}", summary, handler, body=body, outcomes=_OUTCOMES)
    for act, name, summary, handler, body in _ACTORS
)
