"""Messages about stations (wire contract §5.3, §6)."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from offhook.api.platform.models.conversations import DomainEntityRef, PageInteger, Stamp
from offhook.api.schemas import Message

TYPE = "inin_webrtc_softphone"


class Station(Message, frozen=True, kw_only=True):
    """A softphone."""

    id: str
    name: str
    status: Annotated[str, Meta(examples=["ASSOCIATED"])]
    user_id: str | UnsetType = UNSET
    web_rtc_user_id: str
    type: str = TYPE
    line_appearance_id: str
    web_rtc_persistent_enabled: bool = False
    web_rtc_force_turn: bool = False
    web_rtc_call_appearances: int = 1
    web_rtc_require_media_helper: bool = False
    self_uri: str


class StationEntityListing(Message, frozen=True, kw_only=True):
    """The stations of the org."""

    entities: tuple[Station, ...]
    page_size: PageInteger
    page_number: PageInteger
    total: PageInteger
    page_count: PageInteger
    self_uri: str


class UserStation(Message, frozen=True, kw_only=True):
    """A station as its user's."""

    id: str
    name: str
    type: str = TYPE
    associated_user: DomainEntityRef | UnsetType = UNSET
    associated_date: Stamp | UnsetType = UNSET
    provider_info: dict[str, str] = msgspec.field(default_factory=dict)
    web_rtc_call_appearances: int = 1


class UserStations(Message, frozen=True, kw_only=True):
    """The stations of a user; the ones that there are not are absent."""

    associated_station: UserStation | UnsetType = UNSET
    effective_station: UserStation | UnsetType = UNSET
    last_associated_station: UserStation | UnsetType = UNSET


class UserStationChangeTopicUser(Message, frozen=True, kw_only=True):
    """A user in an event."""

    id: str


class UserStationChangeTopicUserStation(Message, frozen=True, kw_only=True):
    """A station in an event."""

    id: str
    name: str
    associated_user: UserStationChangeTopicUser


class UserStationChangeTopicUserStations(Message, frozen=True, kw_only=True):
    """The body on the topic `station`; what happened to it stands in `metadata.action`."""

    associated_station: UserStationChangeTopicUserStation
