"""Messages about conversations (wire contract §6).

Two shapes of the same truth: `Conversation` nests legs in participants, `CallConversation`
is flat. Both are read over HTTP and sent as event bodies.
"""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from offhook.api.schemas import MAX_INTEGER, Message

Stamp = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
PageInteger = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]


class DomainEntityRef(Message, frozen=True, kw_only=True):
    """Somebody or something, by reference."""

    id: str
    name: str
    self_uri: str


class Wrapup(Message, frozen=True, kw_only=True):
    """How a participant summed the conversation up."""

    code: str
    notes: str = ""


class CallMediaParticipant(Message, frozen=True, kw_only=True):
    """A participant of a call, flat: mute stands here."""

    id: str
    name: str
    address: str
    start_time: Stamp
    connected_time: Stamp | UnsetType = UNSET
    end_time: Stamp | UnsetType = UNSET
    start_hold_time: Stamp | UnsetType = UNSET
    purpose: str
    state: str
    direction: str
    disconnect_type: str | UnsetType = UNSET
    held: bool
    wrapup_required: bool = False
    wrapup_prompt: str = "optional"
    wrapup: Wrapup | UnsetType = UNSET
    user: DomainEntityRef | UnsetType = UNSET
    attributes: dict[str, str] = msgspec.field(default_factory=dict)
    provider: str = "Edge"
    muted: bool
    confined: bool
    recording: bool = False
    recording_state: str = "none"
    ani: str
    dnis: str
    consult_participant_id: str | UnsetType = UNSET
    secure_pause: bool = False


class CallConversation(Message, frozen=True, kw_only=True):
    """A call with its participants, flat."""

    id: str
    participants: tuple[CallMediaParticipant, ...]
    other_media_uris: tuple[str, ...] = ()
    recording_state: str = "none"
    secure_pause: bool = False
    self_uri: str


class Address(Message, frozen=True, kw_only=True):
    """Where somebody is called."""

    name: str
    name_raw: str
    address_normalized: str
    address_raw: str
    address_displayable: str


class Call(Message, frozen=True, kw_only=True):
    """A participant's leg of a call: mute stands here."""

    id: str
    state: str
    initial_state: str
    direction: str
    recording: bool = False
    recording_state: str = "none"
    muted: bool
    confined: bool
    held: bool
    secure_pause: bool = False
    segments: tuple[str, ...] = ()
    disconnect_type: str | UnsetType = UNSET
    start_hold_time: Stamp | UnsetType = UNSET
    start_alerting_time: Stamp | UnsetType = UNSET
    connected_time: Stamp | UnsetType = UNSET
    disconnected_time: Stamp | UnsetType = UNSET
    provider: str = "Edge"
    self_: Address = msgspec.field(name="self")
    other: Address
    wrapup: Wrapup | UnsetType = UNSET
    after_call_work_required: bool = False


class ConversationChat(Message, frozen=True, kw_only=True):
    """A participant's leg of a chat. It has no microphone."""

    id: str
    state: str
    initial_state: str
    direction: str
    held: bool
    segments: tuple[str, ...] = ()
    disconnect_type: str | UnsetType = UNSET
    connected_time: Stamp | UnsetType = UNSET
    disconnected_time: Stamp | UnsetType = UNSET
    provider: str = "PureCloud Webchat v2"
    wrapup: Wrapup | UnsetType = UNSET
    after_call_work_required: bool = False


class Participant(Message, frozen=True, kw_only=True):
    """A participant, with legs nested."""

    id: str
    start_time: Stamp
    connected_time: Stamp | UnsetType = UNSET
    end_time: Stamp | UnsetType = UNSET
    name: str
    user_uri: str | UnsetType = UNSET
    user_id: str | UnsetType = UNSET
    purpose: str
    participant_type: str
    consult_participant_id: str | UnsetType = UNSET
    address: str
    ani: str
    dnis: str
    wrapup_required: bool = False
    wrapup_prompt: str = "optional"
    wrapup: Wrapup | UnsetType = UNSET
    attributes: dict[str, str] = msgspec.field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    chats: tuple[ConversationChat, ...] = ()


class Conversation(Message, frozen=True, kw_only=True):
    """A conversation with its participants, legs nested."""

    id: str
    start_time: Stamp
    end_time: Stamp | UnsetType = UNSET
    address: str
    participants: tuple[Participant, ...]
    conversation_ids: tuple[str, ...] = ()
    recording_state: str = "NONE"
    secure_pause: bool = False
    self_uri: str


class CallConversationEntityListing(Message, frozen=True, kw_only=True):
    """The user's calls that have not ended."""

    entities: tuple[CallConversation, ...]
    page_size: PageInteger
    page_number: PageInteger
    total: PageInteger
    page_count: PageInteger
    self_uri: str


class ConversationEntityListing(Message, frozen=True, kw_only=True):
    """The user's conversations that have not ended."""

    entities: tuple[Conversation, ...]
    page_size: PageInteger
    page_number: PageInteger
    total: PageInteger
    page_count: PageInteger
    self_uri: str


class MediaParticipantRequest(Message, frozen=True, kw_only=True):
    """What is to change about a participant; what is absent or null stays."""

    state: (
        Annotated[
            str,
            Meta(
                examples=["disconnected"],
                extra_json_schema={"enum": ["connected", "disconnected"]},
            ),
        ]
        | None
    ) = None
    muted: Annotated[bool, Meta(examples=[True])] | None = None
    held: bool | None = None
    confined: bool | None = None
    recording: bool | None = None
    wrapup: Wrapup | None = None
    wrapup_skipped: bool | None = None


class CreateCallRequest(Message, frozen=True, kw_only=True):
    """Whom to call."""

    phone_number: Annotated[str, Meta(min_length=1, max_length=255, examples=["+15550123"])]


class CreateCallResponse(Message, frozen=True, kw_only=True):
    """The conversation that the call began."""

    id: str
    self_uri: str


class TransferRequest(Message, frozen=True, kw_only=True):
    """Who takes the call over; voicemail when nobody is named."""

    user_id: str | None = None
    address: str | None = None
    user_name: str | None = None
    queue_id: str | None = None
    voicemail: bool | None = None
    transfer_type: str | None = None
