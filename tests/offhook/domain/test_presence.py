"""Presence and routing status: the table, and the law that holds both together."""

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.domain.directory_inputs import (
    DefinitionView,
    PresenceView,
    RoutingStatus,
    RoutingView,
    SetPresence,
    SetRoutingStatus,
)
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.inputs import ChangeCall, Input, StartCall
from offhook.domain.org import Org
from offhook.domain.presence import DEFINITIONS, ON_QUEUE, WISHES, Presences, check_wish
from offhook.domain.users import Users
from offhook.settings import DEFAULT

if TYPE_CHECKING:
    from tests.offhook.domain.conftest import Desk

IDLE, BUSY, OFF = RoutingStatus.IDLE, RoutingStatus.INTERACTING, RoutingStatus.OFF_QUEUE


class One:
    """Presences, and their first user."""

    def __init__(self) -> None:
        users = Users(DEFAULT, entropy=Entropy(1))
        self.presences = Presences(users, now=1.0)
        self.user_id = users.all()[0].id

    def become(self, name: str, *, now: float = 2.0, message: str | None = None) -> None:
        wish = SetPresence(user_id=self.user_id, system_presence=name, message=message)
        self.presences.set_presence(wish, now=now)

    def ask(self, status: RoutingStatus, *, now: float = 3.0) -> None:
        wish = SetRoutingStatus(user_id=self.user_id, status=status)
        self.presences.set_routing(wish, now=now)

    @property
    def status(self) -> RoutingStatus:
        return self.presences.routing(self.user_id).status


@pytest.mark.parametrize(("before", "wish"), [*product(RoutingStatus, RoutingStatus)])
def test_a_wish_is_granted_exactly_where_the_table_says(
    before: RoutingStatus, wish: RoutingStatus
) -> None:
    if (before, wish) in WISHES:
        check_wish(before, wish)
        return
    with pytest.raises(DomainError) as refused:
        check_wish(before, wish)
    assert refused.value.code == "general.conflict"
    assert refused.value.message.startswith(f"The routing status is {before}; ")
    assert f"not {wish}" in refused.value.message
    assert (ON_QUEUE in refused.value.message) == (OFF in {before, wish})


def test_at_the_beginning_one_is_available_and_off_queue() -> None:
    one = One()
    assert one.presences.presence(one.user_id).definition.name == "Available"
    assert one.presences.routing(one.user_id) == RoutingView(
        user_id=one.user_id, status=OFF, started_at=1.0
    )
    assert one.presences.take_changed() == []


def test_on_queue_makes_idle_and_leaving_it_makes_off_queue() -> None:
    one = One()
    one.become(ON_QUEUE, now=2.0)
    assert one.status is IDLE
    presence, routing = one.presences.take_changed()
    assert isinstance(presence, PresenceView)
    assert (presence.definition.name, presence.modified_at) == (ON_QUEUE, 2.0)
    assert routing == RoutingView(user_id=one.user_id, status=IDLE, started_at=2.0)
    one.become("Meal", now=3.0)
    assert one.status is OFF


def test_what_changes_nothing_is_not_told() -> None:
    one = One()
    one.become("Available", message="")
    one.ask(OFF)
    assert one.presences.take_changed() == []
    one.become("Available", message="hello")
    (told,) = one.presences.take_changed()
    assert isinstance(told, PresenceView)
    assert told.message == "hello"


def test_on_queue_again_leaves_the_routing_status() -> None:
    one = One()
    one.become(ON_QUEUE)
    one.ask(RoutingStatus.NOT_RESPONDING)
    one.become(ON_QUEUE, message="still here")
    assert one.status is RoutingStatus.NOT_RESPONDING


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.name)
def test_a_definition_is_found_by_id_by_name_and_by_the_spelling_of_events(
    definition: DefinitionView,
) -> None:
    spelling = definition.name.upper().replace(" ", "_")
    ways: list[dict[str, str]] = [
        {"definition_id": definition.id},
        {"system_presence": definition.name},
        {"system_presence": spelling},
    ]
    for way in ways:
        one = One()
        one.presences.set_presence(SetPresence(user_id=one.user_id, **way), now=2.0)
        assert one.presences.presence(one.user_id).definition == definition


@pytest.mark.parametrize("names", [{"definition_id": "none"}, {"system_presence": "Asleep"}])
def test_an_unknown_definition_is_refused_and_the_known_ones_are_named(
    names: dict[str, str],
) -> None:
    one = One()
    with pytest.raises(DomainError, match="On Queue") as refused:
        one.presences.set_presence(SetPresence(user_id=one.user_id, **names), now=2.0)
    assert refused.value.code == "invalid.value"
    assert one.presences.take_changed() == []


def test_calls_make_a_user_on_queue_busy_until_the_last_one_ends(desk: "Desk") -> None:
    user_id = desk.user()

    def status() -> RoutingStatus:
        return desk.org.directory.presences.routing(user_id).status

    def hang_up(conversation_id: str) -> None:
        desk.receive(ChangeCall(conversation_id=conversation_id, state="ended"))

    desk.receive(SetPresence(user_id=user_id, system_presence=ON_QUEUE))
    calls = [desk.receive(StartCall(user_id=user_id)) for _ in range(2)]
    assert status() is BUSY
    hang_up(calls[0].id)
    assert status() is BUSY
    hang_up(calls[1].id)
    assert status() is IDLE


def test_off_queue_a_call_changes_nothing_and_counts_on_entering(desk: "Desk") -> None:
    user_id = desk.user()
    routing = desk.org.directory.presences.routing
    desk.receive(StartCall(user_id=user_id))
    assert routing(user_id).status is OFF
    desk.receive(SetPresence(user_id=user_id, system_presence=ON_QUEUE))
    assert routing(user_id).status is BUSY


def test_ringing_and_chats_make_nobody_busy(desk: "Desk") -> None:
    user_id = desk.user()
    desk.receive(SetPresence(user_id=user_id, system_presence=ON_QUEUE))
    desk.receive(StartCall(user_id=user_id, state="alerting"))
    desk.receive(StartCall(user_id=user_id, media="chat"))
    assert desk.org.directory.presences.routing(user_id).status is IDLE


STEPS: list[Callable[[str], Input[None]]] = [
    *(
        lambda user_id, name=each.name: SetPresence(user_id=user_id, system_presence=name)
        for each in DEFINITIONS
    ),
    *(
        lambda user_id, status=each: SetRoutingStatus(user_id=user_id, status=status)
        for each in RoutingStatus
    ),
]


@given(steps=st.lists(st.sampled_from([*STEPS, "call", "hang up"]), max_size=30))
def test_off_queue_exactly_while_the_presence_is_another_than_on_queue(steps: list[object]) -> None:
    org = Org(DEFAULT, seed=1, now=0.0)
    user_id = org.users()[0].id
    calls: list[str] = []
    for now, step in enumerate(steps, 1):
        if step == "call":
            calls.append(org.receive(StartCall(user_id=user_id), now=now).id)
        elif step == "hang up":
            if calls:
                org.receive(ChangeCall(conversation_id=calls.pop(), state="ended"), now=now)
        else:
            assert callable(step)
            before = org.directory.presences.routing(user_id)
            try:
                org.receive(step(user_id), now=now)
            except DomainError:
                assert org.directory.presences.routing(user_id) == before
        on_queue = org.directory.presences.presence(user_id).definition.name == ON_QUEUE
        assert on_queue is (org.directory.presences.routing(user_id).status is not OFF)
