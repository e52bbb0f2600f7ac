"""A conversation of the domain in the platform's two shapes."""

from typing import TypeVar

from msgspec import UNSET, UnsetType

from offhook.api.answer import stamp
from offhook.api.platform.models.conversations import (
    Address,
    Call,
    CallConversation,
    CallMediaParticipant,
    Conversation,
    ConversationChat,
    DomainEntityRef,
    Participant,
    Wrapup,
)
from offhook.domain.conversation import VOICE
from offhook.domain.views import ConversationView, PartyView

T = TypeVar("T")

STATES = {
    "alerting": "alerting",
    "dialing": "dialing",
    "connected": "connected",
    "ended": "disconnected",
}
"""The platform's word for each state of a leg (wire contract §6)."""

OWN_ADDRESS = "sip:agent@offhook.example"
OWN_NUMBER = "+15550101"


def call_conversation(view: ConversationView) -> CallConversation:
    """The flat shape, as `conversations/calls` reads it and its topic sends it."""
    parties = [_flat_own(view), _flat_far(view, view.far, "customer")]
    if view.consult is not None:
        parties.append(_flat_far(view, view.consult, "external"))
    return CallConversation(
        id=view.id,
        participants=tuple(_in_order(view, parties)),
        self_uri=f"/api/v2/conversations/calls/{view.id}",
    )


def conversation(view: ConversationView) -> Conversation:
    """The nested shape, as `conversations` reads it and its topic sends it."""
    parties = [_nested_own(view), _nested_far(view, view.far, "customer")]
    if view.consult is not None:
        parties.append(_nested_far(view, view.consult, "external"))
    return Conversation(
        id=view.id,
        start_time=stamp(view.started_at),
        end_time=_stamp(view.ended_at),
        address=view.far.address,
        participants=tuple(_in_order(view, parties)),
        self_uri=f"/api/v2/conversations/{view.id}",
    )


def _in_order(view: ConversationView, parties: list[T]) -> list[T]:
    """Whoever called comes first."""
    if view.direction == "inbound":
        parties[0], parties[1] = parties[1], parties[0]
    return parties


def _stamp(at: float | None) -> str | UnsetType:
    return UNSET if at is None else stamp(at)


def _wrapup(view: ConversationView) -> Wrapup | UnsetType:
    if view.wrapup_code is None:
        return UNSET
    return Wrapup(code=view.wrapup_code, notes=view.wrapup_notes)


def _numbers(view: ConversationView) -> tuple[str, str]:
    """Who called, who was called."""
    if view.direction == "inbound":
        return view.far.address, OWN_NUMBER
    return OWN_NUMBER, view.far.address


def _consulting(view: ConversationView) -> str | UnsetType:
    return UNSET if view.consult is None else view.consult.participant_id


def _flat_own(view: ConversationView) -> CallMediaParticipant:
    leg, (ani, dnis) = view.legs[0], _numbers(view)
    return CallMediaParticipant(
        id=view.participant_id,
        name=view.user_name,
        address=OWN_ADDRESS,
        start_time=stamp(view.started_at),
        connected_time=_stamp(view.connected_at),
        end_time=_stamp(view.ended_at),
        start_hold_time=_stamp(view.held_at),
        purpose="agent",
        state=STATES[leg.state],
        direction=view.direction,
        disconnect_type=UNSET if view.disconnect_type is None else view.disconnect_type,
        held=leg.held,
        wrapup=_wrapup(view),
        user=DomainEntityRef(
            id=view.user_id, name=view.user_name, self_uri=f"/api/v2/users/{view.user_id}"
        ),
        muted=leg.muted,
        confined=leg.confined,
        ani=ani,
        dnis=dnis,
        consult_participant_id=_consulting(view),
    )


def _flat_far(view: ConversationView, party: PartyView, purpose: str) -> CallMediaParticipant:
    ani, dnis = _numbers(view)
    return CallMediaParticipant(
        id=party.participant_id,
        name=party.name,
        address=party.address,
        start_time=stamp(view.started_at),
        connected_time=_stamp(view.connected_at),
        end_time=_stamp(view.ended_at),
        purpose=purpose,
        state=STATES[party.state],
        direction=view.direction,
        held=False,
        muted=False,
        confined=party.confined,
        ani=ani,
        dnis=dnis,
    )


def _nested_own(view: ConversationView) -> Participant:
    leg, (ani, dnis) = view.legs[0], _numbers(view)
    voice = leg.media == VOICE
    return Participant(
        id=view.participant_id,
        start_time=stamp(view.started_at),
        connected_time=_stamp(view.connected_at),
        end_time=_stamp(view.ended_at),
        name=view.user_name,
        user_uri=f"/api/v2/users/{view.user_id}",
        user_id=view.user_id,
        purpose="agent",
        participant_type="Internal",
        consult_participant_id=_consulting(view),
        address=OWN_ADDRESS,
        ani=ani,
        dnis=dnis,
        wrapup=_wrapup(view),
        calls=(_call(view, own=True),) if voice else (),
        chats=() if voice else (_chat(view),),
    )


def _nested_far(view: ConversationView, party: PartyView, purpose: str) -> Participant:
    ani, dnis = _numbers(view)
    voice = view.legs[0].media == VOICE
    return Participant(
        id=party.participant_id,
        start_time=stamp(view.started_at),
        connected_time=_stamp(view.connected_at),
        end_time=_stamp(view.ended_at),
        name=party.name,
        purpose=purpose,
        participant_type="External",
        address=party.address,
        ani=ani,
        dnis=dnis,
        calls=(_call(view, own=False, party=party),) if voice else (),
    )


def _call(view: ConversationView, *, own: bool, party: PartyView | None = None) -> Call:
    leg = view.legs[0]
    there = party if party is not None else view.far
    state = STATES[leg.state if own else there.state]
    here = Address(
        name=view.user_name,
        name_raw=view.user_name,
        address_normalized=OWN_ADDRESS,
        address_raw=OWN_ADDRESS,
        address_displayable=OWN_ADDRESS,
    )
    far = Address(
        name=there.name,
        name_raw=there.name,
        address_normalized=there.address,
        address_raw=there.address,
        address_displayable=there.address,
    )
    ringing = own and view.direction == "inbound" and view.connected_at != view.started_at
    return Call(
        id=leg.id if own else there.leg_id,
        state=state,
        initial_state="alerting" if view.direction == "inbound" else "contacting",
        direction=view.direction,
        muted=own and leg.muted,
        confined=leg.confined if own else there.confined,
        held=own and leg.held,
        disconnect_type=view.disconnect_type if own and view.disconnect_type else UNSET,
        start_hold_time=_stamp(view.held_at) if own else UNSET,
        start_alerting_time=stamp(view.started_at) if ringing else UNSET,
        connected_time=_stamp(view.connected_at),
        disconnected_time=_stamp(view.ended_at),
        self_=here if own else far,
        other=far if own else here,
        wrapup=_wrapup(view) if own else UNSET,
    )


def _chat(view: ConversationView) -> ConversationChat:
    leg = view.legs[0]
    return ConversationChat(
        id=leg.id,
        state=STATES[leg.state],
        initial_state="alerting",
        direction=view.direction,
        held=leg.held,
        disconnect_type=UNSET if view.disconnect_type is None else view.disconnect_type,
        connected_time=_stamp(view.connected_at),
        disconnected_time=_stamp(view.ended_at),
        wrapup=_wrapup(view),
    )
