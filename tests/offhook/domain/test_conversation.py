"""Legs: their table, what counts as live, and what it makes of mute."""

from typing import Any

import pytest

from offhook.domain import conversation as module
from offhook.domain.conversation import TABLE, Conversations, LegInput, LegState, next_state
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.inputs import ChangeCall, StartCall
from offhook.domain.views import ConversationView, UserView

ALLOWED: dict[LegState, dict[str, LegState | None]] = {
    LegState.ALERTING: {
        "connect": LegState.CONNECTED,
        "end": LegState.ENDED,
        "mute": None,
        "move": None,
    },
    LegState.DIALING: {"connect": LegState.CONNECTED, "end": LegState.ENDED, "mute": None},
    LegState.CONNECTED: {
        "end": LegState.ENDED,
        "mute": None,
        "hold": None,
        "confine": None,
        "move": None,
    },
    LegState.ENDED: {},
}

ANN = UserView(
    id="ann",
    name="Ann",
    username="ann",
    email="ann@example.com",
    licences=frozenset(),
    permissions=frozenset(),
    conflict=False,
    blocked=False,
)


@pytest.fixture
def conversations() -> Conversations:
    return Conversations(entropy=Entropy(1))


def start(
    conversations: Conversations,
    *,
    device_id: str = "d",
    muted: bool = False,
    **fields: Any,
) -> ConversationView:
    item = StartCall(device_id=device_id, **fields)
    conversations.check_start(item)
    return conversations.start(item, device=device_id, user=ANN, muted=muted, now=1.0)


def change(
    conversations: Conversations,
    started: ConversationView,
    state: LegState = LegState.CONNECTED,
    *,
    muted: bool | None = None,
    **fields: Any,
) -> ConversationView:
    item = ChangeCall(conversation_id=started.id, **fields)
    return conversations.change(item, state=state, muted=muted, now=2.0)


def become(conversations: Conversations, started: ConversationView, state: LegState) -> None:
    change(conversations, started, state)


@pytest.mark.parametrize("state", LegState)
@pytest.mark.parametrize("item", LegInput)
def test_every_pair_is_either_allowed_or_refused_by_its_own_words(
    state: LegState, item: LegInput
) -> None:
    allowed = ALLOWED[state]
    if item.value in allowed:
        assert next_state(state, item) is (allowed[item.value] or state)
    else:
        assert (state, item) not in TABLE
        with pytest.raises(DomainError) as caught:
            next_state(state, item)
        assert caught.value.code == "general.conflict"
        assert caught.value.facts == {"state": state.value, "input": item.value}
        assert caught.value.message.startswith(f"The leg is {state.value}; it must be ")


def test_without_live_legs_there_is_nothing_to_say(conversations: Conversations) -> None:
    assert conversations.muted_on("d") is None
    start(conversations, state="alerting", muted=True)
    start(conversations, media="chat", muted=True)
    start(conversations, device_id="other", muted=True)
    assert conversations.muted_on("d") is None


@pytest.mark.parametrize(
    ("legs", "expected"),
    [((True,), True), ((False,), False), ((True, True), True), ((True, False), False)],
)
def test_a_device_is_muted_when_every_live_leg_is(
    conversations: Conversations, legs: tuple[bool, ...], *, expected: bool
) -> None:
    for muted in legs:
        start(conversations, muted=muted)
    assert conversations.muted_on("d") is expected


def test_a_held_leg_is_live(conversations: Conversations) -> None:
    started = start(conversations, muted=True)
    change(conversations, started, held=True)
    assert conversations.muted_on("d") is True


def test_setting_the_device_sets_its_live_legs_alone(conversations: Conversations) -> None:
    live = start(conversations)
    ringing = start(conversations, state="alerting")
    digital = start(conversations, media="chat")
    elsewhere = start(conversations, device_id="other")
    ended = start(conversations)
    become(conversations, ended, LegState.ENDED)
    conversations.set_live("d", muted=True)
    muted = {each.id: each.legs[0].muted for each in conversations.all()}
    assert muted.pop(live.id) is True
    assert muted == {each.id: False for each in (ringing, digital, elsewhere, ended)}


def test_an_ended_leg_counts_no_more(conversations: Conversations) -> None:
    first, second = start(conversations, muted=True), start(conversations, muted=False)
    become(conversations, second, LegState.ENDED)
    assert conversations.muted_on("d") is True
    become(conversations, first, LegState.ENDED)
    assert conversations.muted_on("d") is None


def test_ending_a_held_leg_takes_it_back(conversations: Conversations) -> None:
    started = start(conversations)
    change(conversations, started, held=True)
    become(conversations, started, LegState.ENDED)
    assert conversations.need(started.id).legs[0].held is False


def test_a_moved_leg_counts_where_it_is(conversations: Conversations) -> None:
    started = start(conversations, muted=True)
    change(conversations, started, device_id="other", muted=False)
    assert conversations.muted_on("d") is None
    assert conversations.muted_on("other") is False


def test_everything_on_a_device_that_is_gone_ends(conversations: Conversations) -> None:
    start(conversations)
    start(conversations, state="alerting")
    other = start(conversations, device_id="other")
    conversations.end_all("d", now=2.0)
    states = {each.id: each.legs[0].state for each in conversations.all()}
    assert states.pop(other.id) == "connected"
    assert set(states.values()) == {"ended"}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("state", "ended", "an inbound call begins alerting or connected"),
        ("state", "", "an inbound call begins alerting or connected"),
        ("media", "", "media is empty"),
        ("direction", "sideways", "it is inbound or outbound"),
    ],
)
def test_a_call_that_cannot_begin_is_refused(
    conversations: Conversations, field: str, value: str, message: str
) -> None:
    fields: dict[str, Any] = {"media": "voice", "state": "connected", field: value}
    with pytest.raises(DomainError, match=message):
        start(conversations, **fields)
    assert conversations.all() == ()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"state": "alerting"}, "a leg can become connected or ended"),
        ({"state": "nonsense"}, "a leg can become connected or ended"),
        ({"state": "ended", "held": True}, "The leg is ended"),
        ({"state": "ended", "moved": True}, "The leg is ended"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    conversations: Conversations, fields: dict[str, Any], message: str
) -> None:
    started = start(conversations)
    moved = bool(fields.pop("moved", False))
    with pytest.raises(DomainError, match=message):
        conversations.check(ChangeCall(conversation_id=started.id, **fields), moved=moved)


def test_becoming_what_it_is_changes_nothing(conversations: Conversations) -> None:
    started = start(conversations)
    item = ChangeCall(conversation_id=started.id, state="connected")
    state = conversations.check(item, moved=False)
    assert state is LegState.CONNECTED


def test_an_unknown_conversation_is_not_found(conversations: Conversations) -> None:
    assert conversations.get("unknown") is None
    with pytest.raises(DomainError, match="There is no conversation 'unknown'"):
        conversations.need("unknown")


def test_the_oldest_ended_conversation_is_forgotten_first(
    conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_ENDED", 2)
    started = [start(conversations) for _ in range(4)]
    for each in started[1:]:
        become(conversations, each, LegState.ENDED)
    remembered = [each.id for each in conversations.all()]
    assert remembered == [started[0].id, started[2].id, started[3].id]


def test_the_far_end_goes_along(conversations: Conversations) -> None:
    dialed = start(conversations, direction="outbound", state="dialing", address="+15550123")
    assert (dialed.far.state, dialed.far.address, dialed.connected_at) == (
        "dialing",
        "+15550123",
        None,
    )
    answered = change(conversations, dialed)
    assert (answered.far.state, answered.connected_at) == ("connected", 2.0)
    ended = change(conversations, dialed, LegState.ENDED, disconnect_type="peer")
    assert (ended.far.state, ended.ended_at, ended.disconnect_type) == ("ended", 2.0, "peer")
    assert start(conversations, state="alerting").far.state == "connected", "it rings here only"


def test_a_consulted_party_comes_and_goes_and_confines_the_customer(
    conversations: Conversations,
) -> None:
    started = start(conversations)
    consulting = change(conversations, started, consult="+15550199")
    assert consulting.consult is not None
    assert (consulting.consult.address, consulting.far.confined) == ("+15550199", True)
    over = change(conversations, started, consult="")
    assert (over.consult, over.far.confined) == (None, False)


def test_what_changed_is_told_once_and_what_did_not_is_not(conversations: Conversations) -> None:
    first, second = start(conversations), start(conversations)
    assert [each.id for each in conversations.take_changed()] == [first.id, second.id]
    assert conversations.take_changed() == ()
    change(conversations, first, held=False)
    conversations.set_live("d", muted=False)
    assert conversations.take_changed() == ()
    change(conversations, second, held=True)
    change(conversations, second, muted=True)
    (told,) = conversations.take_changed()
    assert (told.id, told.legs[0].held, told.legs[0].muted) == (second.id, True, True)
    assert told.held_at == 2.0


def test_a_wrap_up_is_kept(conversations: Conversations) -> None:
    started = start(conversations)
    after = change(conversations, started, wrapup_code="w", wrapup_notes="n")
    assert (after.wrapup_code, after.wrapup_notes) == ("w", "n")
