"""The org's state as a whole: read it, patch it, begin anew."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from offhook.api.answer import empty_answer, json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome
from offhook.control.clock import clock_body
from offhook.control.fields import policies_schema, whole_numbers
from offhook.control.rows import CONFLICT, NO_SUCH, NOTHING, row
from offhook.control.users import user_named
from offhook.domain.errors import DomainError
from offhook.domain.inputs import PatchDevice, PatchPolicies, SetUserState
from offhook.domain.org import Org
from offhook.domain.views import Status


class _Patch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """The root of the patches. What is absent or null stays as it is."""


class UserPatch(_Patch, frozen=True, kw_only=True):
    """What control may change of a user."""

    conflict: bool | None = None
    blocked: bool | None = None
    licences: frozenset[str] | None = None
    permissions: frozenset[str] | None = None


class DevicePatch(_Patch, frozen=True, kw_only=True):
    """What control may change of a device, by the names of `GET /state`.

    The table of transitions is not asked.
    """

    connection_status: Status | None = None
    muted: bool | None = None
    audio_level: Annotated[float, Meta(ge=0, le=1)] | None = None


class StatePatch(_Patch, frozen=True, kw_only=True):
    """All of it is taken, or nothing."""

    policies: Annotated[dict[str, Any], Meta(extra_json_schema=policies_schema())] = {}
    """By the names of the policies, e.g. `mute_after_reconnect`."""
    users: dict[str, UserPatch] = {}
    """By id, username or email."""
    devices: dict[str, DevicePatch] = {}
    """By client id."""


def _state(call: Call) -> Response:
    tenancy = call.tenancy
    state = {
        **tenancy.org.state(now=call.now),
        "clock": clock_body(tenancy),
        "faults": tenancy.faults.rules(),
    }
    return json_answer(200, state)


def _patch(call: Call) -> Response:
    org, patch = call.tenancy.org, call.body
    # Everything is checked before anything is changed: a patch is taken whole or not at all.
    policies = whole_numbers(patch.policies)
    org.policies.changed(policies)
    users = _users(org, patch.users)
    for device_id in patch.devices:
        if org.device(device_id) is None:
            raise DomainError("not.found", f"There is no client {device_id!r}.")
    if policies:
        org.receive(PatchPolicies(changes=policies), now=call.now)
    for user_id, user in users.items():
        item = SetUserState(user_id=user_id, **msgspec.structs.asdict(user))
        org.receive(item, now=call.now)
    for device_id, device in patch.devices.items():
        org.receive(
            PatchDevice(
                device_id=device_id,
                status=device.connection_status,
                muted=device.muted,
                audio_level=device.audio_level,
            ),
            now=call.now,
        )
    return _state(call)


def _users(org: Org, changes: dict[str, UserPatch]) -> dict[str, UserPatch]:
    """The changes by user id. One user under two names would have no order: refused."""
    by_id: dict[str, UserPatch] = {}
    for name, change in changes.items():
        user = user_named(org, name)
        if user.id in by_id:
            raise DomainError(
                "invalid.value", f"users names {user.username} twice, the second time as {name!r}."
            )
        by_id[user.id] = change
    return by_id


def _reset(call: Call) -> Response:
    call.tenancy.reset(now=call.now)
    return empty_answer(204)


_STATE = Outcome(meaning="The whole org, by public ids only.", body=dict[str, Any])

OPERATIONS = (
    row("getState", "GET", "/state", "Read the whole org", _state, outcomes={200: _STATE}),
    row(
        "patchState",
        "PATCH",
        "/state",
        "Change policies, users and devices, all or nothing",
        _patch,
        body=StatePatch,
        outcomes={200: _STATE, 404: NO_SUCH, 409: CONFLICT},
    ),
    row(
        "postReset",
        "POST",
        "/reset",
        "The org as it was at start, the seed too",
        _reset,
        outcomes={204: NOTHING},
    ),
)
