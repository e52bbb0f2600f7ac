"""The AsyncAPI 3 document of the two kinds of sockets, made of the types that encode their frames.

A message bears the name under which fault rules know it: `muteChanged`, `conversations.calls`.
"""

from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from offhook.api import frames
from offhook.api.json_schema import Schemas
from offhook.api.operation import Dialect
from offhook.api.platform.models.notifications import (
    ChannelMetadata,
    EventEnvelope,
    SocketMessage,
    SubscribeResult,
    SystemMessage,
)
from offhook.api.platform.topics import BODIES, METADATA, REPLY
from offhook.domain.channel_sockets import CLOSING, REPLACED, REVOKED
from offhook.domain.evidence import Evidence
from offhook.domain.topics import OF_USER

_JSON = "application/json"
_DEVICE = "deviceEvents"
_CHANNEL = "notifications"
_ENVELOPED = "eventBody"


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a socket."""

    name: str
    meaning: str
    evidence: Evidence
    payload: type
    body: type | None = None
    """What the envelope `payload` holds; None: the payload is no envelope."""
    topic: str | None = None
    """The pattern of the envelope's `topicName`."""


def _of_devices(union: Any) -> tuple[Spoken, ...]:
    return tuple(
        Spoken(
            name=str(frame.__struct_config__.tag),
            meaning=_first_line(frame),
            evidence=Evidence.ASSUMED,
            payload=frame,
        )
        for frame in get_args(union)
    )


def _first_line(message: type) -> str:
    assert message.__doc__, f"{message.__name__} says nothing of itself"
    return message.__doc__.partition("\n")[0]


def _of_topics() -> Iterable[Spoken]:
    for (_, suffix), shape in BODIES.items():
        kind = OF_USER[suffix]
        yield Spoken(
            name=suffix,
            meaning=f"An event of a user: {kind.meaning}.",
            evidence=kind.evidence,
            payload=EventEnvelope,
            body=shape.body,
            topic=rf"^v2\.users\.[^.]+\.{suffix.replace('.', chr(92) + '.')}$",
        )


def _of_system() -> Iterable[Spoken]:
    for topic, meaning in (
        (CLOSING, "The socket will be closed within a minute."),
        (REVOKED, "The channel's token was revoked."),
        (REPLACED, "The channel gave way to a newer one."),
    ):
        yield Spoken(
            name=topic,
            meaning=meaning,
            evidence=Evidence.DOCUMENTED,
            payload=EventEnvelope,
            body=SystemMessage,
            topic=f"^{topic.replace('.', chr(92) + '.')}$",
        )


TO_DEVICES = _of_devices(frames.ServerFrame)
"""What an event socket hears, besides the objects that control pushes as they are."""

FROM_DEVICES = _of_devices(frames.DeviceFrame)

TO_CHANNELS: tuple[Spoken, ...] = (
    *_of_topics(),
    *_of_system(),
    Spoken(
        name=METADATA,
        meaning="The heartbeat, or the answer to a ping.",
        evidence=Evidence.OBSERVED,
        payload=EventEnvelope,
        body=ChannelMetadata,
        topic=r"^channel\.metadata$",
    ),
    Spoken(
        name=REPLY,
        meaning=_first_line(SubscribeResult),
        evidence=Evidence.DOCUMENTED,
        payload=SubscribeResult,
    ),
)

FROM_CHANNELS = (
    Spoken(
        name="channel.message",
        meaning=_first_line(SocketMessage),
        evidence=Evidence.DOCUMENTED,
        payload=SocketMessage,
    ),
)


class _Socket(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of socket: where it is, and what travels on it."""

    name: str
    dialect: Dialect
    address: str
    parameter: str
    meaning: str
    out: tuple[Spoken, ...]
    back: tuple[Spoken, ...]
    query: dict[str, Any] | None = None


_SOCKETS = (
    _Socket(
        name=_DEVICE,
        dialect=Dialect.TUTORIAL,
        address="/api/v2/webrtc/clients/{clientId}/events",
        parameter="clientId",
        meaning="The event socket of a device. The token travels in Authorization, or as the "
        "subprotocol bearer.<token>.",
        out=TO_DEVICES,
        back=FROM_DEVICES,
        query={
            "type": "object",
            "properties": {
                "role": {"type": "string", "enum": ["device", "observer"], "default": "observer"},
                "since": {"type": "string", "examples": ["1.3"]},
            },
        },
    ),
    _Socket(
        name=_CHANNEL,
        dialect=Dialect.PLATFORM,
        address="/channels/{channelId}",
        parameter="channelId",
        meaning="The socket of a notification channel, its connectUri. It needs no header.",
        out=TO_CHANNELS,
        back=FROM_CHANNELS,
    ),
)


def document(dialects: Iterable[Dialect], *, title: str, version: str) -> dict[str, Any]:
    """The document of the sockets of these dialects, as JSON-able values."""
    wanted = frozenset(dialects)
    sockets = [socket for socket in _SOCKETS if socket.dialect in wanted]
    spoken = [each for socket in sockets for each in (*socket.out, *socket.back)]
    types = dict.fromkeys(
        kind for each in spoken for kind in (each.payload, each.body) if kind is not None
    )
    schemas = Schemas(list(types))
    operations: dict[str, Any] = {}
    for socket in sockets:
        operations[f"hear-{socket.name}"] = _operation("send", socket, socket.out)
        operations[f"tell-{socket.name}"] = _operation("receive", socket, socket.back)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": title,
            "version": version,
            "description": "The sockets of an unofficial mock of Genesys Cloud voice control. "
            "Offhook is an independent test tool, not affiliated with, endorsed by or supported "
            "by Genesys. Frames are text, one JSON object each.",
        },
        "defaultContentType": _JSON,
        "channels": {socket.name: _channel(socket) for socket in sockets},
        "operations": operations,
        "components": {
            "messages": {each.name: _message(each, schemas) for each in spoken},
            "schemas": schemas.components,
        },
    }


def _channel(socket: _Socket) -> dict[str, Any]:
    binding: dict[str, Any] = {"method": "GET", "bindingVersion": "0.1.0"}
    if socket.query is not None:
        binding["query"] = socket.query
    return {
        "address": socket.address,
        "description": socket.meaning,
        "messages": {
            each.name: {"$ref": f"#/components/messages/{each.name}"}
            for each in (*socket.out, *socket.back)
        },
        "parameters": {socket.parameter: {"description": "Its id."}},
        "bindings": {"ws": binding},
    }


def _operation(action: str, socket: _Socket, spoken: tuple[Spoken, ...]) -> dict[str, Any]:
    """`action` is the mock's: it sends what clients hear."""
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{socket.name}"},
        "messages": [{"$ref": f"#/channels/{socket.name}/messages/{each.name}"} for each in spoken],
    }


def _message(spoken: Spoken, schemas: Schemas) -> dict[str, Any]:
    payload = schemas.of(spoken.payload)
    if spoken.body is not None:
        narrowed = {"topicName": {"type": "string", "pattern": spoken.topic}}
        payload = {
            "allOf": [
                payload,
                {
                    "type": "object",
                    "properties": {**narrowed, _ENVELOPED: schemas.of(spoken.body)},
                },
            ]
        }
    return {
        "name": spoken.name,
        "summary": spoken.meaning,
        "contentType": _JSON,
        "payload": payload,
        "x-evidence": spoken.evidence.value,
    }
