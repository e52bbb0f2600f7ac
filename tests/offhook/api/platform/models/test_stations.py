"""Messages about stations, in the platform's spelling."""

import msgspec

from offhook.api.platform.models.stations import Station, UserStations


def test_webrtc_is_spelt_as_the_platform_does() -> None:
    station = Station(
        id="s",
        name="S",
        status="AVAILABLE",
        web_rtc_user_id="u",
        line_appearance_id="s",
        self_uri="",
    )
    names = set(msgspec.to_builtins(station))
    assert {"webRtcUserId", "webRtcForceTurn", "webRtcCallAppearances"} <= names
    assert "userId" not in names


def test_stations_that_there_are_not_are_absent() -> None:
    assert msgspec.to_builtins(UserStations()) == {}
