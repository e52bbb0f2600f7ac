"""The directory: the organization, its queues and codes, and who hears of what."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from offhook.domain.channel_inputs import AttachChannel, OpenChannel, Subscribe
from offhook.domain.directory import Directory
from offhook.domain.directory_inputs import (
    AssociateStation,
    DirectoryInput,
    DisassociateStation,
    JoinQueue,
    RoutingStatus,
    SetPresence,
    SetRoutingStatus,
)
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.events import Emit, TopicEvent
from offhook.domain.users import Users
from offhook.policies import EventTiming
from offhook.settings import DEFAULT, OrgSettings, QueueSettings, WrapupCodeSettings

if TYPE_CHECKING:
    from tests.offhook.domain.conftest import Desk


def made(*queues: QueueSettings, name: str = "Acme & Sons") -> Directory:
    settings = OrgSettings(
        name=name,
        users=DEFAULT.users,
        clients=(),
        queues=queues,
        wrapup_codes=(WrapupCodeSettings(name="Won", id="w"), WrapupCodeSettings(name="Lost")),
    )
    users = Users(settings, entropy=Entropy(1))
    return Directory(settings, users=users, entropy=Entropy(1), now=0.0)


@pytest.mark.parametrize(("name", "domain"), [("Acme & Sons", "acme-sons"), ("…", "org")])
def test_the_organization_has_a_domain_of_its_name(name: str, domain: str) -> None:
    organization = made(name=name).organization
    assert (organization.name, organization.domain) == (name, domain)
    assert organization == made(name=name).organization


def test_a_queue_has_everybody_and_every_code_unless_told() -> None:
    directory = made(
        QueueSettings(name="all"),
        QueueSettings(name="some", id="s", members=("second",), wrapup_codes=("Lost",)),
    )
    everybody, some = directory.queues()
    assert len(everybody.members) == len(DEFAULT.users)
    assert everybody.wrapup_codes == directory.wrapup_codes
    assert directory.wrapup_codes[0].id == "w"
    assert [code.name for code in some.wrapup_codes] == ["Lost"]
    assert directory.queue("s") == some
    (member,) = some.members
    assert directory.queues(member) == (everybody, some)
    other = next(each for each in everybody.members if each != member)
    assert directory.queues(other) == (everybody,)


@pytest.mark.parametrize(
    "queue",
    [QueueSettings(name="q", members=("nobody",)), QueueSettings(name="q", wrapup_codes=("X",))],
)
def test_a_queue_of_strangers_is_refused(queue: QueueSettings) -> None:
    with pytest.raises(DomainError, match="Queue 'q' has") as refused:
        made(queue)
    assert refused.value.code == "invalid.value"


def test_a_member_leaves_and_joins_a_queue(desk: "Desk") -> None:
    user_id = desk.user()
    (queue,) = desk.org.directory.queues(user_id)
    assert user_id in queue.joined
    for joined in (False, True):
        desk.receive(JoinQueue(user_id=user_id, queue_id=queue.id, joined=joined))
        assert (user_id in desk.org.directory.queue(queue.id).joined) is joined


def test_who_is_no_member_cannot_join() -> None:
    directory = made(QueueSettings(name="q", id="q", members=("second",)))
    first = directory.stations.all()[0].owner_id
    join = directory.table()[JoinQueue]
    with pytest.raises(DomainError, match="no member") as refused:
        join(JoinQueue(user_id=first, queue_id="q", joined=True), now=1.0)
    assert refused.value.code == "not.found"


UNKNOWN: tuple[DirectoryInput, ...] = (
    SetPresence(user_id="nobody"),
    DisassociateStation(user_id="nobody"),
    JoinQueue(user_id="nobody", queue_id="q", joined=True),
)


@pytest.mark.parametrize("item", UNKNOWN, ids=lambda item: type(item).__name__)
def test_an_unknown_user_is_not_found(desk: "Desk", item: DirectoryInput) -> None:
    with pytest.raises(DomainError) as refused:
        desk.receive(item)
    assert refused.value.code == "not.found"


def test_the_table_takes_every_input() -> None:
    assert set(made().table()) == set(DirectoryInput.__subclasses__())


def _told(desk: "Desk") -> list[str]:
    events = [each for each in desk.events() if isinstance(each, TopicEvent)]
    desk.heard.clear()
    return [each.suffix for each in events]


def test_changes_are_told_once_on_the_topics_of_their_nouns(desk: "Desk") -> None:
    user_id = desk.user()
    channel = desk.receive(OpenChannel(user_id=user_id, client_id="c", token_id="t"))
    topic = f"v2.users.{user_id}?presence&routingStatus&station"
    desk.receive(Subscribe(channel_id=channel.id, topics=(topic,), replace=True))
    desk.receive(AttachChannel(socket_id="s", channel_id=channel.id))
    _told(desk)
    desk.receive(SetPresence(user_id=user_id, system_presence="On Queue"))
    assert _told(desk) == ["presence", "routingStatus"]
    desk.receive(SetRoutingStatus(user_id=user_id, status=RoutingStatus.NOT_RESPONDING))
    assert _told(desk) == ["routingStatus"]
    desk.receive(DisassociateStation(user_id=user_id))
    assert _told(desk) == ["station"]
    station_id = desk.org.directory.stations.of(user_id).id
    desk.receive(AssociateStation(user_id=user_id, station_id=station_id))
    assert _told(desk) == ["station"]
    desk.receive(SetPresence(user_id=desk.user("bob"), system_presence="Busy"))
    desk.receive(SetPresence(user_id=user_id, system_presence="On Queue"))
    assert _told(desk) == []


@pytest.mark.parametrize("timing", EventTiming)
def test_what_a_user_asked_for_comes_late_under_the_policy(
    desk_with: "Callable[..., Desk]", timing: EventTiming
) -> None:
    desk = desk_with(event_timing=timing, event_lag_s=5.0)
    user_id = desk.user()
    channel = desk.receive(OpenChannel(user_id=user_id, client_id="c", token_id="t"))
    topics = (f"v2.users.{user_id}.presence",)
    desk.receive(Subscribe(channel_id=channel.id, topics=topics, replace=True))
    desk.receive(AttachChannel(socket_id="s", channel_id=channel.id))
    desk.heard.clear()
    desk.receive(SetPresence(user_id=user_id, system_presence="Busy"))
    (emit,) = (each for each in desk.heard if isinstance(each, Emit))
    late = timing is EventTiming.EVENT_LATE
    assert emit.not_before == desk.now + (5.0 if late else 0.0)
