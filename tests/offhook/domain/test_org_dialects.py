"""Two dialects, one state: a mute in one is seen in the other, and each change is told once.

Random sequences of what either dialect and other hands may do, on two devices and several
calls. After each input the law is checked on what was told and on what is so.
"""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from offhook.domain.channel_inputs import AttachChannel, OpenChannel, Subscribe
from offhook.domain.errors import DomainError
from offhook.domain.events import Emit, MuteChanged, TopicEvent
from offhook.domain.inputs import (
    AttachSocket,
    ChangeCall,
    ForceMute,
    Input,
    OpenDevice,
    SetMute,
    StartCall,
)
from offhook.domain.org import Org
from offhook.domain.views import ConversationView, Role
from offhook.settings import DEFAULT

CALLS_MAX = 4
VALUES = st.booleans()


class TwoDialects(RuleBasedStateMachine):
    """A tutorial client on each device, and a platform client on a channel, of one user."""

    def __init__(self) -> None:
        super().__init__()
        self.org = Org(DEFAULT, seed=1, now=0.0)
        self.now = 1.0
        self.devices: list[str] = []
        self.told_device: dict[str, bool] = {}
        self.told_leg: dict[str, ConversationView] = {}

    @initialize()
    def set_up(self) -> None:
        user = self.org.find_user("agent")
        assert user is not None
        self.user_id = user.id
        for number in range(2):
            name = f"d{number}"
            self.devices.append(self.take(OpenDevice(user_id=user.id, name=name)).id)
        self.now += 1
        self.org.handle_timer(now=self.now)
        for device_id in self.devices:
            self.told_device[device_id] = False
            self.take(
                AttachSocket(
                    socket_id=f"s-{device_id}",
                    device_id=device_id,
                    role=Role.OBSERVER,
                    token_id="t",
                )
            )
        channel = self.take(OpenChannel(user_id=user.id, client_id="c", token_id="t"))
        topic = f"v2.users.{user.id}?conversations&conversations.calls"
        self.take(Subscribe(channel_id=channel.id, topics=(topic,), replace=True))
        self.take(AttachChannel(socket_id="s", channel_id=channel.id))

    def take(self, item: Input[Any]) -> Any:
        """Let it happen, and hear what is said of it."""
        before = {view.id: view for view in self.org.conversations()}
        refused = False
        try:
            answer = self.org.receive(item, now=self.now)
        except DomainError:
            answer, refused = None, True
        emits = [each for each in self.org.take_outbound() if isinstance(each, Emit)]
        told: list[str] = []
        for emit in emits:
            event = emit.event
            if isinstance(event, MuteChanged):
                assert event.device_id is not None
                self.told_device[event.device_id] = event.muted
            elif isinstance(event, TopicEvent) and event.suffix == "conversations.calls":
                assert isinstance(event.body, ConversationView)
                told.append(event.body.id)
                self.told_leg[event.body.id] = event.body
        changed = [view.id for view in self.org.conversations() if view != before.get(view.id)]
        assert sorted(told) == sorted(changed), "each change once, and nothing else"
        assert not (refused and told), "what is refused is not told"
        return answer

    def call(self, which: int) -> ConversationView:
        calls = self.org.conversations()
        return calls[which % len(calls)]

    @rule(muted=VALUES, which=st.integers(0, 1))
    def the_tutorial_mutes(self, *, muted: bool, which: int) -> None:
        device_id = self.devices[which]
        if self.take(SetMute(device_id=device_id, muted=muted, actor=self.user_id)) is None:
            return
        for view in self.org.conversations():
            leg = view.legs[0]
            if leg.device_id == device_id and leg.state == "connected":
                assert leg.muted is muted, "every live leg of the device follows"

    @precondition(lambda self: self.org.conversations())
    @rule(muted=VALUES, which=st.integers(0, CALLS_MAX))
    def the_platform_mutes(self, *, muted: bool, which: int) -> None:
        view = self.call(which)
        self.take(ChangeCall(conversation_id=view.id, muted=muted, actor=self.user_id))

    @rule(muted=VALUES, which=st.integers(0, 1))
    def an_administrator_mutes(self, *, muted: bool, which: int) -> None:
        self.take(ForceMute(device_id=self.devices[which], muted=muted))

    @precondition(lambda self: len(self.org.conversations()) < CALLS_MAX)
    @rule(which=st.integers(0, 1), state=st.sampled_from(["alerting", "connected"]))
    def a_call_begins(self, which: int, state: str) -> None:
        self.take(StartCall(device_id=self.devices[which], state=state))

    @precondition(lambda self: self.org.conversations())
    @rule(
        which=st.integers(0, CALLS_MAX),
        change=st.sampled_from(
            [{"state": "connected"}, {"state": "ended"}, {"held": True}, {"held": False}]
        ),
    )
    def a_call_changes(self, which: int, change: dict[str, Any]) -> None:
        self.take(ChangeCall(conversation_id=self.call(which).id, **change))

    @precondition(lambda self: self.org.conversations())
    @rule(which=st.integers(0, CALLS_MAX), where=st.integers(0, 1))
    def a_call_moves(self, which: int, where: int) -> None:
        view = self.call(which)
        self.take(ChangeCall(conversation_id=view.id, device_id=self.devices[where]))

    @invariant()
    def what_was_told_is_what_is(self) -> None:
        for device_id, muted in self.told_device.items():
            device = self.org.device(device_id)
            assert device is not None
            assert device.muted is muted
        for view in self.org.conversations():
            assert self.told_leg[view.id] == view

    @invariant()
    def a_device_is_muted_exactly_when_every_live_leg_on_it_is(self) -> None:
        for device_id in self.told_device:
            live = [
                view.legs[0].muted
                for view in self.org.conversations()
                if view.legs[0].device_id == device_id and view.legs[0].state == "connected"
            ]
            device = self.org.device(device_id)
            assert device is not None
            assert not live or device.muted is all(live)


TwoDialects.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, derandomize=True
)
test_both_dialects_see_one_state_and_hear_each_change_once = TwoDialects.TestCase
