"""Calls on a device: start one, change it."""

from typing import Literal

import msgspec

from offhook.api.answer import json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome
from offhook.control.rows import CONFLICT, NO_SUCH, path_id, row
from offhook.control.users import user_named
from offhook.domain.inputs import ChangeCall, StartCall
from offhook.domain.views import ConversationView, LegView


class StartBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """A conversation with one leg on this device, or on the softphone of this user."""

    client_id: str | None = None
    user: str | None = None
    """An id, username or email; the default user when neither this nor a device is named."""
    media: Literal["voice", "chat"] = "voice"
    direction: Literal["inbound", "outbound"] = "inbound"
    state: Literal["alerting", "connected"] = "connected"
    """`alerting`: it rings, here or, when outbound, there."""
    address: str = "+15550100"
    name: str = "Cleo Customer"


class ChangeBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """What becomes of the leg. What is absent or null stays as it is."""

    state: Literal["alerting", "connected", "ended"] | None = None
    muted: bool | None = None
    held: bool | None = None
    confined: bool | None = None
    client_id: str | None = None
    disconnect_type: Literal["client", "peer", "endpoint", "transfer", "system"] | None = None
    """Who ended it; `peer` is the far end."""
    consult: str | None = None
    """The address of somebody to consult; empty: the consultation is over."""


class LegBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A call leg."""

    id: str
    client_id: str
    media: str
    state: str
    muted: bool
    held: bool
    confined: bool

    @classmethod
    def of(cls, leg: LegView) -> "LegBody":
        """The leg as control shows it."""
        return cls(
            id=leg.id,
            client_id=leg.device_id,
            media=leg.media,
            state=leg.state,
            muted=leg.muted,
            held=leg.held,
            confined=leg.confined,
        )


class ConversationBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A conversation."""

    id: str
    user_id: str
    participant_id: str
    direction: str
    far_participant_id: str
    address: str
    legs: tuple[LegBody, ...]

    @classmethod
    def of(cls, conversation: ConversationView) -> "ConversationBody":
        """The conversation as control shows it."""
        return cls(
            id=conversation.id,
            user_id=conversation.user_id,
            participant_id=conversation.participant_id,
            direction=conversation.direction,
            far_participant_id=conversation.far.participant_id,
            address=conversation.far.address,
            legs=tuple(LegBody.of(leg) for leg in conversation.legs),
        )


def _post(call: Call) -> Response:
    body = call.body
    org = call.tenancy.org
    user = org.default_user() if body.user is None else user_named(org, body.user)
    rings_there = body.direction == "outbound" and body.state == "alerting"
    item = StartCall(
        device_id=body.client_id,
        user_id=user.id,
        media=body.media,
        direction=body.direction,
        state="dialing" if rings_there else body.state,
        address=body.address,
        name=body.name,
    )
    conversation = org.receive(item, now=call.now)
    return json_answer(201, ConversationBody.of(conversation))


def _patch(call: Call) -> Response:
    body = call.body
    item = ChangeCall(
        conversation_id=call.path["conversationId"],
        state=body.state,
        muted=body.muted,
        held=body.held,
        confined=body.confined,
        device_id=body.client_id,
        disconnect_type=body.disconnect_type,
        consult=body.consult,
    )
    conversation = call.tenancy.org.receive(item, now=call.now)
    return json_answer(200, ConversationBody.of(conversation))


_CONVERSATION = Outcome(
    meaning="The conversation.",
    body=ConversationBody,
    identifies={
        "conversationId": "/id",
        "participantId": "/participantId",
        "communicationId": "/legs/0/id",
    },
)

OPERATIONS = (
    row(
        "postCall",
        "POST",
        "/calls",
        "Start a conversation with one leg on a device",
        _post,
        body=StartBody,
        outcomes={201: _CONVERSATION, 404: NO_SUCH, 409: CONFLICT},
    ),
    row(
        "patchCall",
        "PATCH",
        "/calls/{conversationId}",
        "The leg connects, ends, is held, or moves to another device",
        _patch,
        body=ChangeBody,
        params=(path_id("conversationId", "The id that starting the call answered."),),
        outcomes={200: _CONVERSATION, 404: NO_SUCH, 409: CONFLICT},
    ),
)
