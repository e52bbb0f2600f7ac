"""Conversations read, and the commands on a participant: mute, hold, connect, hang up.

A command is answered 202 and nothing; the truth is told by the event that follows (wire
contract §10). Mute is a participant's, not a device's.
"""

from typing import Any

from offhook.api.answer import empty_answer, json_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Operation, Outcome
from offhook.api.platform.models.conversations import (
    CallConversation,
    CallConversationEntityListing,
    Conversation,
    ConversationEntityListing,
    CreateCallRequest,
    CreateCallResponse,
    MediaParticipantRequest,
    TransferRequest,
)
from offhook.api.platform.rows import ACCEPTED, path_id, refused, row, token_of, user_of
from offhook.api.platform.shapes import call_conversation, conversation
from offhook.domain.conversation import VOICE, LegState
from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence
from offhook.domain.inputs import ChangeCall, StartCall
from offhook.domain.views import ConversationView

_CALLS = "/api/v2/conversations/calls"
_CALL = f"{_CALLS}/{{conversationId}}"
_PARTICIPANT = f"{_CALL}/participants/{{participantId}}"
_COMMUNICATION = f"{_PARTICIPANT}/communications/{{communicationId}}"
_CONVERSATIONS = "/api/v2/conversations"
_CONVERSATION = f"{_CONVERSATIONS}/{{conversationId}}"

_STATES = {"connected": LegState.CONNECTED, "disconnected": LegState.ENDED}
"""What a participant may ask to become."""


def list_conversations(call: Call) -> Answer:
    """The user's conversations that have not ended."""
    entities = tuple(conversation(each) for each in open_conversations(call, user_of(call)))
    return json_answer(200, ConversationEntityListing(entities=entities, **_page(entities)))


def list_calls(call: Call) -> Answer:
    """The user's calls that have not ended."""
    calls = (
        each for each in open_conversations(call, user_of(call)) if each.legs[0].media == VOICE
    )
    entities = tuple(call_conversation(each) for each in calls)
    return json_answer(200, CallConversationEntityListing(entities=entities, **_page(entities)))


def get_conversation(call: Call) -> Answer:
    """A conversation, legs nested."""
    return json_answer(200, conversation(readable(call)))


def get_call(call: Call) -> Answer:
    """A call, flat."""
    return json_answer(200, call_conversation(_voice(readable(call))))


def place_call(call: Call) -> Answer:
    """Call somebody from the user's softphone."""
    view = call.tenancy.org.receive(
        StartCall(
            user_id=user_of(call),
            direction="outbound",
            state=LegState.DIALING.value,
            address=call.body.phone_number,
        ),
        now=call.now,
    )
    return json_answer(
        202, CreateCallResponse(id=view.id, self_uri=f"/api/v2/conversations/calls/{view.id}")
    )


def patch_participant(call: Call) -> Answer:
    """Mute, hold, confine, connect, hang up or wrap up a participant."""
    view = _voice(_own(call))
    _check_participant(call, view)
    wish: MediaParticipantRequest = call.body
    if wish.state is not None and wish.state not in _STATES:
        raise DomainError(
            "invalid.value",
            f"state is {wish.state!r}; a participant can be asked to be connected or disconnected.",
        )
    _change(
        call,
        ChangeCall(
            conversation_id=view.id,
            state=None if wish.state is None else _STATES[wish.state].value,
            muted=wish.muted,
            held=wish.held,
            confined=wish.confined,
            actor=user_of(call),
            wrapup_code=None if wish.wrapup is None else wish.wrapup.code,
            wrapup_notes="" if wish.wrapup is None else wish.wrapup.notes,
        ),
    )
    return empty_answer(202)


def transfer(call: Call) -> Answer:
    """Hand the call over to somebody outside, or to voicemail: the user's part ends."""
    view = _voice(_own(call))
    _check_participant(call, view)
    _end(call, view, "transfer")
    return empty_answer(202)


def disconnect(call: Call) -> Answer:
    """End a conversation for everybody."""
    _end(call, _own(call), "client")
    return empty_answer(202)


def take_metadata(call: Call) -> Answer:
    """What a softphone tells of its media; nobody looks at it."""
    _own(call)
    return empty_answer(202)


def open_conversations(call: Call, user_id: str) -> list[ConversationView]:
    """A user's conversations that have not ended."""
    return [
        each
        for each in call.tenancy.org.conversations()
        if each.user_id == user_id and each.legs[0].state != LegState.ENDED
    ]


def _page(entities: tuple[object, ...]) -> dict[str, Any]:
    return {
        "page_size": 25,
        "page_number": 1,
        "total": len(entities),
        "page_count": 1,
        "self_uri": _CONVERSATIONS,
    }


def readable(call: Call) -> ConversationView:
    """The conversation of the path, which the token may read. Raises `DomainError` (403, 404)."""
    view = call.tenancy.org.conversation(call.path["conversationId"])
    if view is None:
        raise DomainError("not.found", f"There is no conversation {call.path['conversationId']!r}.")
    user_id = token_of(call).user_id
    if user_id is not None and user_id != view.user_id:
        # 404 is what the platform was seen to answer (wire contract §4.1).
        raise DomainError("not.found", f"User {user_id} is not a participant in the conversation.")
    return view


def _own(call: Call) -> ConversationView:
    if token_of(call).user_id is None:
        raise DomainError(
            "not.authorized", "A token of client credentials takes part in no conversation."
        )
    return readable(call)


def _voice(view: ConversationView) -> ConversationView:
    if view.legs[0].media != VOICE:
        raise DomainError("not.found", f"Conversation {view.id} is no call.")
    return view


def _check_participant(call: Call, view: ConversationView) -> None:
    asked = call.path["participantId"]
    own = asked == view.participant_id
    leg = call.path.get("communicationId")
    if own and leg in {None, view.legs[0].id}:
        return
    others = {view.far.participant_id, view.consult.participant_id if view.consult else None}
    if asked in others:
        raise DomainError("not.authorized", "The participant is not the token's user.")
    what = f"Participant {asked}" if not own else f"Communication {leg}"
    raise DomainError("not.found", f"{what} is not part of conversation {view.id}.")


def _change(call: Call, item: ChangeCall) -> None:
    try:
        call.tenancy.org.receive(item, now=call.now)
    except DomainError as error:
        if error.code == "forced":
            raise DomainError("not.authorized", error.message, facts=error.facts) from error
        if error.code == "general.conflict":
            # What the platform answers here is unknown (wire contract §15), so it is a policy.
            code = call.tenancy.org.policies.wrong_call_state.value
            raise DomainError(code, error.message, facts=error.facts) from error
        raise


def _end(call: Call, view: ConversationView, disconnect_type: str) -> None:
    item = ChangeCall(
        conversation_id=view.id,
        state=LegState.ENDED.value,
        actor=user_of(call),
        disconnect_type=disconnect_type,
    )
    _change(call, item)


def _flat(at: str = "") -> dict[str, str]:
    """Where a call names who may be muted: the first participant is whoever called."""
    return {"participantId": f"{at}/participants/0/id"}


def _nested(at: str = "") -> dict[str, str]:
    """As `_flat`, and the leg."""
    return {**_flat(at), "communicationId": f"{at}/participants/0/calls/0/id"}


_CONVERSATION_ID = path_id("conversationId", "The conversation.")
_PARTICIPANT_ID = path_id("participantId", "The token's user in the conversation.")
_COMMUNICATION_ID = path_id("communicationId", "The user's leg.")
_GONE = refused("There is no such conversation, participant or communication.")
_FOREIGN = refused("It is not the token's user's.")
_CONFLICT = refused("The state of the call does not allow it; policy wrong_call_state.")
_WRITE = {202: ACCEPTED, 403: _FOREIGN, 404: _GONE, 409: _CONFLICT}

OPERATIONS: tuple[Operation, ...] = (
    row(
        "getConversations",
        f"GET {_CONVERSATIONS}",
        "The user's conversations that have not ended.",
        list_conversations,
        outcomes={
            200: Outcome(
                meaning="The conversations.",
                body=ConversationEntityListing,
                identifies={"conversationId": "/entities/0/id", **_nested("/entities/0")},
            )
        },
        user=True,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getConversation",
        f"GET {_CONVERSATION}",
        "A conversation, legs nested in participants.",
        get_conversation,
        outcomes={
            200: Outcome(
                meaning="The conversation.",
                body=Conversation,
                identifies={"conversationId": "/id", **_nested()},
            ),
            403: _FOREIGN,
            404: _GONE,
        },
        params=(_CONVERSATION_ID,),
    ),
    row(
        "getConversationsCalls",
        f"GET {_CALLS}",
        "The user's calls that have not ended.",
        list_calls,
        outcomes={
            200: Outcome(
                meaning="The calls.",
                body=CallConversationEntityListing,
                identifies={"conversationId": "/entities/0/id", **_flat("/entities/0")},
            )
        },
        user=True,
    ),
    row(
        "getConversationsCall",
        f"GET {_CALL}",
        "A call, participants flat.",
        get_call,
        outcomes={
            200: Outcome(
                meaning="The call.",
                body=CallConversation,
                identifies={"conversationId": "/id", **_flat()},
            ),
            403: _FOREIGN,
            404: _GONE,
        },
        params=(_CONVERSATION_ID,),
    ),
    row(
        "postConversationsCalls",
        f"POST {_CALLS}",
        "Call somebody.",
        place_call,
        outcomes={
            202: Outcome(
                meaning="The call begins.",
                body=CreateCallResponse,
                identifies={"conversationId": "/id"},
            ),
            404: refused("The user has no softphone: no licence, or a conflicting state."),
        },
        body=CreateCallRequest,
        user=True,
    ),
    row(
        "patchConversationsCallParticipant",
        f"PATCH {_PARTICIPANT}",
        "Mute, hold, confine, connect, hang up or wrap up a participant.",
        patch_participant,
        outcomes=_WRITE,
        params=(_CONVERSATION_ID, _PARTICIPANT_ID),
        body=MediaParticipantRequest,
    ),
    row(
        "patchConversationsCallParticipantCommunication",
        f"PATCH {_COMMUNICATION}",
        "The same, for one leg of the participant.",
        patch_participant,
        outcomes=_WRITE,
        params=(_CONVERSATION_ID, _PARTICIPANT_ID, _COMMUNICATION_ID),
        body=MediaParticipantRequest,
        evidence=Evidence.ASSUMED,
    ),
    row(
        "postConversationsCallParticipantReplace",
        f"POST {_PARTICIPANT}/replace",
        "Hand the call over.",
        transfer,
        outcomes=_WRITE,
        params=(_CONVERSATION_ID, _PARTICIPANT_ID),
        body=TransferRequest,
    ),
    row(
        "postConversationDisconnect",
        f"POST {_CONVERSATION}/disconnect",
        "End a conversation for everybody.",
        disconnect,
        outcomes=_WRITE,
        params=(_CONVERSATION_ID,),
        evidence=Evidence.ASSUMED,
    ),
    row(
        "deleteConversation",
        f"DELETE {_CONVERSATION}",
        "End a conversation for everybody.",
        disconnect,
        outcomes=_WRITE,
        params=(_CONVERSATION_ID,),
        evidence=Evidence.ASSUMED,
    ),
    row(
        "postConversationsCallsCommunicationMetadata",
        f"POST {_CALL}/communications/{{communicationId}}/metadata",
        "What a softphone tells of its media.",
        take_metadata,
        outcomes={202: ACCEPTED, 403: _FOREIGN, 404: _GONE},
        params=(_CONVERSATION_ID, _COMMUNICATION_ID),
    ),
)
