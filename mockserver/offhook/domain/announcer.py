"""Tells notification channels what has changed, once for each input.

Parts note what they changed; after each input and each timer the org has it announced. So a
change is told once, however many steps it took, and a step that changed nothing is not told.
"""

from collections.abc import Callable

from offhook.domain.channel_sockets import ChannelSockets
from offhook.domain.conversation import VOICE, Conversations
from offhook.domain.directory import Directory
from offhook.domain.directory_inputs import DirectoryInput
from offhook.domain.inputs import ChangeCall, Input, SetMute
from offhook.domain.topics import Topic
from offhook.policies import Policies


class Announcer:
    """Between the parts that change and the channels that hear."""

    def __init__(
        self,
        *,
        policies: Callable[[], Policies],
        channels: ChannelSockets,
        conversations: Conversations,
        directory: Directory,
    ) -> None:
        self._policies = policies
        self._channels = channels
        self._conversations = conversations
        self._directory = directory

    def announce(self, item: Input[object] | None, *, now: float) -> None:
        """Publish what has changed. `item` is the input that did it; None: time did."""
        conversations = self._conversations.take_changed()
        if not conversations and not self._directory.changed:
            return  # As after most inputs.
        not_before = now + self._lag_s(item)
        for conversation in conversations:
            leg = conversation.legs[0]
            suffixes = ["conversations"]
            if leg.media == VOICE:
                suffixes.append("conversations.calls")
            for suffix in suffixes:
                self._channels.publish(
                    Topic(user_id=conversation.user_id, suffix=suffix),
                    conversation,
                    device_id=leg.device_id,
                    now=now,
                    not_before=not_before,
                )
            self._directory.follow(conversation, now=now)
        for topic, view in self._directory.take_changed():
            self._channels.publish(topic, view, device_id=None, now=now, not_before=not_before)

    def _lag_s(self, item: Input[object] | None) -> float:
        """Under `event-late` the events of what users asked for come late."""
        asked = isinstance(item, SetMute | DirectoryInput) or (
            isinstance(item, ChangeCall) and item.actor is not None
        )
        return self._policies().lag_s if asked else 0.0
