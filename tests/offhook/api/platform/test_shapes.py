"""The two shapes of a conversation say the same."""

import msgspec
import pytest

from offhook.api.platform.shapes import STATES, call_conversation, conversation
from offhook.domain.conversation import LegState
from offhook.domain.views import ConversationView, LegView, PartyView


def view(direction: str = "inbound", state: str = "connected") -> ConversationView:
    return ConversationView(
        id="c",
        user_id="u",
        user_name="Ada",
        participant_id="p",
        legs=(
            LegView(
                id="l",
                device_id="d",
                media="voice",
                state=state,
                muted=True,
                held=False,
                confined=False,
            ),
        ),
        direction=direction,
        far=PartyView(
            participant_id="f", leg_id="fl", name="Cleo", address="+15550100", state=state
        ),
        started_at=0.0,
        connected_at=1.5,
    )


def test_every_state_of_a_leg_has_the_platforms_word() -> None:
    assert set(STATES) == {state.value for state in LegState}


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
@pytest.mark.parametrize("state", sorted(STATES))
def test_both_shapes_agree_on_who_is_how(direction: str, state: str) -> None:
    given = view(direction, state)
    flat = msgspec.to_builtins(call_conversation(given))["participants"]
    nested = msgspec.to_builtins(conversation(given))["participants"]
    assert [party["id"] for party in flat] == [party["id"] for party in nested]
    for one, other in zip(flat, nested, strict=True):
        (leg,) = other["calls"]
        for field in ("state", "muted", "held", "confined", "direction"):
            assert one[field] == leg[field], field
        assert one["purpose"] == other["purpose"]


@pytest.mark.parametrize(
    ("direction", "purposes"),
    [("inbound", ["customer", "agent"]), ("outbound", ["agent", "customer"])],
)
def test_whoever_called_comes_first(direction: str, purposes: list[str]) -> None:
    parties = call_conversation(view(direction)).participants
    assert [party.purpose for party in parties] == purposes


def test_a_moment_that_has_not_come_is_absent_not_null() -> None:
    shown = msgspec.to_builtins(conversation(view()))
    assert "endTime" not in shown
    assert shown["startTime"] == "1970-01-01T00:00:00.000Z"
    assert shown["participants"][1]["connectedTime"] == "1970-01-01T00:00:01.500Z"
    assert "self" in shown["participants"][0]["calls"][0]
