"""Legs: their table, what counts as live, and what it makes of mute."""

from typing import Any

import pytest

from offhook.domain import conversation as module
from offhook.domain.conversation import TABLE, Conversations, LegInput, LegState, next_state
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.views import ConversationView

ALLOWED = {
    LegState.ALERTING: {"connect": LegState.CONNECTED, "end": LegState.ENDED, "move": None},
    LegState.CONNECTED: {"end": LegState.ENDED, "hold": None, "move": None},
    LegState.ENDED: {},
}


@pytest.fixture
def conversations() -> Conversations:
    return Conversations(entropy=Entropy(1))


def start(
    conversations: Conversations,
    *,
    device_id: str = "d",
    media: str = "voice",
    state: str = "connected",
    muted: bool = False,
) -> ConversationView:
    return conversations.start(
        user_id="ann", device_id=device_id, media=media, state=state, muted=muted
    )


def become(conversations: Conversations, started: ConversationView, state: LegState) -> None:
    conversations.change(started.id, state=state, held=None, device_id=None, muted=None)


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
    conversations.change(
        started.id, state=LegState.CONNECTED, held=True, device_id=None, muted=None
    )
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
    conversations.change(
        started.id, state=LegState.CONNECTED, held=True, device_id=None, muted=None
    )
    become(conversations, started, LegState.ENDED)
    assert conversations.need(started.id).legs[0].held is False


def test_a_moved_leg_counts_where_it_is(conversations: Conversations) -> None:
    started = start(conversations, muted=True)
    conversations.change(
        started.id, state=LegState.CONNECTED, held=None, device_id="other", muted=False
    )
    assert conversations.muted_on("d") is None
    assert conversations.muted_on("other") is False


def test_everything_on_a_device_that_is_gone_ends(conversations: Conversations) -> None:
    start(conversations)
    start(conversations, state="alerting")
    other = start(conversations, device_id="other")
    conversations.end_all("d")
    states = {each.id: each.legs[0].state for each in conversations.all()}
    assert states.pop(other.id) == "connected"
    assert set(states.values()) == {"ended"}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("state", "ended", "a call begins alerting or connected"),
        ("state", "", "a call begins alerting or connected"),
        ("media", "", "media is empty"),
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
    ("change", "message"),
    [
        ({"state": "alerting"}, "a leg can become connected or ended"),
        ({"state": "nonsense"}, "a leg can become connected or ended"),
        ({"state": "ended", "held": True}, "The leg is ended"),
        ({"state": "ended", "moved": True}, "The leg is ended"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    conversations: Conversations, change: dict[str, Any], message: str
) -> None:
    started = start(conversations)
    given: dict[str, Any] = {"state": None, "held": None, "moved": False, **change}
    with pytest.raises(DomainError, match=message):
        conversations.check(started.id, **given)


def test_becoming_what_it_is_changes_nothing(conversations: Conversations) -> None:
    started = start(conversations)
    state = conversations.check(started.id, state="connected", held=None, moved=False)
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
