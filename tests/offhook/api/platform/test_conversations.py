"""Conversations as the platform's clients see them: read, commanded, told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from offhook.domain.inputs import ChangeCall, ForceMute, PatchPolicies, StartCall
from offhook.domain.views import ConversationView
from offhook.policies import WrongCallState

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import PlatformDesk

CALLS = "/api/v2/conversations/calls"


def begin(desk: PlatformDesk, **fields: Any) -> ConversationView:
    view = desk.receive(StartCall(user_id=desk.user_id(), **fields))
    assert isinstance(view, ConversationView)
    return view


def participant(view: ConversationView) -> str:
    return f"{CALLS}/{view.id}/participants/{view.participant_id}"


async def own(desk: PlatformDesk, view: ConversationView) -> dict[str, Any]:
    """The user's participant, flat, read back."""
    status, call = await desk.ask("GET", f"{CALLS}/{view.id}")
    assert status == 200
    (found,) = (each for each in call["participants"] if each["id"] == view.participant_id)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("wish", "field", "value"),
    [
        ({"muted": True}, "muted", True),
        ({"held": True}, "held", True),
        ({"confined": True}, "confined", True),
        ({"state": "disconnected"}, "state", "disconnected"),
        ({"wrapup": {"code": "w", "notes": "n"}}, "wrapup", {"code": "w", "notes": "n"}),
    ],
)
async def test_a_command_is_answered_202_and_nothing_and_then_told_in_both_shapes(
    desk: PlatformDesk, wish: dict[str, object], field: str, value: object
) -> None:
    view = begin(desk)
    ws = await desk.listen("conversations", "conversations.calls")
    assert await desk.ask("PATCH", participant(view), wish) == (202, None)
    nested, flat = await ws.receive_json(), await ws.receive_json()
    assert nested["topicName"].endswith(".conversations")
    assert flat["topicName"].endswith(".conversations.calls")
    assert flat["metadata"]["CorrelationId"]
    shown = [
        party
        for party in flat["eventBody"]["participants"]
        if party.get("user", {}).get("id") == desk.user_id()
    ]
    assert [party[field] for party in shown] == [value]
    (leg,) = (
        party["calls"][0]
        for party in nested["eventBody"]["participants"]
        if party.get("userId") == desk.user_id()
    )
    assert leg[field] == value
    assert (await own(desk, view))[field] == value


async def test_a_call_rings_is_answered_and_is_listed_until_it_ends(desk: PlatformDesk) -> None:
    view = begin(desk, state="alerting")
    assert (await own(desk, view))["state"] == "alerting"
    assert await desk.ask("PATCH", participant(view), {"state": "connected"}) == (202, None)
    assert (await own(desk, view))["state"] == "connected"
    for path in (CALLS, "/api/v2/conversations"):
        _, listing = await desk.ask("GET", path)
        assert ([each["id"] for each in listing["entities"]], listing["total"]) == ([view.id], 1)
    status, _ = await desk.ask("POST", f"/api/v2/conversations/{view.id}/disconnect")
    assert status == 202
    assert (await desk.ask("GET", CALLS))[1]["entities"] == []
    assert (await own(desk, view))["disconnectType"] == "client"


async def test_an_outbound_call_dials_and_is_answered_by_time(desk: PlatformDesk) -> None:
    status, begun = await desk.ask("POST", CALLS, {"phoneNumber": "+15550123"})
    assert status == 202
    _, call = await desk.ask("GET", f"{CALLS}/{begun['id']}")
    assert [party["state"] for party in call["participants"]] == ["dialing", "dialing"]
    assert [party["purpose"] for party in call["participants"]] == ["agent", "customer"]
    await desk.mock.advance(1)
    _, call = await desk.ask("GET", f"{CALLS}/{begun['id']}")
    assert {party["state"] for party in call["participants"]} == {"connected"}
    assert {party["dnis"] for party in call["participants"]} == {"+15550123"}


async def test_the_far_end_hangs_up(desk: PlatformDesk) -> None:
    view = begin(desk)
    desk.receive(ChangeCall(conversation_id=view.id, state="ended", disconnect_type="peer"))
    found = await own(desk, view)
    assert (found["state"], found["disconnectType"]) == ("disconnected", "peer")


async def test_a_consulted_party_is_a_participant_of_its_own(desk: PlatformDesk) -> None:
    view = begin(desk)
    desk.receive(ChangeCall(conversation_id=view.id, consult="+15550199"))
    _, call = await desk.ask("GET", f"{CALLS}/{view.id}")
    consulted = {party["purpose"]: party for party in call["participants"]}
    assert consulted["external"]["address"] == "+15550199"
    assert consulted["customer"]["confined"] is True
    assert consulted["agent"]["consultParticipantId"] == consulted["external"]["id"]


async def test_a_chat_beside_the_call_is_a_conversation_and_no_call(desk: PlatformDesk) -> None:
    chat = begin(desk, media="chat")
    _, listing = await desk.ask("GET", "/api/v2/conversations")
    (agent,) = (p for p in listing["entities"][0]["participants"] if p["purpose"] == "agent")
    assert (agent["calls"], [leg["state"] for leg in agent["chats"]]) == ([], ["connected"])
    assert (await desk.ask("GET", CALLS))[1]["entities"] == []
    assert (await desk.ask("GET", f"{CALLS}/{chat.id}"))[0] == 404
    assert (await desk.ask("PATCH", participant(chat), {"muted": True}))[0] == 404


async def test_one_leg_may_be_named(desk: PlatformDesk) -> None:
    view = begin(desk)
    path = f"{participant(view)}/communications/"
    assert (await desk.ask("PATCH", path + view.legs[0].id, {"muted": True}))[0] == 202
    assert (await own(desk, view))["muted"] is True
    assert (await desk.ask("PATCH", path + "nobody", {"muted": False}))[0] == 404


async def test_a_transfer_ends_the_users_part(desk: PlatformDesk) -> None:
    view = begin(desk)
    status, _ = await desk.ask("POST", f"{participant(view)}/replace", {"voicemail": True})
    assert (status, (await own(desk, view))["disconnectType"]) == (202, "transfer")


async def test_media_metadata_is_taken_and_forgotten(desk: PlatformDesk) -> None:
    view = begin(desk)
    path = f"{CALLS}/{view.id}/communications/{view.legs[0].id}/metadata"
    assert await desk.ask("POST", path) == (202, None)


@pytest.mark.parametrize("code", WrongCallState)
async def test_what_a_wrong_state_is_called_is_a_policy(
    desk: PlatformDesk, code: WrongCallState
) -> None:
    view = begin(desk)
    desk.receive(PatchPolicies(changes={"wrong_call_state": code.value}))
    desk.receive(ChangeCall(conversation_id=view.id, state="ended"))
    status, refusal = await desk.ask("PATCH", participant(view), {"muted": True})
    assert (status, refusal["code"]) == (refusal["status"], code.value)
    assert "The leg is ended; it must be" in refusal["message"]


async def test_a_locked_mute_is_the_platforms_403(desk: PlatformDesk) -> None:
    view = begin(desk)
    desk.receive(PatchPolicies(changes={"admin_force": "locked"}))
    desk.receive(ForceMute(device_id=view.legs[0].device_id, muted=True))
    status, refusal = await desk.ask("PATCH", participant(view), {"muted": False})
    assert (status, refusal["code"]) == (403, "not.authorized")


@pytest.mark.parametrize(
    ("user", "status", "code"),
    [("second", 404, "not.found"), (None, 403, "not.authorized")],
    ids=["another user", "a service token"],
)
async def test_only_the_participants_user_commands(
    desk: PlatformDesk, user: str | None, status: int, code: str
) -> None:
    view = begin(desk)
    answered, refusal = await desk.ask("PATCH", participant(view), {"muted": True}, user=user)
    assert (answered, refusal["code"]) == (status, code)
    assert (await own(desk, view))["muted"] is False


async def test_a_service_token_may_read_but_has_no_calls_of_its_own(desk: PlatformDesk) -> None:
    view = begin(desk)
    assert (await desk.ask("GET", f"/api/v2/conversations/{view.id}", user=None))[0] == 200
    status, refusal = await desk.ask("GET", CALLS, user=None)
    assert (status, refusal["code"]) == (400, "bad.request")
    assert "user context" in refusal["message"]


async def test_who_is_not_there_is_not_found(desk: PlatformDesk) -> None:
    view = begin(desk)
    wish = {"muted": True}
    assert (await desk.ask("PATCH", f"{CALLS}/x/participants/y", wish))[0] == 404
    status, refusal = await desk.ask("PATCH", f"{CALLS}/{view.id}/participants/y", wish)
    assert (status, refusal["message"]) == (
        404,
        f"Participant y is not part of conversation {view.id}.",
    )
    far = f"{CALLS}/{view.id}/participants/{view.far.participant_id}"
    assert (await desk.ask("PATCH", far, wish))[0] == 403


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"muted": "yes"}, "muted"),
        ({"state": "alerting"}, "connected or disconnected"),
        ([], "object"),
    ],
)
async def test_a_wrong_wish_is_refused_in_one_sentence(
    desk: PlatformDesk, wish: object, said: str
) -> None:
    status, refusal = await desk.ask("PATCH", participant(begin(desk)), wish)
    assert status == 400
    assert said in refusal["message"]


async def test_unknown_fields_are_ignored(desk: PlatformDesk) -> None:
    view = begin(desk)
    wish = {"muted": True, "colour": "blue"}
    assert (await desk.ask("PATCH", participant(view), wish))[0] == 202
    dial = {"phoneNumber": "+15550123", "sessionType": "softphone"}
    assert (await desk.ask("POST", CALLS, dial))[0] == 202
