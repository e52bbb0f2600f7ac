"""What users do beside their calls: presence, routing status, stations, queues. Inputs and views.

Times in the views are seconds since the Unix epoch, on the org's clock.
"""

from enum import StrEnum

import msgspec

from offhook.domain.inputs import Input


class RoutingStatus(StrEnum):
    """What the queues make of a user, in the platform's words (wire contract §6)."""

    OFF_QUEUE = "OFF_QUEUE"
    IDLE = "IDLE"
    INTERACTING = "INTERACTING"
    NOT_RESPONDING = "NOT_RESPONDING"
    COMMUNICATING = "COMMUNICATING"


class StationAction(StrEnum):
    """What happened to a station; the platform's `metadata.action` (wire contract §6)."""

    ASSOCIATED = "Associated"
    DISASSOCIATED = "Disassociated"


class DefinitionView(msgspec.Struct, frozen=True, kw_only=True):
    """A presence that one may have."""

    id: str
    name: str


class PresenceView(msgspec.Struct, frozen=True, kw_only=True):
    """A user's presence at one moment."""

    user_id: str
    definition: DefinitionView
    message: str
    modified_at: float


class RoutingView(msgspec.Struct, frozen=True, kw_only=True):
    """A user's routing status at one moment."""

    user_id: str
    status: RoutingStatus
    started_at: float


class StationView(msgspec.Struct, frozen=True, kw_only=True):
    """A softphone station at one moment. It is its owner's alone."""

    id: str
    name: str
    owner_id: str
    owner_name: str
    associated_at: float | None
    """None: the owner does not use it now."""


class StationChange(msgspec.Struct, frozen=True, kw_only=True):
    """What the topic `station` tells."""

    station: StationView
    action: StationAction


class WrapupCodeView(msgspec.Struct, frozen=True, kw_only=True):
    """A code with which a conversation may be summed up."""

    id: str
    name: str


class QueueView(msgspec.Struct, frozen=True, kw_only=True):
    """A queue at one moment."""

    id: str
    name: str
    description: str
    members: tuple[str, ...]
    """User ids, joined or not."""
    joined: frozenset[str]
    wrapup_codes: tuple[WrapupCodeView, ...]


class OrganizationView(msgspec.Struct, frozen=True, kw_only=True):
    """The org as its users see it."""

    id: str
    name: str
    domain: str
    """The name in the shape of a host name's label."""
    division_id: str


class LeaderView(msgspec.Struct, frozen=True, kw_only=True):
    """Which of a user's connections alerts."""

    connection_id: str
    client_type: str | None


class DirectoryInput(Input[None], frozen=True, kw_only=True):
    """The root of what is asked for here. Raises `DomainError` (404) for an unknown user."""

    user_id: str


class SetPresence(DirectoryInput, frozen=True, kw_only=True):
    """The user is available, away, on queue …; None leaves a field as it is.

    The definition is named by its id, or else by its name. Raises `DomainError` (400).
    """

    definition_id: str | None = None
    system_presence: str | None = None
    message: str | None = None


class SetRoutingStatus(DirectoryInput, frozen=True, kw_only=True):
    """The user's own wish. Raises `DomainError` (409) when the table does not allow it."""

    status: RoutingStatus


class AssociateStation(DirectoryInput, frozen=True, kw_only=True):
    """The user takes a station into use. Raises `DomainError` (404, 409)."""

    station_id: str


class DisassociateStation(DirectoryInput, frozen=True, kw_only=True):
    """The user gives up the station in use; without one nothing happens."""


class JoinQueue(DirectoryInput, frozen=True, kw_only=True):
    """A member joins a queue, or leaves it for now. Raises `DomainError` (404)."""

    queue_id: str
    joined: bool


class SetAlertable(DirectoryInput, frozen=True, kw_only=True):
    """A connection of the user can alert, or can no longer."""

    connection_id: str
    alertable: bool


class LeadAlerting(DirectoryInput, frozen=True, kw_only=True):
    """A connection of the user alerts from now on; None is the last that can."""

    connection_id: str | None
    client_type: str | None
