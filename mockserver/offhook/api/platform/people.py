"""Users, stations, presence and routing status in the platform's shapes."""

from msgspec import UNSET, UnsetType

from offhook.api.answer import stamp
from offhook.api.platform.models.conversations import DomainEntityRef
from offhook.api.platform.models.presence import (
    OrganizationPresence,
    OrganizationPresenceDefinition,
    PresenceDefinition,
    PresenceEventOrganizationPresence,
    PresenceEventUserPresence,
    RoutingStatus,
    UserPresence,
    UserRoutingStatusRoutingStatus,
    UserRoutingStatusUserRoutingStatus,
)
from offhook.api.platform.models.stations import (
    Station,
    UserStation,
    UserStationChangeTopicUser,
    UserStationChangeTopicUserStation,
    UserStationChangeTopicUserStations,
    UserStations,
)
from offhook.domain.directory_inputs import (
    DefinitionView,
    PresenceView,
    RoutingView,
    StationChange,
    StationView,
)

_LOCALE = "en_US"


def user_presence(view: PresenceView) -> UserPresence:
    """A presence as it is read."""
    return UserPresence(
        presence_definition=PresenceDefinition(
            id=view.definition.id,
            system_presence=view.definition.name,
            self_uri=f"/api/v2/presencedefinitions/{view.definition.id}",
        ),
        message=view.message,
        modified_date=stamp(view.modified_at),
        self_uri=f"/api/v2/users/{view.user_id}/presences",
    )


def presence_event(view: PresenceView) -> PresenceEventUserPresence:
    """A presence as its topic tells it: `On Queue` is `ON_QUEUE` there."""
    return PresenceEventUserPresence(
        presence_definition=PresenceEventOrganizationPresence(
            id=view.definition.id,
            system_presence=view.definition.name.upper().replace(" ", "_"),
        ),
        message=view.message,
        modified_date=stamp(view.modified_at),
    )


def organization_presence(view: DefinitionView) -> OrganizationPresence:
    """A definition in the older listing."""
    return OrganizationPresence(
        id=view.id,
        name=view.name,
        language_labels={_LOCALE: view.name},
        system_presence=view.name,
        self_uri=f"/api/v2/presencedefinitions/{view.id}",
    )


def presence_definition(view: DefinitionView) -> OrganizationPresenceDefinition:
    """A definition in the newer listing, whose enum spells `OnQueue` (the SDKs' models)."""
    return OrganizationPresenceDefinition(
        id=view.id,
        name=view.name,
        language_labels={_LOCALE: view.name},
        system_presence=view.name.replace(" ", ""),
        self_uri=f"/api/v2/presence/definitions/{view.id}",
    )


def routing_status(view: RoutingView) -> RoutingStatus:
    """A routing status as it is read."""
    return RoutingStatus(
        user_id=view.user_id, status=view.status, start_time=stamp(view.started_at)
    )


def routing_event(view: RoutingView) -> UserRoutingStatusUserRoutingStatus:
    """A routing status as its topic tells it."""
    return UserRoutingStatusUserRoutingStatus(
        id=view.user_id,
        routing_status=UserRoutingStatusRoutingStatus(
            status=view.status, start_time=stamp(view.started_at)
        ),
    )


def station(view: StationView) -> Station:
    """A station as it is read; the line's id is the station's, for it has one line."""
    associated = view.associated_at is not None
    return Station(
        id=view.id,
        name=view.name,
        status="ASSOCIATED" if associated else "AVAILABLE",
        user_id=view.owner_id if associated else UNSET,
        web_rtc_user_id=view.owner_id,
        line_appearance_id=view.id,
        self_uri=f"/api/v2/stations/{view.id}",
    )


def user_stations(view: StationView) -> UserStations:
    """The stations of the owner: the one there is, in use or used before."""
    own = _user_station(view)
    if view.associated_at is None:
        return UserStations(last_associated_station=own)
    return UserStations(associated_station=own, effective_station=own, last_associated_station=own)


def station_event(change: StationChange) -> UserStationChangeTopicUserStations:
    """What the topic `station` tells; what happened stands in the envelope's metadata."""
    view = change.station
    return UserStationChangeTopicUserStations(
        associated_station=UserStationChangeTopicUserStation(
            id=view.id,
            name=view.name,
            associated_user=UserStationChangeTopicUser(id=view.owner_id),
        )
    )


def _user_station(view: StationView) -> UserStation:
    owner: DomainEntityRef | UnsetType = UNSET
    since: str | UnsetType = UNSET
    if view.associated_at is not None:
        owner = DomainEntityRef(
            id=view.owner_id, name=view.owner_name, self_uri=f"/api/v2/users/{view.owner_id}"
        )
        since = stamp(view.associated_at)
    return UserStation(id=view.id, name=view.name, associated_user=owner, associated_date=since)
