"""Calls on devices: legs begin, end, are held and move, and the devices are settled after it."""

from offhook.domain.conversation import VOICE, Conversations, LegState
from offhook.domain.device import DeviceInput
from offhook.domain.inputs import ChangeCall, StartCall
from offhook.domain.microphones import Microphones
from offhook.domain.roster import Roster
from offhook.domain.views import ConversationView


class Calls:
    """Where conversations meet devices."""

    def __init__(
        self, *, roster: Roster, microphones: Microphones, conversations: Conversations
    ) -> None:
        self._roster = roster
        self._microphones = microphones
        self._conversations = conversations

    def start(self, item: StartCall, *, now: float) -> ConversationView:  # noqa: ARG002 - every handler is given the time.
        """A conversation begins on a device. Raises 400, 404, 409.

        Its leg takes the device's value, so that a beginning never flips the device.
        """
        device = self._roster.need(item.device_id)
        if item.media == VOICE:
            device.check(DeviceInput.CALL)
        return self._conversations.start(
            user_id=device.user_id,
            device_id=device.id,
            media=item.media,
            state=item.state,
            muted=device.register.muted,
        )

    def change(self, item: ChangeCall, *, now: float) -> ConversationView:
        """A leg connects, ends, is held, or moves to another device. Raises 400, 404, 409."""
        leg = self._conversations.need(item.conversation_id).legs[0]
        moved = item.device_id is not None and item.device_id != leg.device_id
        state = self._conversations.check(
            item.conversation_id, state=item.state, held=item.held, moved=moved
        )
        muted = None
        if moved or (state is LegState.CONNECTED and leg.state != state):
            target = self._roster.need(item.device_id or leg.device_id)
            if leg.media == VOICE:
                target.check(DeviceInput.CALL)
            if moved or target.register.forced:
                muted = target.register.muted
        conversation = self._conversations.change(
            item.conversation_id,
            state=state,
            held=item.held,
            device_id=item.device_id,
            muted=muted,
        )
        for device_id in dict.fromkeys((leg.device_id, conversation.legs[0].device_id)):
            device = self._roster.get(device_id)
            if device is not None:
                self._microphones.settle(device, now=now)
        return conversation
