"""The sockets of channels, without a wire: who hears what, and who is closed."""

from offhook.domain.channel_inputs import (
    AnnounceClosing,
    AttachChannel,
    ChannelMessage,
    OpenChannel,
    Subscribe,
)
from offhook.domain.channel_sockets import ChannelSockets
from offhook.domain.close_codes import NORMAL, POLICY
from offhook.domain.entropy import Entropy
from offhook.domain.events import ChannelNotice, ChannelReply, Close, Emit, SystemNotice, TopicEvent
from offhook.domain.sockets import Sockets
from offhook.domain.topics import Topic
from offhook.policies import ExpiredSocket, Policies

PRESENCE = Topic(user_id="u", suffix="presence")


class World:
    """One channel of user `u`, subscribed to presence, and its sockets."""

    def __init__(self, policies: Policies | None = None) -> None:
        self.policies = policies if policies is not None else Policies()
        entropy = Entropy(1)
        self.outbox = Sockets(policies=lambda: self.policies, version_of=lambda _: None)
        self.sockets = ChannelSockets(
            policies=lambda: self.policies,
            entropy=entropy,
            outbox=self.outbox,
            known_user="u".__eq__,
        )
        self.id = self.sockets.open(
            OpenChannel(user_id="u", client_id="c", token_id="t"), now=0.0
        ).id
        wish = Subscribe(channel_id=self.id, topics=(PRESENCE.name,), replace=False)
        self.sockets.subscribe(wish, now=0.0)

    def attach(self, socket_id: str, *, now: float = 0.0) -> None:
        self.sockets.attach(AttachChannel(socket_id=socket_id, channel_id=self.id), now=now)

    def publish(self, *, now: float = 1.0) -> None:
        self.sockets.publish(PRESENCE, "away", device_id=None, now=now, not_before=now)

    def heard(self) -> list[tuple[str, str]]:
        """Who heard what, in order; closes by their code."""
        told: list[tuple[str, str]] = []
        for item in self.outbox.take_outbound():
            if isinstance(item, Close):
                told.append((item.socket_id, str(item.code)))
                continue
            assert isinstance(item, Emit)
            told.extend((socket_id, _word(item)) for socket_id in item.sockets)
        return told


def _word(item: Emit) -> str:
    match item.event:
        case TopicEvent(suffix=suffix):
            return suffix
        case ChannelNotice(message=message):
            return message
        case SystemNotice(topic=topic):
            return topic
        case ChannelReply(result=result):
            return result
        case other:
            raise AssertionError(other)


def test_only_the_socket_of_a_subscribed_channel_hears() -> None:
    world = World()
    world.publish()
    assert world.heard() == []
    world.attach("s1")
    world.publish()
    assert world.heard() == [("s1", "presence")]
    assert world.sockets.detach("s1")
    assert not world.sockets.detach("s1")
    world.publish()
    assert world.heard() == []


def test_the_newer_socket_takes_over_and_the_older_is_told_and_closed() -> None:
    world = World()
    world.attach("s1")
    world.attach("s2")
    world.publish()
    assert world.heard() == [
        ("s1", "v2.system.no_longer_subscribed"),
        ("s1", str(NORMAL)),
        ("s2", "presence"),
    ]


def test_the_detaching_of_a_replaced_socket_leaves_the_new_one_alone() -> None:
    world = World()
    world.attach("s1")
    world.attach("s2")
    world.sockets.detach("s1")
    world.heard()
    world.publish()
    assert world.heard() == [("s2", "presence")]


def test_a_socket_hears_a_beat_at_each_period() -> None:
    world = World()
    world.attach("s1", now=5.0)
    assert world.sockets.next_deadline() == 35.0
    world.sockets.handle_timer(now=35.0)
    assert world.heard() == [("s1", "WebSocket Heartbeat")]
    assert world.sockets.next_deadline() == 65.0


def test_an_announced_closing_lets_both_sockets_live_for_the_grace() -> None:
    world = World()
    world.attach("s1")
    assert world.sockets.announce_closing(AnnounceClosing(channel_id=world.id), now=1.0) == 1
    assert world.sockets.announce_closing(AnnounceClosing(channel_id=None), now=2.0) == 0
    world.attach("s2", now=10.0)
    world.publish(now=11.0)
    assert world.heard() == [("s1", "v2.system.socket_closing"), ("s2", "presence")]
    world.sockets.handle_timer(now=61.0)
    assert ("s1", str(NORMAL)) in world.heard()
    world.publish(now=62.0)
    assert world.heard() == [("s2", "presence")]


def test_messages_are_answered_and_bad_ones_too() -> None:
    world = World()
    world.attach("s1")
    for kind, topics in (
        ("ping", ()),
        ("subscribe", ("v2.users.u.station",)),
        ("subscribe", ("v2.users.x.station",)),
        ("unreadable", ()),
    ):
        message = ChannelMessage(socket_id="s1", kind=kind, topics=topics)
        world.sockets.receive(message, now=1.0)
    assert [word for _, word in world.heard()] == ["pong", "200", "400", "400"]
    world.sockets.receive(ChannelMessage(socket_id="gone", kind="ping"), now=1.0)
    assert world.heard() == []


def test_a_revoked_token_is_told_and_closes_whatever_the_policy() -> None:
    for policy in ExpiredSocket:
        world = World(Policies(expired_socket=policy))
        world.attach("s1")
        world.sockets.token_ended("other", revoked=True, now=1.0)
        assert world.heard() == []
        world.sockets.token_ended("t", revoked=True, now=1.0)
        assert world.heard() == [("s1", "v2.system.token_revoked"), ("s1", str(POLICY))]


def test_the_channels_of_a_revoked_token_are_gone_connected_or_not() -> None:
    world = World()
    world.sockets.token_ended("t", revoked=True, now=1.0)
    assert world.sockets.channels.get(world.id) is None
    world.attach("s1")
    assert world.heard() == [("s1", str(NORMAL))]


def test_a_socket_that_was_to_close_soon_does_not_outlive_its_token() -> None:
    world = World()
    world.attach("s1")
    world.sockets.announce_closing(AnnounceClosing(channel_id=None), now=1.0)
    world.attach("s2", now=2.0)
    world.heard()
    world.sockets.token_ended("t", revoked=True, now=3.0)
    assert world.heard() == [
        ("s2", "v2.system.token_revoked"),
        ("s2", str(POLICY)),
        ("s1", str(NORMAL)),
    ]


def test_an_expired_token_does_what_the_policy_says() -> None:
    heard = {}
    for policy in ExpiredSocket:
        world = World(Policies(expired_socket=policy))
        world.attach("s1")
        world.sockets.token_ended("t", revoked=False, now=1.0)
        world.publish()
        world.sockets.receive(ChannelMessage(socket_id="s1", kind="ping"), now=1.0)
        heard[policy] = [word for _, word in world.heard()]
    assert heard == {
        ExpiredSocket.CLOSE: [str(POLICY)],
        ExpiredSocket.SILENT: [],
        ExpiredSocket.REFUSE: ["presence", "pong"],
    }


def test_an_evicted_channel_closes_its_socket() -> None:
    world = World(Policies(channels_per_user_and_client=1))
    world.attach("s1")
    world.sockets.open(OpenChannel(user_id="u", client_id="c", token_id="t"), now=1.0)
    assert world.heard() == [("s1", str(NORMAL))]


def test_a_socket_that_comes_too_late_is_closed() -> None:
    world = World()
    world.sockets.attach(AttachChannel(socket_id="s9", channel_id="gone"), now=1.0)
    assert world.heard() == [("s9", str(NORMAL))]


def test_control_drops_them_all() -> None:
    world = World()
    world.attach("s1")
    assert world.sockets.drop(1006) == 1
    assert world.heard() == [("s1", "1006")]
    assert world.sockets.drop(1006) == 0
