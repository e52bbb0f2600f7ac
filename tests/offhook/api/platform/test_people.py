"""Stations, presence and routing status in the platform's shapes."""

import msgspec
import pytest

from offhook.api.platform import people
from offhook.domain.directory_inputs import (
    DefinitionView,
    PresenceView,
    RoutingStatus,
    RoutingView,
    StationAction,
    StationChange,
    StationView,
)
from offhook.domain.presence import DEFINITIONS

ON_QUEUE = DefinitionView(id="d", name="On Queue")
PRESENCE = PresenceView(user_id="u", definition=ON_QUEUE, message="m", modified_at=0.0)
ROUTING = RoutingView(user_id="u", status=RoutingStatus.IDLE, started_at=0.0)
STATION = StationView(id="s", name="S", owner_id="u", owner_name="U", associated_at=0.0)
EPOCH = "1970-01-01T00:00:00.000Z"


def test_a_presence_is_spelt_otherwise_in_events() -> None:
    read = msgspec.to_builtins(people.user_presence(PRESENCE))
    told = msgspec.to_builtins(people.presence_event(PRESENCE))
    assert read["presenceDefinition"]["systemPresence"] == "On Queue"
    assert told["presenceDefinition"] == {"id": "d", "systemPresence": "ON_QUEUE"}
    assert read["modifiedDate"] == told["modifiedDate"] == EPOCH
    assert read["source"] == told["source"] == "PURECLOUD"


@pytest.mark.parametrize("view", DEFINITIONS, ids=lambda view: view.name)
def test_a_definition_has_its_name_in_both_listings(view: DefinitionView) -> None:
    older, newer = people.organization_presence(view), people.presence_definition(view)
    assert (older.id, older.system_presence) == (view.id, view.name)
    assert (newer.id, newer.system_presence) == (view.id, view.name.replace(" ", ""))
    assert older.language_labels == newer.language_labels == {"en_US": view.name}


def test_a_routing_status_is_nested_in_events() -> None:
    assert msgspec.to_builtins(people.routing_status(ROUTING)) == {
        "userId": "u",
        "status": "IDLE",
        "startTime": EPOCH,
    }
    assert msgspec.to_builtins(people.routing_event(ROUTING)) == {
        "id": "u",
        "routingStatus": {"status": "IDLE", "startTime": EPOCH},
    }


def test_a_station_in_use_names_its_user() -> None:
    assert people.station(STATION).status == "ASSOCIATED"
    assert people.station(STATION).user_id == "u"
    stations = msgspec.to_builtins(people.user_stations(STATION))
    assert stations["associatedStation"] == stations["effectiveStation"]
    assert stations["associatedStation"]["associatedDate"] == EPOCH


def test_a_station_out_of_use_is_the_last_one_only() -> None:
    free = msgspec.structs.replace(STATION, associated_at=None)
    assert people.station(free).status == "AVAILABLE"
    stations = msgspec.to_builtins(people.user_stations(free))
    assert set(stations) == {"lastAssociatedStation"}
    assert "associatedUser" not in stations["lastAssociatedStation"]


@pytest.mark.parametrize("action", StationAction)
def test_an_event_of_a_station_names_it_and_its_user(action: StationAction) -> None:
    event = people.station_event(StationChange(station=STATION, action=action))
    assert msgspec.to_builtins(event) == {
        "associatedStation": {"id": "s", "name": "S", "associatedUser": {"id": "u"}}
    }
