"""Presence, and what it makes of the routing status.

One law holds both together: a user is `OFF_QUEUE` exactly while the presence is another than
On Queue. On queue, the first live call makes `INTERACTING` and the end of the last one `IDLE`;
everything else there is the user's own wish, as far as `WISHES` allows it.
"""

import msgspec

from offhook.domain.conversation import is_live
from offhook.domain.directory_inputs import (
    DefinitionView,
    PresenceView,
    RoutingStatus,
    RoutingView,
    SetPresence,
    SetRoutingStatus,
)
from offhook.domain.errors import DomainError
from offhook.domain.users import Users
from offhook.domain.views import ConversationView

ON_QUEUE = "On Queue"

DEFINITIONS: tuple[DefinitionView, ...] = tuple(
    DefinitionView(id=definition_id, name=name)
    for name, definition_id in (
        ("Available", "6a3af858-942f-489d-9700-5f9bcdcdae9b"),
        ("Away", "5e5c5c66-ea97-4e7f-ac41-6424784829f2"),
        ("Break", "227b37e2-f1d0-4dd0-8f50-badd7cf6d158"),
        ("Busy", "31fe3bac-dea6-44b7-bed7-47f91660a1a0"),
        ("Idle", "7ffa01cd-7866-4ad7-8faa-31e11b42f51f"),
        ("Meal", "3fd96123-badb-4f69-bc03-1b1ccc6d8014"),
        ("Meeting", "bbdff279-7ae1-48ea-bade-7831d7234c64"),
        ("Offline", "ccf3c10a-aa2c-4845-8e8d-f59fa48c58e5"),
        (ON_QUEUE, "e08eaf1b-ee47-4fa9-a231-1200e284798f"),
        ("Training", "d2390a99-8546-bad9-8f0a-219548e8aeb0"),
    )
)
"""The system presences. Their ids are the same in every org, and applications rely on it."""

FIRST = DEFINITIONS[0]
"""What everybody is at the beginning."""

_OFF, _IDLE, _BUSY, _MISSED, _TALKS = (
    RoutingStatus.OFF_QUEUE,
    RoutingStatus.IDLE,
    RoutingStatus.INTERACTING,
    RoutingStatus.NOT_RESPONDING,
    RoutingStatus.COMMUNICATING,
)

WISHES: frozenset[tuple[RoutingStatus, RoutingStatus]] = frozenset(
    {
        (_OFF, _OFF),
        (_IDLE, _IDLE),
        (_IDLE, _BUSY),
        (_IDLE, _MISSED),
        (_IDLE, _TALKS),
        (_BUSY, _BUSY),
        (_BUSY, _IDLE),
        (_BUSY, _TALKS),
        (_MISSED, _MISSED),
        (_MISSED, _IDLE),
        (_TALKS, _TALKS),
        (_TALKS, _IDLE),
        (_TALKS, _BUSY),
    }
)
"""From which routing status to which one may go by asking. An absent pair is refused with 409."""


def check_wish(before: RoutingStatus, wish: RoutingStatus) -> None:
    """Raise `DomainError` (409), made of the pair, when the wish is not allowed."""
    if (before, wish) in WISHES:
        return
    allowed = ", ".join(to for to in RoutingStatus if (before, to) in WISHES)
    hint = (
        f" Queues are entered and left by the presence {ON_QUEUE}."
        if _OFF in {before, wish}
        else ""
    )
    raise DomainError(
        "general.conflict",
        f"The routing status is {before}; from there one can ask for {allowed}, not {wish}.{hint}",
        facts={"status": before.value, "wish": wish.value},
    )


def find_definition(item: SetPresence) -> DefinitionView | None:
    """The definition that an input names, None when it names none. Raises `DomainError` (400)."""
    if item.definition_id is not None:
        wanted, found = item.definition_id, {each.id: each for each in DEFINITIONS}
    elif item.system_presence is not None:
        # `ON_QUEUE`, `On Queue` and `OnQueue` are all the platform's.
        wanted = item.system_presence.replace("_", "").replace(" ", "").lower()
        found = {each.name.replace(" ", "").lower(): each for each in DEFINITIONS}
    else:
        return None
    if wanted not in found:
        names = ", ".join(each.name for each in DEFINITIONS)
        raise DomainError(
            "invalid.value",
            f"There is no presence definition {wanted!r}; GET /api/v2/presence/definitions lists "
            f"{names}.",
        )
    return found[wanted]


class Presences:
    """Presence and routing status of every user."""

    def __init__(self, users: Users, *, now: float) -> None:
        self._presence: dict[str, PresenceView] = {}
        self._routing: dict[str, RoutingView] = {}
        self._live: dict[str, set[str]] = {}
        """By user, the conversations with a live voice leg."""
        self._changed: list[PresenceView | RoutingView] = []
        for user in users.all():
            self._presence[user.id] = PresenceView(
                user_id=user.id, definition=FIRST, message="", modified_at=now
            )
            self._routing[user.id] = RoutingView(user_id=user.id, status=_OFF, started_at=now)
            self._live[user.id] = set()

    def presence(self, user_id: str) -> PresenceView:
        """The presence of a user that there is."""
        return self._presence[user_id]

    def routing(self, user_id: str) -> RoutingView:
        """The routing status of a user that there is."""
        return self._routing[user_id]

    def set_presence(self, item: SetPresence, *, now: float) -> None:
        """Change the presence, and with it the routing status. Raises `DomainError` (400)."""
        before = self._presence[item.user_id]
        definition = find_definition(item) or before.definition
        message = before.message if item.message is None else item.message
        if (definition, message) == (before.definition, before.message):
            return
        after = msgspec.structs.replace(
            before, definition=definition, message=message, modified_at=now
        )
        self._presence[item.user_id] = after
        self._changed.append(after)
        if definition.name != ON_QUEUE:
            self._route(item.user_id, _OFF, now=now)
        elif before.definition.name != ON_QUEUE:
            self._route(item.user_id, _BUSY if self._live[item.user_id] else _IDLE, now=now)

    def set_routing(self, item: SetRoutingStatus, *, now: float) -> None:
        """Grant a wish. Raises `DomainError` (409)."""
        check_wish(self._routing[item.user_id].status, item.status)
        self._route(item.user_id, item.status, now=now)

    def follow(self, conversation: ConversationView, *, now: float) -> None:
        """A conversation has changed: on queue, calls make a user busy."""
        user_id, live = conversation.user_id, self._live[conversation.user_id]
        before = bool(live)
        if is_live(conversation.legs[0]):
            live.add(conversation.id)
        else:
            live.discard(conversation.id)
        status = self._routing[user_id].status
        if not before and live and status in {_IDLE, _MISSED}:
            self._route(user_id, _BUSY, now=now)
        elif before and not live and status is _BUSY:
            self._route(user_id, _IDLE, now=now)

    @property
    def changed(self) -> bool:
        """Whether `take_changed` has anything to tell."""
        return bool(self._changed)

    def take_changed(self) -> list[PresenceView | RoutingView]:
        """What is another than when last asked, in order. Asking empties it."""
        changed, self._changed = self._changed, []
        return changed

    def _route(self, user_id: str, status: RoutingStatus, *, now: float) -> None:
        if self._routing[user_id].status is not status:
            after = RoutingView(user_id=user_id, status=status, started_at=now)
            self._routing[user_id] = after
            self._changed.append(after)
        on_queue = self._presence[user_id].definition.name == ON_QUEUE
        assert on_queue is (status is not _OFF), f"user {user_id} is {status}, on queue: {on_queue}"
