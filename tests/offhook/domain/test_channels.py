"""Channels without sockets: eviction, expiry, subscriptions."""

from collections.abc import Callable

import pytest

from offhook.domain.channel_inputs import OpenChannel, Subscribe, TopicView
from offhook.domain.channels import Channel, Channels
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.topics import Topic
from offhook.policies import Policies

DAY_S = 86_400.0


class World:
    """Channels of one org, and those that have ended."""

    def __init__(self, policies: Policies | None = None) -> None:
        self.policies = policies if policies is not None else Policies()
        self.ended: list[str] = []
        self.channels = Channels(
            policies=lambda: self.policies, entropy=Entropy(1), ended=self._note
        )

    def _note(self, channel: Channel) -> None:
        self.ended.append(channel.id)

    def open(self, now: float = 0.0, *, user: str | None = "u", client: str = "c") -> str:
        item = OpenChannel(user_id=user, client_id=client, token_id="t")
        return self.channels.open(item, now=now).id

    def subscribe(
        self,
        channel_id: str,
        *topics: str,
        now: float = 0.0,
        replace: bool = False,
        ignore_errors: bool = False,
    ) -> tuple[TopicView, ...]:
        known: Callable[[str], bool] = {"u", "v"}.__contains__
        wish = Subscribe(
            channel_id=channel_id, topics=topics, replace=replace, ignore_errors=ignore_errors
        )
        return self.channels.subscribe(wish, known_user=known, now=now)

    def listening(self, suffix: str, user: str = "u") -> list[str]:
        return [each.id for each in self.channels.listeners(Topic(user_id=user, suffix=suffix))]


def test_the_channel_too_many_evicts_the_oldest_one() -> None:
    world = World(Policies(channels_per_user_and_client=2))
    first, second = world.open(), world.open()
    third = world.open()
    assert world.ended == [first]
    assert [each.id for each in world.channels.of("u", "c")] == [second, third]


def test_an_idle_channel_makes_room_before_an_older_connected_one() -> None:
    world = World(Policies(channels_per_user_and_client=2))
    first, second = world.open(), world.open()
    world.channels.need(first).socket_id = "s"
    world.open()
    assert world.ended == [second]


def test_other_users_and_other_oauth_clients_have_channels_of_their_own() -> None:
    world = World(Policies(channels_per_user_and_client=1))
    world.open()
    world.open(user="v")
    world.open(client="d")
    world.open(user=None)
    assert world.ended == []


def test_a_channel_lives_a_day_and_subscribing_gives_it_another() -> None:
    world = World()
    kept, lost = world.open(), world.open()
    world.subscribe(kept, "v2.users.u.presence", now=DAY_S - 1)
    assert world.channels.next_deadline() == DAY_S
    world.channels.handle_timer(now=DAY_S)
    assert world.ended == [lost]
    assert world.channels.next_deadline() == 2 * DAY_S - 1
    world.channels.handle_timer(now=2 * DAY_S - 1)
    assert world.ended == [lost, kept]
    assert world.channels.next_deadline() is None


def test_only_connected_channels_listen() -> None:
    world = World()
    channel = world.open()
    world.subscribe(channel, "v2.users.u?presence&station")
    assert world.listening("presence") == []
    world.channels.need(channel).socket_id = "s"
    assert world.listening("presence") == world.listening("station") == [channel]
    assert world.listening("conversations") == world.listening("presence", "v") == []


def test_replacing_forgets_the_topics_before() -> None:
    world = World()
    channel = world.open()
    world.channels.need(channel).socket_id = "s"
    world.subscribe(channel, "v2.users.u.presence")
    world.subscribe(channel, "v2.users.u.station", replace=True)
    assert (world.listening("presence"), world.listening("station")) == ([], [channel])
    world.channels.clear(channel)
    assert world.listening("station") == []


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        ("v2.users.nobody.presence", "There is no user 'nobody'."),
        ("v2.users.v.presence", "own topics only"),
        ("v2.users.u.mute", "There is no topic 'mute'"),
    ],
)
def test_a_rejected_topic_changes_nothing_unless_errors_are_ignored(topic: str, why: str) -> None:
    world = World()
    channel = world.open()
    world.channels.need(channel).socket_id = "s"
    with pytest.raises(DomainError, match="is rejected"):
        world.subscribe(channel, "v2.users.u.station", topic)
    assert world.listening("station") == []
    good, bad = world.subscribe(channel, "v2.users.u.station", topic, ignore_errors=True)
    assert good.rejection is None
    assert why in (bad.rejection or "")
    assert world.listening("station") == [channel]


def test_a_service_channel_may_listen_to_anybody() -> None:
    world = World()
    channel = world.open(user=None)
    world.subscribe(channel, "v2.users.u.presence", "v2.users.v.presence")
    world.channels.need(channel).socket_id = "s"
    assert world.listening("presence", "v") == [channel]


def test_a_channel_takes_so_many_single_topics() -> None:
    world = World(Policies(topics_per_channel=2))
    channel = world.open()
    world.subscribe(channel, "v2.users.u?presence&station")
    with pytest.raises(DomainError, match="would have 3 topics; it takes 2"):
        world.subscribe(channel, "v2.users.u.conversations")
    world.subscribe(channel, "v2.users.u?conversations&station", replace=True)


def test_an_unknown_channel_is_404() -> None:
    world = World()
    with pytest.raises(DomainError, match="There is no channel 'x'") as refusal:
        world.subscribe("x", "v2.users.u.presence")
    assert refusal.value.status == 404
