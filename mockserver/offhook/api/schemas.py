"""The messages of the tutorial dialect, in JSON's names, as the document describes them."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from offhook.domain.version import Version
from offhook.domain.views import Cause, DeviceView, LastIntent, Status

MAX_INTEGER = 2**53 - 1
"""The largest whole number that JavaScript reads exactly (RFC 8259 §6)."""

Epoch = Annotated[int, Meta(ge=1, le=MAX_INTEGER, description="Rises with each new device.")]
Rev = Annotated[int, Meta(ge=0, le=MAX_INTEGER, description="Rises with each accepted mute.")]
Id = Annotated[str, Meta(examples=["6c1f2a34-0b5d-4e6f-a718-29304a5b6c7d"])]
Level = Annotated[
    float, Meta(ge=0, le=1, description="The microphone, 0.0 to 1.0.", examples=[0.4])
]


class Message(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The root of all messages: fields in camelCase, unknown ones ignored."""


class ErrorDetail(Message, frozen=True, kw_only=True):
    """What was wrong with one field."""

    error_code: str
    field_name: Annotated[str, Meta(examples=["muted"])]


class ErrorBody(Message, frozen=True, kw_only=True):
    """Every refusal, in the platform's shape."""

    message: Annotated[str, Meta(examples=["The requested resource was not found."])]
    code: Annotated[str, Meta(examples=["not.found"])]
    status: Annotated[int, Meta(ge=100, le=599, examples=[404])]
    context_id: Annotated[
        str, Meta(description="Also the header ININ-Correlation-Id; /_offhook/v1/why explains it.")
    ]
    details: tuple[ErrorDetail, ...] = ()
    errors: tuple[Any, ...] = ()
    message_params: Annotated[
        dict[str, str] | UnsetType,
        Meta(description="Where a stub would help: it, as python, toml and control."),
    ] = UNSET


class MuteRequest(Message, frozen=True, kw_only=True):
    """The wish of the user."""

    muted: Annotated[bool, Meta(description="True mutes, false unmutes.", examples=[True])]


class MuteResult(Message, frozen=True, kw_only=True):
    """The "minimal" answer to a mute."""

    id: Id
    muted: bool


class Intended(Message, frozen=True, kw_only=True):
    """What was last asked for through the API."""

    muted: bool
    rev: Rev
    actor: Annotated[str | None, Meta(description="The user who asked.")]


class WebrtcClient(Message, frozen=True, kw_only=True):
    """A device of a user."""

    id: Id
    device_id: Annotated[str, Meta(examples=["default"])]
    user_id: Id
    connection_status: Status
    audio_level: Level
    muted: Annotated[bool, Meta(description="What is in effect.")]
    epoch: Epoch | UnsetType = UNSET
    rev: Rev | UnsetType = UNSET
    last_intent: Intended | UnsetType | None = UNSET
    cause: Annotated[Cause | None, Meta(description="How `muted` came about; null at first.")]
    forced: Annotated[bool, Meta(description="An administrator's mute is locked.")]
    self_uri: str


class WebrtcClients(Message, frozen=True, kw_only=True):
    """The devices that the token may see."""

    entities: tuple[WebrtcClient, ...]
    total: Annotated[int, Meta(ge=0, le=MAX_INTEGER)]


def client_message(view: DeviceView) -> WebrtcClient:
    """A device as the wire shows it; without versions their fields are absent."""
    version = view.version
    return WebrtcClient(
        id=view.id,
        device_id=view.name,
        user_id=view.user_id,
        connection_status=view.status,
        audio_level=view.audio_level,
        muted=view.muted,
        epoch=version.epoch if version is not None else UNSET,
        rev=version.rev if version is not None else UNSET,
        last_intent=_intended(version, view.last_intent),
        cause=view.cause,
        forced=view.forced,
        self_uri=f"/api/v2/webrtc/clients/{view.id}",
    )


def _intended(version: Version | None, last: LastIntent | None) -> Intended | UnsetType | None:
    if version is None:
        return UNSET
    return None if last is None else Intended(muted=last.muted, rev=last.rev, actor=last.actor)
