"""Notification channels: who is subscribed to which topics, and the socket of each.

A channel belongs to a user and an OAuth client. It lives for a day from the last
subscription, has one socket at a time, and says on it what happens on its topics; without a
socket what happens is lost, as on the platform (wire contract §7).
"""

from collections.abc import Callable

from offhook.domain.channel_inputs import ChannelView, OpenChannel, Subscribe, TopicView
from offhook.domain.deadlines import Deadlines
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.topics import Topic, read_topics
from offhook.policies import Policies


class Channel:
    """One notification channel."""

    __slots__ = ("client_id", "expires_at", "id", "socket_id", "token_id", "topics", "user_id")

    def __init__(self, item: OpenChannel, *, id: str, expires_at: float) -> None:  # noqa: A002 - the domain's word.
        self.id = id
        self.user_id = item.user_id
        self.client_id = item.client_id
        self.token_id = item.token_id
        self.expires_at = expires_at
        self.topics: dict[str, tuple[Topic, ...]] = {}
        """By the id under which they were asked for, in the order of asking."""
        self.socket_id: str | None = None

    def view(self) -> ChannelView:
        """The channel at this moment."""
        return ChannelView(
            id=self.id,
            user_id=self.user_id,
            client_id=self.client_id,
            token_id=self.token_id,
            expires_at=self.expires_at,
            topics=tuple(self.topics),
            connected=self.socket_id is not None,
        )


class Channels:
    """All channels of an org. `ended` is called with each that is gone, to close its socket."""

    def __init__(
        self,
        *,
        policies: Callable[[], Policies],
        entropy: Entropy,
        ended: Callable[[Channel], None],
    ) -> None:
        self._policies = policies
        self._entropy = entropy
        self._ended = ended
        self._all: dict[str, Channel] = {}
        self._expiry: Deadlines[str] = Deadlines()
        self._listening: dict[str, dict[str, None]] = {}
        """By full topic name, the channels subscribed to it, in the order of subscribing."""

    def get(self, channel_id: str) -> Channel | None:
        """The channel of that id, or None."""
        return self._all.get(channel_id)

    def need(self, channel_id: str) -> Channel:
        """The channel of that id. Raises `DomainError` (404)."""
        channel = self._all.get(channel_id)
        if channel is None:
            raise DomainError(
                "not.found",
                f"There is no channel {channel_id!r}: unknown, expired, evicted or revoked.",
            )
        return channel

    def all(self) -> tuple[Channel, ...]:
        """Every channel, oldest first."""
        return tuple(self._all.values())

    def of(self, user_id: str | None, client_id: str) -> tuple[Channel, ...]:
        """The channels of a user by one OAuth client, oldest first."""
        return tuple(
            each
            for each in self._all.values()
            if each.user_id == user_id and each.client_id == client_id
        )

    def open(self, item: OpenChannel, *, now: float) -> ChannelView:
        """A new channel. The oldest makes room, one without a socket before one with it."""
        policies = self._policies()
        held = self.of(item.user_id, item.client_id)
        if len(held) >= policies.channels_per_user_and_client:
            idle = [each for each in held if each.socket_id is None]
            self.end((idle or held)[0])
        # The platform's ids end in 26 hexadecimal digits (wire contract §5.3).
        digits = self._entropy.id("channel").replace("-", "")[:26]
        channel = Channel(item, id=f"streaming-0-{digits}", expires_at=now + policies.channel_ttl_s)
        self._all[channel.id] = channel
        self._expiry.set(channel.id, channel.expires_at)
        return channel.view()

    def subscribe(
        self, item: Subscribe, *, known_user: Callable[[str], bool], now: float
    ) -> tuple[TopicView, ...]:
        """Add topics, or replace them; the channel lives another day from now."""
        channel = self.need(item.channel_id)
        answers: list[TopicView] = []
        wanted: dict[str, tuple[Topic, ...]] = {} if item.replace else dict(channel.topics)
        for topic_id in item.topics:
            try:
                topics = read_topics(topic_id)
                rejection = self._rejection(channel, topics, known_user)
            except DomainError as error:
                topics, rejection = (), error.message
            answers.append(TopicView(id=topic_id, rejection=rejection))
            if rejection is None:
                wanted[topic_id] = topics
            elif not item.ignore_errors:
                raise DomainError(
                    "bad.request",
                    f"Topic {topic_id!r} is rejected: {rejection} With ignoreErrors=true the "
                    "others would be subscribed to.",
                    facts={"topic": topic_id, "rejection": rejection},
                )
        limit = self._policies().topics_per_channel
        count = sum(len(topics) for topics in wanted.values())
        if count > limit:
            raise DomainError(
                "bad.request", f"The channel would have {count} topics; it takes {limit}."
            )
        self._set_topics(channel, wanted)
        channel.expires_at = now + self._policies().channel_ttl_s
        self._expiry.set(channel.id, channel.expires_at)
        return tuple(answers)

    def clear(self, channel_id: str) -> None:
        """Take all topics from a channel. Raises `DomainError` (404)."""
        self._set_topics(self.need(channel_id), {})

    def listeners(self, topic: Topic) -> tuple[Channel, ...]:
        """The channels subscribed to a topic that have a socket to hear it with."""
        channels = (self._all[each] for each in self._listening.get(topic.name, ()))
        return tuple(each for each in channels if each.socket_id is not None)

    def end(self, channel: Channel) -> None:
        """The channel is gone: evicted, expired, or its token was revoked."""
        self._set_topics(channel, {})
        del self._all[channel.id]
        self._expiry.set(channel.id, None)
        self._ended(channel)

    def next_deadline(self) -> float | None:
        """When the next channel expires."""
        return self._expiry.next_deadline()

    def handle_timer(self, *, now: float) -> None:
        """End the channels whose day is over."""
        while (channel_id := self._expiry.take_due(now=now)) is not None:
            self.end(self._all[channel_id])

    def _rejection(
        self, channel: Channel, topics: tuple[Topic, ...], known_user: Callable[[str], bool]
    ) -> str | None:
        for topic in topics:
            if not known_user(topic.user_id):
                return f"There is no user {topic.user_id!r}."
            if channel.user_id is not None and topic.user_id != channel.user_id:
                return "A user may subscribe to his or her own topics only."
        return None

    def _set_topics(self, channel: Channel, wanted: dict[str, tuple[Topic, ...]]) -> None:
        before = {topic.name for topics in channel.topics.values() for topic in topics}
        after = dict.fromkeys(topic.name for topics in wanted.values() for topic in topics)
        for name in before - after.keys():
            listening = self._listening[name]
            del listening[channel.id]
            if not listening:
                del self._listening[name]
        for name in after:
            self._listening.setdefault(name, {})[channel.id] = None
        channel.topics = wanted
