"""Stations: everybody has one, takes it into use and gives it up."""

import pytest

from offhook.domain.directory_inputs import (
    AssociateStation,
    DisassociateStation,
    StationAction,
)
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.stations import Stations
from offhook.domain.users import Users
from offhook.settings import DEFAULT


@pytest.fixture
def users() -> Users:
    return Users(DEFAULT, entropy=Entropy(1))


@pytest.fixture
def stations(users: Users) -> Stations:
    return Stations(users, entropy=Entropy(1), now=5.0)


def test_everybody_has_a_station_in_use_at_the_beginning(users: Users, stations: Stations) -> None:
    for user in users.all():
        station = stations.of(user.id)
        assert (station.owner_id, station.associated_at) == (user.id, 5.0)
        assert stations.need(station.id) == station
    assert [each.owner_id for each in stations.all()] == [user.id for user in users.all()]
    assert stations.take_changed() == []


def test_a_station_is_given_up_and_taken_into_use_again(users: Users, stations: Stations) -> None:
    user_id = users.default().id
    station_id = stations.of(user_id).id
    stations.disassociate(DisassociateStation(user_id=user_id))
    assert stations.of(user_id).associated_at is None
    stations.associate(AssociateStation(user_id=user_id, station_id=station_id), now=7.0)
    assert stations.of(user_id).associated_at == 7.0
    told = stations.take_changed()
    assert [change.action for change in told] == [
        StationAction.DISASSOCIATED,
        StationAction.ASSOCIATED,
    ]
    assert {change.station.id for change in told} == {station_id}


def test_what_changes_nothing_is_not_told(users: Users, stations: Stations) -> None:
    user_id = users.default().id
    station_id = stations.of(user_id).id
    stations.associate(AssociateStation(user_id=user_id, station_id=station_id), now=7.0)
    assert stations.of(user_id).associated_at == 5.0
    stations.disassociate(DisassociateStation(user_id=user_id))
    stations.take_changed()
    stations.disassociate(DisassociateStation(user_id=user_id))
    assert stations.take_changed() == []


def test_a_softphone_is_its_owners_alone(users: Users, stations: Stations) -> None:
    first, second = (user.id for user in users.all()[:2])
    wish = AssociateStation(user_id=first, station_id=stations.of(second).id)
    with pytest.raises(DomainError, match="Sam Second") as refused:
        stations.associate(wish, now=7.0)
    assert refused.value.code == "general.conflict"


def test_an_unknown_station_is_not_found(users: Users, stations: Stations) -> None:
    wish = AssociateStation(user_id=users.default().id, station_id="none")
    with pytest.raises(DomainError) as refused:
        stations.associate(wish, now=7.0)
    assert refused.value.code == "not.found"
