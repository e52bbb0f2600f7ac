"""Calls on devices: legs begin, end, are muted, held and move; the devices are settled after it."""

from collections.abc import Callable

from offhook.domain.conversation import VOICE, Conversations, LegState
from offhook.domain.deadlines import Deadlines
from offhook.domain.device import Device, DeviceInput
from offhook.domain.devices import Devices
from offhook.domain.errors import DomainError
from offhook.domain.inputs import ChangeCall, StartCall
from offhook.domain.microphones import Microphones
from offhook.domain.register import check_lock
from offhook.domain.roster import Roster
from offhook.domain.users import Users
from offhook.domain.views import ConversationView, LegView, Status
from offhook.policies import Policies


class Calls:
    """Where conversations meet devices."""

    def __init__(
        self,
        *,
        policies: Callable[[], Policies],
        users: Users,
        roster: Roster,
        devices: Devices,
        microphones: Microphones,
        conversations: Conversations,
    ) -> None:
        self._policies = policies
        self._users = users
        self._roster = roster
        self._devices = devices
        self._microphones = microphones
        self._conversations = conversations
        self._answers: Deadlines[str] = Deadlines()
        """When the far ends of dialing calls answer, by conversation."""

    def start(self, item: StartCall, *, now: float) -> ConversationView:
        """A conversation begins on a device. Raises 400, 404, 409.

        Its leg takes the device's value, so that a beginning never flips the device.
        """
        self._conversations.check_start(item)
        device = self._device(item, now=now)
        if item.media == VOICE:
            device.check(DeviceInput.CALL)
        conversation = self._conversations.start(
            item,
            device=device.id,
            user=self._users.need(device.user_id),
            muted=device.register.muted,
            now=now,
        )
        answer_s = self._policies().outbound_answer_s
        if item.state == LegState.DIALING and answer_s is not None:
            self._answers.set(conversation.id, now + answer_s)
        return conversation

    def change(self, item: ChangeCall, *, now: float) -> ConversationView:
        """A leg connects, ends, is muted, held, confined, or moves. Raises 400, 403, 404, 409."""
        leg = self._conversations.need(item.conversation_id).legs[0]
        moved = item.device_id is not None and item.device_id != leg.device_id
        state = self._conversations.check(item, moved=moved)
        muted = self._muted(item, leg, state, moved=moved)
        conversation = self._conversations.change(item, state=state, muted=muted, now=now)
        lag_s = self._policies().lag_s if item.actor is not None else 0.0
        for device_id in dict.fromkeys((leg.device_id, conversation.legs[0].device_id)):
            device = self._roster.get(device_id)
            if device is not None:
                # Only a mute is the user's wish for the device; other flips are the system's.
                actor = item.actor if item.muted is not None else None
                self._microphones.settle(device, now=now, actor=actor, lag_s=lag_s)
        return conversation

    def next_deadline(self) -> float | None:
        """When the next far end answers."""
        return self._answers.next_deadline()

    def handle_timer(self, *, now: float) -> None:
        """Let the far ends answer that are due, where it still rings."""
        while (conversation_id := self._answers.take_due(now=now)) is not None:
            conversation = self._conversations.get(conversation_id)
            if conversation is not None and conversation.legs[0].state == LegState.DIALING:
                device = self._roster.need(conversation.legs[0].device_id)
                if device.status is Status.CONNECTED:
                    state = LegState.CONNECTED.value
                    self.change(ChangeCall(conversation_id=conversation_id, state=state), now=now)

    def _device(self, item: StartCall, *, now: float) -> Device:
        if item.device_id is not None:
            return self._roster.need(item.device_id)
        if item.user_id is None:
            raise DomainError("invalid.value", "A call needs a client or a user to ring at.")
        return self._devices.softphone(item.user_id, now=now)

    def _muted(
        self, item: ChangeCall, leg: LegView, state: LegState, *, moved: bool
    ) -> bool | None:
        """What the leg's value becomes: None leaves it."""
        target = self._roster.get(item.device_id or leg.device_id)
        if item.muted is not None and leg.media == VOICE and target is not None:
            check_lock(target.register, muted=item.muted)
        connects = state is LegState.CONNECTED and leg.state != state
        if moved or connects:
            target = self._roster.need(item.device_id or leg.device_id)
            if target.user_id != self._conversations.need(item.conversation_id).user_id:
                raise DomainError(
                    "invalid.value",
                    f"Device {target.id} is another user's; a call moves between its user's own.",
                )
            if leg.media == VOICE:
                target.check(DeviceInput.CALL)
            if item.muted is None and (moved or target.register.forced):
                return target.register.muted
        return item.muted
