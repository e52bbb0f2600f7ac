"""Stations over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform


def own(platform: Platform, user: str = "agent") -> str:
    """The id of a user's station."""
    return platform.directory.stations.of(platform.id(user)).id


def test_a_station_is_a_softphone_in_use(platform: Platform) -> None:
    station = platform.get(f"/api/v2/stations/{own(platform)}")
    assert (station["type"], station["status"]) == ("inin_webrtc_softphone", "ASSOCIATED")
    assert station["userId"] == station["webRtcUserId"] == platform.id()
    assert (station["webRtcCallAppearances"], station["webRtcPersistentEnabled"]) == (1, False)
    listed = platform.get("/api/v2/stations")["entities"]
    assert station in listed
    assert len(listed) == 3


def test_the_stations_of_a_user_follow_association(platform: Platform) -> None:
    path = f"/api/v2/users/{platform.id()}/station"
    before = platform.get(path)
    assert before["effectiveStation"]["id"] == own(platform)
    assert before["associatedStation"]["associatedUser"]["id"] == platform.id()
    for _ in range(2):
        assert platform.ask(f"DELETE {path}/associatedstation") == (202, None)
        assert set(platform.get(path)) == {"lastAssociatedStation"}
    station = platform.get(f"/api/v2/stations/{own(platform)}")
    assert station["status"] == "AVAILABLE"
    assert "userId" not in station
    assert platform.ask(f"PUT {path}/associatedstation/{own(platform)}") == (202, None)
    assert platform.get(path)["effectiveStation"]["id"] == own(platform)


@pytest.mark.parametrize(
    ("user", "station", "refusal"),
    [
        ("agent", "second", (409, "general.conflict")),
        ("second", "second", (403, "not.authorized")),
        ("agent", None, (404, "not.found")),
        (None, "agent", (404, "not.found")),
    ],
)
def test_what_cannot_be_associated_is_refused(
    platform: Platform, user: str | None, station: str | None, refusal: tuple[int, str]
) -> None:
    user_id = "nobody" if user is None else platform.id(user)
    station_id = "none" if station is None else own(platform, station)
    place = f"PUT /api/v2/users/{user_id}/station/associatedstation/{station_id}"
    assert platform.refused(place) == refusal


def test_unknown_stations_and_users_are_not_found(platform: Platform) -> None:
    for path in ("/api/v2/stations/none", "/api/v2/users/nobody/station"):
        assert platform.refused(f"GET {path}") == (404, "not.found")


def test_a_service_token_acts_for_the_org(platform: Platform) -> None:
    path = f"/api/v2/users/{platform.id()}/station/associatedstation"
    assert platform.ask(f"DELETE {path}", user=None) == (202, None)
