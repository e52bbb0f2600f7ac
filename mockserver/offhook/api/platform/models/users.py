"""Messages about users (wire contract §5.3, §6)."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from offhook.api.platform.models.conversations import PageInteger
from offhook.api.platform.models.organization import Organization, TokenInfo
from offhook.api.platform.models.presence import RoutingStatus, UserPresence
from offhook.api.platform.models.stations import UserStations
from offhook.api.schemas import Message


class Division(Message, frozen=True, kw_only=True):
    """The one division of the org."""

    id: str
    name: str = "Home"
    self_uri: str


class Chat(Message, frozen=True, kw_only=True):
    """Where a user is reached by streaming."""

    jabber_id: Annotated[str, Meta(examples=["6c1f2a340b5d4e6fa71829304a5b6c7d@acme.orgspan.com"])]


class MediaSummaryDetail(Message, frozen=True, kw_only=True):
    """How many conversations."""

    active: PageInteger
    acw: PageInteger = 0


class MediaSummary(Message, frozen=True, kw_only=True):
    """How many conversations of one medium, of queues and others."""

    contact_center: MediaSummaryDetail
    enterprise: MediaSummaryDetail


class UserConversationSummary(Message, frozen=True, kw_only=True):
    """How many conversations of each medium a user has."""

    user_id: str
    call: MediaSummary
    callback: MediaSummary
    email: MediaSummary
    message: MediaSummary
    chat: MediaSummary


class User(Message, frozen=True, kw_only=True):
    """A user; what was not asked for with `expand` is absent."""

    id: Annotated[str, Meta(examples=["6c1f2a34-0b5d-4e6f-a718-29304a5b6c7d"])]
    name: Annotated[str, Meta(examples=["Ada Agent"])]
    division: Division
    chat: Chat
    email: Annotated[str, Meta(examples=["agent@example.com"])]
    username: Annotated[str, Meta(examples=["agent"])]
    state: str = "active"
    version: int = 1
    acd_auto_answer: bool = False
    routing_status: RoutingStatus | UnsetType = UNSET
    presence: UserPresence | UnsetType = UNSET
    conversation_summary: UserConversationSummary | UnsetType = UNSET
    station: UserStations | UnsetType = UNSET
    self_uri: str


class UserMe(User, frozen=True, kw_only=True):
    """The user of the token; what was not asked for with `expand` is absent."""

    organization: Organization | UnsetType = UNSET
    token: TokenInfo | UnsetType = UNSET


class UserEntityListing(Message, frozen=True, kw_only=True):
    """The users of the org."""

    entities: tuple[User, ...]
    page_size: PageInteger
    page_number: PageInteger
    total: PageInteger
    page_count: PageInteger
    self_uri: str


class AlertingLeader(Message, frozen=True, kw_only=True):
    """The connection that alerts; in a request what is absent is found out."""

    connection_id: str | None = None
    client_type: str | None = None


class Connection(Message, frozen=True, kw_only=True):
    """A connection of a user, and whether it can alert."""

    alertable: bool
