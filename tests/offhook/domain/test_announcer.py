"""What changed is told once for each input, to whoever listens."""

import pytest

from offhook.domain.channel_inputs import AttachChannel, OpenChannel, Subscribe
from offhook.domain.events import Emit, TopicEvent
from offhook.domain.inputs import ChangeCall, OpenDevice, SetMute, StartCall
from offhook.domain.org import Org
from offhook.domain.views import ConversationView
from offhook.policies import EventTiming, Policies
from offhook.settings import DEFAULT, OrgSettings


class Listener:
    """An org, and a channel of its agent that listens to conversations in both shapes."""

    def __init__(self, policies: Policies | None = None) -> None:
        settings = OrgSettings(
            users=DEFAULT.users,
            clients=DEFAULT.clients,
            policies=policies if policies is not None else Policies(),
        )
        self.org = Org(settings, seed=1, now=0.0)
        user = self.org.find_user("agent")
        assert user is not None
        self.user_id = user.id
        channel = self.org.receive(
            OpenChannel(user_id=user.id, client_id="c", token_id="t"), now=0.0
        )
        topic = f"v2.users.{user.id}?conversations&conversations.calls"
        wish = Subscribe(channel_id=channel.id, topics=(topic,), replace=True)
        self.org.receive(wish, now=0.0)
        self.org.receive(AttachChannel(socket_id="s", channel_id=channel.id), now=0.0)
        self.heard()

    def heard(self) -> list[Emit]:
        outbound = self.org.take_outbound()
        return [
            item
            for item in outbound
            if isinstance(item, Emit) and isinstance(item.event, TopicEvent)
        ]

    def told(self) -> list[tuple[str, bool]]:
        """Suffix and the leg's mute of each event."""
        told = []
        for item in self.heard():
            assert isinstance(item.event, TopicEvent)
            assert isinstance(item.event.body, ConversationView)
            told.append((item.event.suffix, item.event.body.legs[0].muted))
        return told


BOTH = ["conversations", "conversations.calls"]


def test_a_change_is_told_on_both_topics_once() -> None:
    listener = Listener()
    call = listener.org.receive(StartCall(user_id=listener.user_id), now=1.0)
    assert listener.told() == [(suffix, False) for suffix in BOTH]
    mute = ChangeCall(conversation_id=call.id, muted=True, actor=listener.user_id)
    listener.org.receive(mute, now=2.0)
    assert listener.told() == [(suffix, True) for suffix in BOTH]
    listener.org.receive(mute, now=3.0)
    assert listener.told() == []


def test_a_mute_of_the_tutorial_is_told_for_each_live_call() -> None:
    listener = Listener()
    calls = [listener.org.receive(StartCall(user_id=listener.user_id), now=1.0) for _ in range(2)]
    listener.heard()
    device_id = calls[0].legs[0].device_id
    wish = SetMute(device_id=device_id, muted=True, actor=listener.user_id)
    listener.org.receive(wish, now=2.0)
    assert listener.told() == [(suffix, True) for _ in calls for suffix in BOTH]


def test_a_chat_is_told_on_conversations_only() -> None:
    listener = Listener()
    listener.org.receive(StartCall(user_id=listener.user_id, media="chat"), now=1.0)
    assert [suffix for suffix, _ in listener.told()] == ["conversations"]


def test_a_far_end_that_answers_is_told_by_time() -> None:
    listener = Listener(Policies(outbound_answer_s=2.0))
    dial = StartCall(user_id=listener.user_id, direction="outbound", state="dialing")
    listener.org.receive(dial, now=1.0)
    assert len(listener.told()) == 2
    listener.org.handle_timer(now=3.0)
    (view,) = listener.org.conversations()
    assert (view.legs[0].state, view.connected_at) == ("connected", 3.0)
    assert len(listener.told()) == 2


@pytest.mark.parametrize("timing", EventTiming)
def test_only_what_a_user_asked_for_comes_late_and_only_under_the_policy(
    timing: EventTiming,
) -> None:
    listener = Listener(Policies(event_timing=timing, event_lag_s=5.0))
    call = listener.org.receive(StartCall(user_id=listener.user_id), now=1.0)
    assert {item.not_before for item in listener.heard()} == {1.0}
    wish = ChangeCall(conversation_id=call.id, held=True, actor=listener.user_id)
    listener.org.receive(wish, now=2.0)
    late = timing is EventTiming.EVENT_LATE
    assert {item.not_before for item in listener.heard()} == {7.0 if late else 2.0}


def test_another_users_calls_are_none_of_ours() -> None:
    listener = Listener()
    other = listener.org.find_user("second")
    assert other is not None
    listener.org.receive(OpenDevice(user_id=other.id, name="d"), now=1.0)
    listener.org.receive(StartCall(user_id=other.id), now=2.0)
    assert listener.told() == []
