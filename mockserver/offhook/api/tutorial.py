"""The tutorial's operations: WebRTC clients and their mute. Wire contract: tutorial-dialect.md.

The one operation that both dialects have, `getUsersMe`, is in `offhook.api.platform.users`.
"""

from offhook.api.answer import empty_answer, json_answer
from offhook.api.exchange import Answer, Upgrade
from offhook.api.operation import Access, Call, Dialect, Operation, Outcome, Param
from offhook.api.resolve import bearer_subprotocol
from offhook.api.schemas import (
    ErrorBody,
    MuteRequest,
    MuteResult,
    WebrtcClient,
    WebrtcClients,
    client_message,
)
from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence
from offhook.domain.inputs import DeleteDevice, OpenDevice, SetMute
from offhook.domain.version import Intent, Version
from offhook.domain.views import DeviceView, Role
from offhook.policies import MuteAnswer

_TUTORIAL = frozenset({Dialect.TUTORIAL})
_READ = Access(
    scope="webrtc:client:read", permission="webrtc:client:view", owner=True, service=True
)
_WRITE = Access(scope="webrtc:client:read", permission="webrtc:client:edit", owner=True)
"""The scope says read, for the write too: the tutorial says so."""

_VERSION_PATTERN = "(?:[1-9][0-9]{0,17})\\.(?:0|[1-9][0-9]{0,17})"
_CLIENT_ID = Param(
    name="clientId",
    where="path",
    schema={"type": "string"},
    meaning="The id of the device.",
    required=True,
)


def open_client(call: Call) -> Answer:
    """The user's device of that name: created, restarted or just read."""
    device = call.tenancy.org.receive(
        OpenDevice(user_id=_user_id(call), name=call.query["deviceId"]), now=call.now
    )
    return json_answer(200, client_message(device), _etag(device))


def list_clients(call: Call) -> Answer:
    """A user's own devices; a service token, which acts for the org, sees all."""
    assert call.token is not None, "not public"
    devices = call.tenancy.org.devices(call.token.user_id)
    entities = tuple(client_message(device) for device in devices)
    return json_answer(200, WebrtcClients(entities=entities, total=len(entities)))


def get_client(call: Call) -> Answer:
    """One device."""
    device = call.device
    assert device is not None, "the order of refusal has looked"
    return json_answer(200, client_message(device), _etag(device))


def mute_client(call: Call) -> Answer:
    """Set the user's wish."""
    headers = call.request.headers
    intent, if_match = headers.get("offhook-intent"), headers.get("if-match")
    mute = call.tenancy.org.receive(
        SetMute(
            device_id=call.path["clientId"],
            muted=call.body.muted,
            actor=_user_id(call),
            intent=None if intent is None else Intent.parse(intent, where="Offhook-Intent"),
            if_match=None if if_match is None else Version.parse(if_match, where="If-Match"),
        ),
        now=call.now,
    )
    echoed = _etag(mute.device)
    if mute.intent is not None:
        echoed += (("Offhook-Intent", str(mute.intent)),)
    if call.tenancy.org.policies.mute_answer is MuteAnswer.MINIMAL:
        result = MuteResult(id=mute.device.id, muted=mute.device.muted)
        return json_answer(200, result, echoed)
    return empty_answer(204, echoed)


def delete_client(call: Call) -> Answer:
    """End the session of a device."""
    call.tenancy.org.receive(
        DeleteDevice(device_id=call.path["clientId"], actor=_user_id(call)), now=call.now
    )
    return empty_answer(204)


def open_events(call: Call) -> Answer:
    """Become the event socket of a device (RFC 6455 §4.2.1)."""
    request = call.request
    if request.method != "GET" or request.headers.get("upgrade", "").lower() != "websocket":
        raise DomainError("upgrade.required", headers=(("Upgrade", "websocket"),))
    assert call.token is not None, "not public"
    since = call.query.get("since")
    return Upgrade(
        device_id=call.path["clientId"],
        role=Role(call.query["role"]),
        token_id=call.token.id,
        since=None if since is None else Version.parse(since, where="since"),
        subprotocol=bearer_subprotocol(request),
    )


def _user_id(call: Call) -> str:
    assert call.token is not None, "not public"
    assert call.token.user_id is not None, "the order of refusal wants a user here"
    return call.token.user_id


def _etag(device: DeviceView) -> tuple[tuple[str, str], ...]:
    return () if device.version is None else (("ETag", device.version.etag),)


_ONE_CLIENT = Outcome(
    meaning="The device.", body=WebrtcClient, headers=("ETag",), identifies={"clientId": "/id"}
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="getWebrtcClientsMe",
        method="GET",
        path="/api/v2/webrtc/clients/me",
        summary="Open the user's device of that name: created, restarted or just read.",
        dialects=_TUTORIAL,
        access=Access(scope="webrtc:client:read", permission="webrtc:client:view", user=True),
        params=(
            Param(
                name="deviceId",
                where="query",
                schema={
                    "type": "string",
                    "pattern": "^[A-Za-z0-9._-]{1,64}$",
                    "default": "default",
                    "examples": ["default"],
                },
                meaning="Tells the devices of one user apart; the client chooses it.",
            ),
        ),
        outcomes={
            200: _ONE_CLIENT,
            404: Outcome(
                meaning="The user has no licence or is in a conflicting state.", body=ErrorBody
            ),
        },
        handler=open_client,
        evidence=Evidence.TUTORIAL,
    ),
    Operation(
        id="getWebrtcClients",
        method="GET",
        path="/api/v2/webrtc/clients",
        summary="The user's devices; all devices for a service token.",
        dialects=_TUTORIAL,
        access=Access(scope="webrtc:client:read", permission="webrtc:client:view"),
        outcomes={
            200: Outcome(
                meaning="The devices.",
                body=WebrtcClients,
                identifies={"clientId": "/entities/0/id"},
            )
        },
        handler=list_clients,
        evidence=Evidence.ASSUMED,
    ),
    Operation(
        id="getWebrtcClient",
        method="GET",
        path="/api/v2/webrtc/clients/{clientId}",
        summary="One device.",
        dialects=_TUTORIAL,
        access=_READ,
        params=(_CLIENT_ID,),
        outcomes={200: _ONE_CLIENT},
        handler=get_client,
        evidence=Evidence.ASSUMED,
    ),
    Operation(
        id="postWebrtcClientMute",
        method="POST",
        path="/api/v2/webrtc/clients/{clientId}/mute",
        summary="Mute or unmute a device.",
        dialects=_TUTORIAL,
        access=_WRITE,
        params=(
            _CLIENT_ID,
            Param(
                name="If-Match",
                where="header",
                schema={
                    "type": "string",
                    "format": "entity-tag",
                    "pattern": f'^"{_VERSION_PATTERN}"$',
                    "examples": ['"1.3"'],
                },
                meaning="Set only if nothing was set since this version.",
            ),
            Param(
                name="Idempotency-Key",
                where="header",
                schema={
                    "type": "string",
                    "pattern": "^[!-~]{1,128}$",
                    "examples": ["8f14e45f-ceea-467f-a0f6-6c3a4f1b2c3d"],
                },
                meaning="A repeat is answered as the first was, without a second effect.",
            ),
            Param(
                name="Offhook-Intent",
                where="header",
                schema={
                    "type": "string",
                    "format": "intent",
                    "pattern": "^[A-Za-z0-9._-]{1,64}:[1-9][0-9]{0,17}$",
                    "examples": ["desk-1:7"],
                },
                meaning="Which wish of which instance of the client this is.",
            ),
        ),
        body=MuteRequest,
        outcomes={
            204: Outcome(meaning="Set.", headers=("ETag", "Offhook-Intent")),
            200: Outcome(
                meaning="Set; the answer of the policy mute_answer=minimal.",
                body=MuteResult,
                headers=("ETag", "Offhook-Intent"),
            ),
            409: Outcome(
                meaning="The device's status does not allow it, or the intent is stale.",
                body=ErrorBody,
            ),
            412: Outcome(meaning="The device was set since.", body=ErrorBody),
        },
        handler=mute_client,
        evidence=Evidence.TUTORIAL,
    ),
    Operation(
        id="deleteWebrtcClient",
        method="DELETE",
        path="/api/v2/webrtc/clients/{clientId}",
        summary="End the session of a device.",
        dialects=_TUTORIAL,
        access=_WRITE,
        params=(_CLIENT_ID,),
        outcomes={
            204: Outcome(meaning="The session ends."),
            409: Outcome(meaning="It is ending already.", body=ErrorBody),
        },
        handler=delete_client,
        evidence=Evidence.TUTORIAL,
    ),
    Operation(
        id="getWebrtcClientEvents",
        method="GET",
        path="/api/v2/webrtc/clients/{clientId}/events",
        summary="The event socket of a device.",
        dialects=_TUTORIAL,
        access=Access(scope="webrtc:client:read", permission="webrtc:client:view", owner=True),
        params=(
            _CLIENT_ID,
            Param(
                name="role",
                where="query",
                schema={"type": "string", "enum": ["device", "observer"], "default": "observer"},
                meaning="Only `device` sockets keep a device alive and may send.",
            ),
            Param(
                name="since",
                where="query",
                schema={
                    "type": "string",
                    "pattern": f"^{_VERSION_PATTERN}$",
                    "examples": ["1.3"],
                },
                meaning="Asks for the `muteChanged` events after this version.",
            ),
        ),
        outcomes={
            101: Outcome(meaning="The connection speaks WebSocket now."),
            426: Outcome(
                meaning="The request was no upgrade.", body=ErrorBody, headers=("Upgrade",)
            ),
        },
        handler=open_events,
        evidence=Evidence.ASSUMED,
    ),
)
