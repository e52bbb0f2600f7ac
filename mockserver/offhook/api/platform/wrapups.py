"""How conversations are summed up: the codes that one may give, and the one that was given.

It is given with `PATCH …/participants/{participantId}` and `wrapup`.
"""

from msgspec import UNSET

from offhook.api.answer import json_answer, stamp
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Operation, Outcome
from offhook.api.platform.conversations import readable
from offhook.api.platform.models.routing import AssignedWrapupCode, WrapupCode
from offhook.api.platform.routing import wrapup_code
from offhook.api.platform.rows import path_id, refused, row
from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence
from offhook.domain.views import ConversationView

_OF_CONVERSATION = "/api/v2/conversations/{conversationId}/participants/{participantId}"
_OF_CALL = "/api/v2/conversations/calls/{conversationId}/participants/{participantId}"


def list_codes(call: Call) -> Answer:
    """The codes with which a participant may sum a conversation up."""
    _participant(call)
    codes = call.tenancy.org.directory.wrapup_codes
    return json_answer(200, tuple(wrapup_code(each) for each in codes))


def get_wrapup(call: Call) -> Answer:
    """How a participant summed a conversation up; nothing when it did not yet."""
    view = _participant(call)
    if view.wrapup_code is None or call.path["participantId"] != view.participant_id:
        return json_answer(200, AssignedWrapupCode())
    return json_answer(
        200,
        AssignedWrapupCode(
            code=view.wrapup_code,
            notes=view.wrapup_notes,
            end_time=UNSET if view.ended_at is None else stamp(view.ended_at),
        ),
    )


def _participant(call: Call) -> ConversationView:
    view, asked = readable(call), call.path["participantId"]
    parties = {view.participant_id, view.far.participant_id}
    if view.consult is not None:
        parties.add(view.consult.participant_id)
    if asked not in parties:
        raise DomainError(
            "not.found", f"Participant {asked} is not part of conversation {view.id}."
        )
    return view


_PARAMS = (
    path_id("conversationId", "The conversation."),
    path_id("participantId", "Somebody in it."),
)
_CODES = {
    200: Outcome(meaning="The codes.", body=tuple[WrapupCode, ...]),
    403: refused("It is another user's."),
    404: refused("There is no such conversation or participant."),
}
_GIVEN = {**_CODES, 200: Outcome(meaning="The code, if one was given.", body=AssignedWrapupCode)}

OPERATIONS: tuple[Operation, ...] = (
    row(
        "getConversationParticipantWrapupcodes",
        f"GET {_OF_CONVERSATION}/wrapupcodes",
        "The codes with which a participant may sum the conversation up.",
        list_codes,
        outcomes=_CODES,
        params=_PARAMS,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getConversationParticipantWrapup",
        f"GET {_OF_CONVERSATION}/wrapup",
        "How a participant summed the conversation up.",
        get_wrapup,
        outcomes=_GIVEN,
        params=_PARAMS,
        evidence=Evidence.ASSUMED,
    ),
    row(
        "getConversationsCallParticipantWrapupcodes",
        f"GET {_OF_CALL}/wrapupcodes",
        "The codes with which a participant may sum the call up.",
        list_codes,
        outcomes=_CODES,
        params=_PARAMS,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getConversationsCallParticipantWrapup",
        f"GET {_OF_CALL}/wrapup",
        "How a participant summed the call up.",
        get_wrapup,
        outcomes=_GIVEN,
        params=_PARAMS,
        evidence=Evidence.ASSUMED,
    ),
)
