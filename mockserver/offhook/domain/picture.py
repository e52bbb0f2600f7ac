"""The whole org as JSON-able values, for `GET /_offhook/v1/state`. Public ids only."""

from collections.abc import Iterable

import msgspec

from offhook.domain.views import ConversationView, DeviceView, SocketView, UserView
from offhook.oauth.tokens import Token
from offhook.policies import Policies


def picture(
    *,
    name: str,
    seed: int,
    now: float,
    users: Iterable[UserView],
    devices: Iterable[DeviceView],
    conversations: Iterable[ConversationView],
    sockets: Iterable[SocketView],
    tokens: Iterable[Token],
    policies: Policies,
) -> dict[str, object]:
    """One moment of an org. Times in seconds since the Unix epoch, as `now`."""
    return {
        "name": name,
        "seed": seed,
        "now": now,
        "users": [_user(each) for each in users],
        "devices": [_device(each) for each in devices],
        "conversations": [_conversation(each) for each in conversations],
        "sockets": [_socket(each) for each in sockets],
        "tokens": [_token(each, now=now) for each in tokens],
        "policies": msgspec.to_builtins(policies),
    }


def _user(user: UserView) -> dict[str, object]:
    return {
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "email": user.email,
        "licences": sorted(user.licences),
        "permissions": sorted(user.permissions),
        "conflict": user.conflict,
        "blocked": user.blocked,
    }


def _device(device: DeviceView) -> dict[str, object]:
    facts: dict[str, object] = {
        "id": device.id,
        "deviceId": device.name,
        "userId": device.user_id,
        "connectionStatus": device.status.value,
        "audioLevel": device.audio_level,
        "muted": device.muted,
        "cause": device.cause.value if device.cause is not None else None,
        "forced": device.forced,
    }
    if device.version is not None:
        intent = device.last_intent
        facts["epoch"] = device.version.epoch
        facts["rev"] = device.version.rev
        facts["lastIntent"] = None if intent is None else msgspec.to_builtins(intent)
    return facts


def _conversation(conversation: ConversationView) -> dict[str, object]:
    return {
        "id": conversation.id,
        "userId": conversation.user_id,
        "participantId": conversation.participant_id,
        "direction": conversation.direction,
        "farParticipantId": conversation.far.participant_id,
        "address": conversation.far.address,
        "legs": [
            {
                "id": leg.id,
                "clientId": leg.device_id,
                "media": leg.media,
                "state": leg.state,
                "muted": leg.muted,
                "held": leg.held,
                "confined": leg.confined,
            }
            for leg in conversation.legs
        ],
    }


def _socket(socket: SocketView) -> dict[str, object]:
    return {
        "id": socket.id,
        "clientId": socket.device_id,
        "role": socket.role.value,
        "tokenId": socket.token_id,
    }


def _token(token: Token, *, now: float) -> dict[str, object]:
    return {
        "id": token.id,
        "userId": token.user_id,
        "oauthClientId": token.client_id,
        "scopes": sorted(token.scopes),
        "issuedAt": token.issued_at,
        "expiresAt": token.expires_at,
        "status": token.status(now=now).value,
    }
