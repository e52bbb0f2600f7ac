"""Stations: read, taken into use, given up."""

from offhook.api.answer import empty_answer, json_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Operation, Outcome
from offhook.api.platform.models.stations import Station, StationEntityListing, UserStations
from offhook.api.platform.pages import PAGE, page
from offhook.api.platform.people import station, user_stations
from offhook.api.platform.rows import (
    ACCEPTED,
    ANOTHER_USER,
    NO_SUCH_USER,
    USER_ID,
    own_user_in_path,
    path_id,
    refused,
    row,
    user_in_path,
)
from offhook.domain.directory_inputs import AssociateStation, DisassociateStation
from offhook.domain.evidence import Evidence

_OF_USER = "/api/v2/users/{userId}/station"


def list_stations(call: Call) -> Answer:
    """Every station of the org."""
    entities = [station(each) for each in call.tenancy.org.directory.stations.all()]
    return json_answer(200, page(call, StationEntityListing, entities))


def get_station(call: Call) -> Answer:
    """One station."""
    stations = call.tenancy.org.directory.stations
    return json_answer(200, station(stations.need(call.path["stationId"])))


def get_user_station(call: Call) -> Answer:
    """A user's stations."""
    user = user_in_path(call)
    return json_answer(200, user_stations(call.tenancy.org.directory.stations.of(user.id)))


def associate(call: Call) -> Answer:
    """Take a station into use."""
    user = own_user_in_path(call)
    wish = AssociateStation(user_id=user.id, station_id=call.path["stationId"])
    call.tenancy.org.receive(wish, now=call.now)
    return empty_answer(202)


def disassociate(call: Call) -> Answer:
    """Give up the station in use."""
    user = own_user_in_path(call)
    call.tenancy.org.receive(DisassociateStation(user_id=user.id), now=call.now)
    return empty_answer(202)


_STATION_ID = path_id("stationId", "The station.")

OPERATIONS: tuple[Operation, ...] = (
    row(
        "getStations",
        "GET /api/v2/stations",
        "Every station of the org.",
        list_stations,
        outcomes={
            200: Outcome(
                meaning="The stations.",
                body=StationEntityListing,
                identifies={"stationId": "/entities/0/id"},
            )
        },
        params=PAGE,
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "getStation",
        "GET /api/v2/stations/{stationId}",
        "One station.",
        get_station,
        outcomes={
            200: Outcome(meaning="The station.", body=Station, identifies={"stationId": "/id"}),
            404: refused("There is no such station."),
        },
        params=(_STATION_ID,),
    ),
    row(
        "getUserStation",
        f"GET {_OF_USER}",
        "The stations of a user.",
        get_user_station,
        outcomes={200: Outcome(meaning="The stations.", body=UserStations), 404: NO_SUCH_USER},
        params=(USER_ID,),
        evidence=Evidence.DOCUMENTED,
    ),
    row(
        "putUserStationAssociatedstationStationId",
        f"PUT {_OF_USER}/associatedstation/{{stationId}}",
        "Take a station into use.",
        associate,
        outcomes={
            202: ACCEPTED,
            403: ANOTHER_USER,
            404: refused("There is no such user or station."),
            409: refused("It is the softphone of somebody else."),
        },
        params=(USER_ID, _STATION_ID),
        evidence=Evidence.ASSUMED,
    ),
    row(
        "deleteUserStationAssociatedstation",
        f"DELETE {_OF_USER}/associatedstation",
        "Give up the station in use.",
        disassociate,
        outcomes={202: ACCEPTED, 403: ANOTHER_USER, 404: NO_SUCH_USER},
        params=(USER_ID,),
        evidence=Evidence.ASSUMED,
    ),
)
