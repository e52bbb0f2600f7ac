"""What is on the wire is read as it stands there."""

import msgspec
import pytest

from offhook_client.models import ClientView, Frame, Shown, Version, together


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('"1.3"', Version(1, 3)),
        ("1.3", Version(1, 3)),
        ('"12.0"', Version(12, 0)),
        (None, None),
        ("", None),
        ('W/"1.3"', None),
        ('"abc"', None),
        ('"1.3.4"', None),
        (f'"1.{"3" * 5_000}"', None),
    ],
)
def test_an_etag_is_a_version_or_vouches_for_nothing(
    text: str | None, version: Version | None
) -> None:
    assert Version.from_etag(text) == version


def test_a_version_is_written_as_it_is_read() -> None:
    assert Version(4, 2).etag == '"4.2"'
    assert Version.from_etag(Version(4, 2).etag) == Version(4, 2)


def test_epochs_come_before_revisions() -> None:
    assert sorted([Version(2, 0), Version(1, 9), Version(1, 10)]) == [
        Version(1, 9),
        Version(1, 10),
        Version(2, 0),
    ]


CLIENT = b"""{
  "id": "6c1f", "deviceId": "default", "userId": "b0a2", "connectionStatus": "connected",
  "audioLevel": 0.0, "muted": true, "epoch": 1, "rev": 3,
  "lastIntent": {"muted": true, "rev": 2, "actor": "b0a2"},
  "cause": "self", "forced": false, "selfUri": "/api/v2/webrtc/clients/6c1f"
}"""


def test_a_client_is_read_from_the_contracts_example() -> None:
    view = msgspec.json.decode(CLIENT, type=ClientView)
    assert (view.id, view.connection_status, view.muted) == ("6c1f", "connected", True)
    assert (view.version, view.asked_at) == (Version(1, 3), Version(1, 2))


def test_a_client_without_versions_is_read_too() -> None:
    view = msgspec.json.decode(
        b'{"id": "x", "connectionStatus": "connected", "muted": false}', type=ClientView
    )
    assert view.version is None
    assert view.asked_at is None


def test_a_frame_is_read_from_the_contracts_example() -> None:
    frame = msgspec.json.decode(
        b'{"type": "subscribed", "clientId": "6c1f", "epoch": 1, "rev": 3, "recovered": false,'
        b' "at": "2026-11-23T10:00:00.000Z"}',
        type=Frame,
    )
    assert (frame.type, frame.client_id, frame.version) == ("subscribed", "6c1f", Version(1, 3))
    assert frame.muted is None


def test_a_frame_without_a_version_has_none() -> None:
    assert Frame(type="heartbeat", epoch=1).version is None


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([], "unknown"),
        (["muted"], "muted"),
        (["muted", "muted"], "muted"),
        (["muted", "live"], "live"),
        (["muted", "unknown"], "unknown"),
        (["unknown", "live"], "live"),
        (["muted", "muting"], "muting"),
        (["muting", "unmuting"], "unmuting"),
        (["unmuting", "unknown"], "unknown"),
    ],
)
def test_a_person_is_muted_only_when_every_device_is(shown: list[str], expected: str) -> None:
    assert together(map(Shown, shown)) is Shown(expected)
    assert together(map(Shown, reversed(shown))) is Shown(expected)
