"""The sockets of notification channels: what they hear, what they may say, when they close.

Frames and closes leave through the outbox of `Sockets`, so that what an org says has one
order.
"""

from collections.abc import Callable

from offhook.domain import close_codes
from offhook.domain.channel_inputs import (
    AnnounceClosing,
    AttachChannel,
    ChannelMessage,
    ChannelView,
    OpenChannel,
    Subscribe,
    TopicView,
    Unsubscribe,
)
from offhook.domain.channels import Channel, Channels
from offhook.domain.deadlines import Deadlines, soonest
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.events import (
    ChannelNotice,
    ChannelReply,
    Emit,
    Event,
    SystemNotice,
    TopicEvent,
)
from offhook.domain.sockets import Sockets
from offhook.domain.topics import Topic
from offhook.policies import ExpiredSocket, Policies

_NOT_GOOD = "The token is no longer good."

HEARTBEAT = "WebSocket Heartbeat"
PONG = "pong"
CLOSING = "v2.system.socket_closing"
REVOKED = "v2.system.token_revoked"
REPLACED = "v2.system.no_longer_subscribed"


class ChannelSockets:
    """The open sockets of all channels. `known_user` tells whether an id is a user's."""

    def __init__(
        self,
        *,
        policies: Callable[[], Policies],
        entropy: Entropy,
        outbox: Sockets,
        known_user: Callable[[str], bool],
    ) -> None:
        self._policies = policies
        self._entropy = entropy
        self._outbox = outbox
        self._known_user = known_user
        self.channels = Channels(policies=policies, entropy=entropy, ended=self._ended)
        self._channel_of: dict[str, Channel] = {}
        self._silent: set[str] = set()
        self._beats: Deadlines[str] = Deadlines()
        self._closings: Deadlines[str] = Deadlines()

    # What clients ask for.

    def open(self, item: OpenChannel, *, now: float) -> ChannelView:
        """A new channel; the oldest of too many makes room."""
        return self.channels.open(item, now=now)

    def subscribe(self, item: Subscribe, *, now: float) -> tuple[TopicView, ...]:
        """Add or replace topics. Raises `DomainError` (400, 404)."""
        return self.channels.subscribe(item, known_user=self._known_user, now=now)

    def unsubscribe(self, item: Unsubscribe, *, now: float) -> None:  # noqa: ARG002 - every handler is given the time.
        """Take all topics from a channel. Raises `DomainError` (404)."""
        self.channels.clear(item.channel_id)

    # Coming and going.

    def attach(self, item: AttachChannel, *, now: float) -> None:
        """A socket is open. It takes over; the one before is closed, unless it is closing."""
        channel = self.channels.get(item.channel_id)
        if channel is None:
            # It was there when the upgrade was asked for: no error, but nothing to hear.
            self._outbox.refuse(item.socket_id, close_codes.NORMAL, "The channel is gone.")
            return
        before = channel.socket_id
        channel.socket_id = item.socket_id
        self._channel_of[item.socket_id] = channel
        self._beats.set(item.socket_id, now + self._policies().channel_heartbeat_s)
        if before is not None and before not in self._closings:
            notice = self._notice(REPLACED, channel, "another_channel_subscribed", now=now)
            self._tell(before, notice)
            self._close(before, close_codes.NORMAL, "Another socket took over the channel.")

    def detach(self, socket_id: str) -> bool:
        """A socket is gone, whoever closed it. False when it is none of a channel's."""
        channel = self._channel_of.pop(socket_id, None)
        if channel is None:
            return False
        self._beats.set(socket_id, None)
        self._closings.set(socket_id, None)
        self._silent.discard(socket_id)
        if channel.socket_id == socket_id:
            channel.socket_id = None
        return True

    def announce_closing(self, item: AnnounceClosing, *, now: float) -> int:
        """Maintenance is near: say so, and close after the grace. Raises `DomainError` (404)."""
        channel_id = item.channel_id
        if channel_id is not None:
            self.channels.need(channel_id)
        announced = 0
        for socket_id, channel in list(self._channel_of.items()):
            if channel_id in {None, channel.id} and socket_id not in self._closings:
                self._tell(socket_id, self._notice(CLOSING, channel, None, now=now))
                self._closings.set(socket_id, now + self._policies().socket_closing_grace_s)
                announced += 1
        return announced

    def drop(self, code: int) -> int:
        """Control closes every socket. Returns how many."""
        dropped = list(self._channel_of)
        for socket_id in dropped:
            self._close(socket_id, code, "Control dropped the socket.")
        return len(dropped)

    def token_ended(self, token_id: str, *, revoked: bool, now: float) -> None:
        """The token with which channels were opened is no longer good."""
        for channel in self.channels.all():
            if channel.token_id != token_id:
                continue
            if revoked:
                self._revoke(channel, now=now)
            elif channel.socket_id is not None:
                self._expire(channel.socket_id)

    def _revoke(self, channel: Channel, *, now: float) -> None:
        """Its id was a secret of the token's holder, so nobody may connect by it again."""
        if channel.socket_id is not None:
            notice = self._notice(REVOKED, channel, "user_tokens_revoked", now=now)
            self._tell(channel.socket_id, notice)
            self._close(channel.socket_id, close_codes.POLICY, _NOT_GOOD)
        self.channels.end(channel)

    def _expire(self, socket_id: str) -> None:
        policy = self._policies().expired_socket
        if policy is ExpiredSocket.CLOSE:
            self._close(socket_id, close_codes.POLICY, _NOT_GOOD)
        elif policy is ExpiredSocket.SILENT:
            self._silent.add(socket_id)

    # Speaking.

    def publish(
        self, topic: Topic, body: object, *, device_id: str | None, now: float, not_before: float
    ) -> None:
        """Everybody who listens to the topic hears it."""
        sockets = tuple(
            each.socket_id
            for each in self.channels.listeners(topic)
            if each.socket_id is not None and each.socket_id not in self._silent
        )
        if not sockets:
            return
        event = TopicEvent(
            device_id=device_id,
            version=None,
            at=now,
            topic=topic.name,
            suffix=topic.suffix,
            body=body,
            correlation_id=self._entropy.id("correlation-of-event"),
        )
        self._outbox.put(Emit(event=event, sockets=sockets, not_before=not_before))

    def receive(self, item: ChannelMessage, *, now: float) -> None:
        """Answer a message. What is wrong with it is said, never raised."""
        channel = self._channel_of.get(item.socket_id)
        if channel is None or item.socket_id in self._silent:
            return
        if item.kind == "ping":
            self._tell(item.socket_id, _metadata(PONG, now=now))
            return
        if item.kind != "subscribe":
            message = item.problem or 'A message looks like {"message": "ping"}.'
            self._reply(item, "400", "error", message, now=now)
            return
        try:
            wish = Subscribe(channel_id=channel.id, topics=item.topics, replace=False)
            self.subscribe(wish, now=now)
        except DomainError as error:
            self._reply(item, str(error.status), "failure", error.message, now=now)
        else:
            self._reply(item, "200", "subscribed", "", now=now)

    # Time.

    def next_deadline(self) -> float | None:
        """When the next heartbeat, closing or expiry is due."""
        return soonest((self._beats, self._closings, self.channels))

    def handle_timer(self, *, now: float) -> None:
        """Let what is due happen."""
        while (socket_id := self._closings.take_due(now=now)) is not None:
            self._close(socket_id, close_codes.NORMAL, "The maintenance that was announced.")
        while (socket_id := self._beats.take_due(now=now)) is not None:
            if socket_id not in self._silent:
                self._tell(socket_id, _metadata(HEARTBEAT, now=now))
            self._beats.set(socket_id, now + self._policies().channel_heartbeat_s)
        self.channels.handle_timer(now=now)

    def _ended(self, channel: Channel) -> None:
        for socket_id, each in list(self._channel_of.items()):
            if each is channel:
                self._close(socket_id, close_codes.NORMAL, "The channel is gone.")

    def _close(self, socket_id: str, code: int, reason: str) -> None:
        self.detach(socket_id)
        self._outbox.refuse(socket_id, code, reason)

    def _tell(self, socket_id: str, event: Event) -> None:
        self._outbox.put(Emit(event=event, sockets=(socket_id,), not_before=event.at))

    def _reply(
        self, item: ChannelMessage, result: str, status: str, message: str, *, now: float
    ) -> None:
        reply = ChannelReply(
            device_id=None,
            version=None,
            at=now,
            result=result,
            status=status,
            message=message,
            correlation_id=item.correlation_id,
        )
        self._tell(item.socket_id, reply)

    def _notice(
        self, topic: str, channel: Channel, reason: str | None, *, now: float
    ) -> SystemNotice:
        return SystemNotice(
            device_id=None,
            version=None,
            at=now,
            topic=topic,
            channel_id=channel.id,
            reason=reason,
            message=topic.removeprefix("v2.system."),
            correlation_id=self._entropy.id("correlation-of-event"),
        )


def _metadata(message: str, *, now: float) -> ChannelNotice:
    return ChannelNotice(device_id=None, version=None, at=now, message=message)
