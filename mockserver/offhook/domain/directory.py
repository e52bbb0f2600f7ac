"""The directory: what stands round the people of an org.

The organization, its queues and wrap-up codes come from the settings; stations, presence and
alerting live in parts of their own. Others may read here whatever they like, and change it
through the org's door only.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from offhook.domain.alerting import Alerting
from offhook.domain.directory_inputs import (
    AssociateStation,
    DirectoryInput,
    DisassociateStation,
    JoinQueue,
    LeadAlerting,
    OrganizationView,
    PresenceView,
    QueueView,
    SetAlertable,
    SetPresence,
    SetRoutingStatus,
    WrapupCodeView,
)
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.inputs import Input
from offhook.domain.presence import Presences
from offhook.domain.stations import Stations
from offhook.domain.topics import Topic
from offhook.domain.users import Users
from offhook.domain.views import ConversationView
from offhook.settings import OrgSettings, QueueSettings


class Directory:
    """All of it. Raises `DomainError` (400) when a queue names a user or code that is none."""

    def __init__(
        self, settings: OrgSettings, *, users: Users, entropy: Entropy, now: float
    ) -> None:
        self._users = users
        label = re.sub(r"[^a-z0-9]+", "-", settings.name.lower()).strip("-")
        self.organization = OrganizationView(
            id=entropy.id("organization"),
            name=settings.name,
            domain=label or "org",
            division_id=entropy.id("division"),
        )
        self.wrapup_codes = tuple(
            WrapupCodeView(id=each.id or entropy.id("wrapup-code"), name=each.name)
            for each in settings.wrapup_codes
        )
        self._queues: dict[str, QueueView] = {}
        for each in settings.queues:
            queue = self._queue(each, each.id or entropy.id("queue"))
            self._queues[queue.id] = queue
        self.stations = Stations(users, entropy=entropy, now=now)
        self.presences = Presences(users, now=now)
        self.alerting = Alerting()

    def table(self) -> dict[type[Input[Any]], Callable[..., Any]]:
        """Which part takes which input."""
        return {
            SetPresence: self._of_user(self.presences.set_presence),
            SetRoutingStatus: self._of_user(self.presences.set_routing),
            AssociateStation: self._of_user(self.stations.associate),
            DisassociateStation: self._of_user(_timeless(self.stations.disassociate)),
            JoinQueue: self._of_user(_timeless(self._join)),
            SetAlertable: self._of_user(_timeless(self.alerting.set_alertable)),
            LeadAlerting: self._of_user(_timeless(self.alerting.lead)),
        }

    def queues(self, user_id: str | None = None) -> tuple[QueueView, ...]:
        """All queues, or those of which a user is a member."""
        return tuple(
            each for each in self._queues.values() if user_id is None or user_id in each.members
        )

    def queue(self, queue_id: str) -> QueueView:
        """The queue of that id. Raises `DomainError` (404)."""
        queue = self._queues.get(queue_id)
        if queue is None:
            raise DomainError("not.found", f"There is no queue {queue_id!r}.")
        return queue

    def follow(self, conversation: ConversationView, *, now: float) -> None:
        """A conversation has changed, and with it perhaps its user's routing status."""
        self.presences.follow(conversation, now=now)

    @property
    def changed(self) -> bool:
        """Whether `take_changed` has anything to tell."""
        return self.presences.changed or self.stations.changed

    def take_changed(self) -> list[tuple[Topic, object]]:
        """What is to be told on which topic, in order. Asking empties it."""
        told: list[tuple[Topic, object]] = []
        for view in self.presences.take_changed():
            suffix = "presence" if isinstance(view, PresenceView) else "routingStatus"
            told.append((Topic(user_id=view.user_id, suffix=suffix), view))
        told.extend(
            (Topic(user_id=change.station.owner_id, suffix="station"), change)
            for change in self.stations.take_changed()
        )
        return told

    def _of_user(self, handler: Callable[..., None]) -> Callable[..., None]:
        """The handler, behind the question whether there is such a user."""

        def handle(item: DirectoryInput, *, now: float) -> None:
            self._users.need(item.user_id)
            handler(item, now=now)

        return handle

    def _join(self, item: JoinQueue) -> None:
        queue = self.queue(item.queue_id)
        if item.user_id not in queue.members:
            raise DomainError("not.found", f"The user is no member of queue {queue.name!r}.")
        joined = queue.joined | {item.user_id} if item.joined else queue.joined - {item.user_id}
        self._queues[queue.id] = msgspec.structs.replace(queue, joined=joined)

    def _queue(self, settings: QueueSettings, queue_id: str) -> QueueView:
        members = tuple(each.id for each in self._users.all())
        if settings.members is not None:
            members = tuple(self._member(settings, name) for name in settings.members)
        return QueueView(
            id=queue_id,
            name=settings.name,
            description=settings.description,
            members=members,
            joined=frozenset(members),
            wrapup_codes=self._codes(settings),
        )

    def _member(self, settings: QueueSettings, name: str) -> str:
        user = self._users.find(name)
        if user is None:
            raise DomainError(
                "invalid.value",
                f"Queue {settings.name!r} has the member {name!r}, who is no user of the org.",
            )
        return user.id

    def _codes(self, settings: QueueSettings) -> tuple[WrapupCodeView, ...]:
        if settings.wrapup_codes is None:
            return self.wrapup_codes
        by_name = {each.name: each for each in self.wrapup_codes}
        for name in settings.wrapup_codes:
            if name not in by_name:
                raise DomainError(
                    "invalid.value",
                    f"Queue {settings.name!r} has the wrap-up code {name!r}, which the org has "
                    f"not; it has {', '.join(by_name)}.",
                )
        return tuple(by_name[name] for name in settings.wrapup_codes)


def _timeless(handler: Callable[[Any], None]) -> Callable[..., None]:
    """A handler for which the time does not matter, as one that is given it."""

    def handle(item: DirectoryInput, *, now: float) -> None:  # noqa: ARG001 - every handler is given the time.
        handler(item)

    return handle
