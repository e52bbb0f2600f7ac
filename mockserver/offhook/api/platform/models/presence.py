"""Messages about presence and routing status (wire contract §6)."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from offhook.api.platform.models.conversations import PageInteger, Stamp
from offhook.api.schemas import Message
from offhook.domain.directory_inputs import RoutingStatus as Status


class PresenceDefinition(Message, frozen=True, kw_only=True):
    """A presence, by reference; in a request the id is enough, or the name."""

    id: Annotated[str, Meta(examples=["e08eaf1b-ee47-4fa9-a231-1200e284798f"])] | None = None
    system_presence: Annotated[str, Meta(examples=["On Queue"])] | None = None
    self_uri: str | UnsetType | None = UNSET


class UserPresence(Message, frozen=True, kw_only=True):
    """A user's presence."""

    source: str = "PURECLOUD"
    primary: bool = True
    presence_definition: PresenceDefinition
    message: str
    modified_date: Stamp
    self_uri: str


class MutableUserPresence(Message, frozen=True, kw_only=True):
    """What is to change about a presence; what is absent or null stays."""

    presence_definition: PresenceDefinition | None = None
    message: str | None = None


class SystemPresence(Message, frozen=True, kw_only=True):
    """A presence that every org has."""

    id: str
    name: str
    self_uri: str


class OrganizationPresence(Message, frozen=True, kw_only=True):
    """A presence that one may have, in the older listing."""

    id: str
    name: str
    language_labels: dict[str, str]
    system_presence: str
    deactivated: bool = False
    primary: bool = True
    self_uri: str


class OrganizationPresenceEntityListing(Message, frozen=True, kw_only=True):
    """Every presence that one may have, on one page."""

    entities: tuple[OrganizationPresence, ...]
    page_size: PageInteger
    page_number: PageInteger
    total: PageInteger
    page_count: PageInteger
    self_uri: str


class OrganizationPresenceDefinition(Message, frozen=True, kw_only=True):
    """A presence that one may have."""

    id: str
    name: str
    type: str = "System"
    language_labels: dict[str, str]
    system_presence: str
    deactivated: bool = False
    self_uri: str


class OrganizationPresenceDefinitionEntityListing(Message, frozen=True, kw_only=True):
    """Every presence that one may have."""

    entities: tuple[OrganizationPresenceDefinition, ...]
    total: PageInteger
    self_uri: str


class RoutingStatus(Message, frozen=True, kw_only=True):
    """A user's routing status; in a request the status is enough."""

    user_id: str | UnsetType | None = UNSET
    status: Annotated[Status, Meta(examples=["IDLE"])]
    start_time: Stamp | UnsetType | None = UNSET


class PresenceEventOrganizationPresence(Message, frozen=True, kw_only=True):
    """A presence, as events spell it."""

    id: str
    system_presence: str


class PresenceEventUserPresence(Message, frozen=True, kw_only=True):
    """The body on the topic `presence`."""

    source: str = "PURECLOUD"
    primary: bool = True
    presence_definition: PresenceEventOrganizationPresence
    message: str
    modified_date: Stamp


class UserRoutingStatusRoutingStatus(Message, frozen=True, kw_only=True):
    """A routing status in an event."""

    status: Status
    start_time: Stamp


class UserRoutingStatusUserRoutingStatus(Message, frozen=True, kw_only=True):
    """The body on the topic `routingStatus`."""

    id: str
    routing_status: UserRoutingStatusRoutingStatus
