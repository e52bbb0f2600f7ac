"""Events out, reports in: what the wire page promises, field by field."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.drawn import near, reaches

from offhook.api.notifications import _OF_CHANNELS, encode, event_type, read_report
from offhook.domain import events
from offhook.domain.events import Event
from offhook.domain.inputs import SocketReport
from offhook.domain.version import Intent, Version
from offhook.domain.views import Cause, Status

AT = 1_790_000_000.25
STAMP = "2026-09-21T14:13:20.250Z"
COMMON: dict[str, Any] = {"device_id": "d-1", "version": Version(1, 3), "at": AT}

TOLD: list[tuple[Event, dict[str, object]]] = [
    (events.Subscribed(recovered=False, **COMMON), {"type": "subscribed", "recovered": False}),
    (
        events.MuteChanged(
            muted=True,
            cause=Cause.SELF,
            actor="u-1",
            intent=Intent("desk", 7),
            gesture=False,
            **COMMON,
        ),
        {
            "type": "muteChanged",
            "muted": True,
            "cause": "self",
            "actor": "u-1",
            "intent": "desk:7",
            "gesture": False,
        },
    ),
    (
        events.MuteChanged(
            muted=False, cause=Cause.HEADSET, actor=None, intent=None, gesture=True, **COMMON
        ),
        {
            "type": "muteChanged",
            "muted": False,
            "cause": "headset",
            "actor": None,
            "intent": None,
            "gesture": True,
        },
    ),
    (
        events.StatusChanged(status=Status.DISCONNECTED, cause=Cause.SYSTEM, actor=None, **COMMON),
        {
            "type": "connectionStatusChanged",
            "status": "disconnected",
            "cause": "system",
            "actor": None,
        },
    ),
    (events.AudioLevelChanged(level=0.4, **COMMON), {"type": "audioLevelChanged", "level": 0.4}),
    (events.Heartbeat(**COMMON), {"type": "heartbeat"}),
    (
        events.FrameRefused(code="bad.request", message="No.", **COMMON),
        {"type": "error", "code": "bad.request", "message": "No."},
    ),
]
IDS = [str(fields["type"]) for _, fields in TOLD]


def test_every_event_is_in_this_table() -> None:
    """What channels say has tables of its own, beside the platform's topics."""
    known = set(Event.__subclasses__()) - {events.Pushed, *_OF_CHANNELS}
    assert {type(event) for event, _ in TOLD} == known


@pytest.mark.parametrize(("event", "fields"), TOLD, ids=IDS)
def test_an_event_is_one_json_object_with_these_fields(
    event: Event, fields: dict[str, object]
) -> None:
    assert event_type(event) == fields["type"]
    assert json.loads(encode(event)) == {
        "clientId": "d-1",
        "epoch": 1,
        "rev": 3,
        "at": STAMP,
        **fields,
    }


@pytest.mark.parametrize(("event", "fields"), TOLD, ids=IDS)
def test_without_versions_an_event_has_neither_epoch_nor_rev(
    event: Event, fields: dict[str, object]
) -> None:
    unversioned = type(event)(
        **{
            **{name: getattr(event, name) for name in event.__struct_fields__},
            "version": None,
        }
    )
    assert json.loads(encode(unversioned)) == {"clientId": "d-1", "at": STAMP, **fields}


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b'{"type": "muteChanged"}', "muteChanged"), (b'{"a": 1}', "pushed"), (b"[1]", "pushed"),
     (b'{"type": 1}', "pushed"), (b"not JSON", "pushed")],
)  # fmt: skip
def test_a_pushed_object_travels_as_it_is(body: bytes, kind: str) -> None:
    pushed = events.Pushed(body=body, **COMMON)
    assert encode(pushed) is body
    assert event_type(pushed) == kind


REPORTS: list[tuple[str, dict[str, object]]] = [
    (
        '{"type": "nativeMute", "muted": true, "gesture": true}',
        {"kind": "nativeMute", "muted": True, "gesture": True},
    ),
    (
        '{"type": "headsetMute", "muted": false}',
        {"kind": "headsetMute", "muted": False, "gesture": False},
    ),
    ('{"type": "audioLevel", "level": 0.4}', {"kind": "audioLevel", "level": 0.4}),
    ('{"type": "audioLevel", "level": 1}', {"kind": "audioLevel", "level": 1.0}),
    ('{"type": "ping", "unknown": []}', {"kind": "ping"}),
]


@pytest.mark.parametrize(("data", "fields"), REPORTS)
def test_a_report_is_read(data: str, fields: dict[str, Any]) -> None:
    assert read_report("s-1", data) == SocketReport(socket_id="s-1", **fields)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"type": "ping"}', "binary"),
        ("", "not JSON"),
        ("nonsense", "not JSON"),
        ("null", "JSON object"),
        ("[]", "Expected `object`"),
        ("{}", "lacks the field 'type'"),
        ('{"type": "mute"}', "Invalid value 'mute'"),
        ('{"type": "nativeMute"}', "lacks the field 'muted'"),
        ('{"type": "nativeMute", "muted": "yes"}', "'muted' is wrong"),
        ('{"type": "audioLevel", "level": 2}', "'level' is wrong"),
        ('{"type": "audioLevel", "level": NaN}', "not JSON"),
        ('{"type": "nativeMute", "muted": true, "muted": false}', "twice"),
        ('{"type": "ping", "x": ' + "[" * 100_000, "deep"),
        ('\ufeff{"type": "ping"}', "byte order mark"),
    ],
)
def test_a_bad_frame_is_unreadable_and_says_why(data: str | bytes, words: str) -> None:
    report = read_report("s-1", data)
    assert report.kind == "unreadable"
    assert words in (report.problem or "")


FRAMES = st.binary(max_size=60) | near(*(data for data, _ in REPORTS))


@given(FRAMES)
def test_any_frame_is_read_or_unreadable(data: str | bytes) -> None:
    report = read_report("s-1", data)
    assert report.socket_id == "s-1"
    assert (report.kind == "unreadable") is (report.problem is not None)
    if report.kind != "unreadable":
        said = json.loads(data)
        assert (report.kind, report.muted, report.level) == (
            said["type"],
            said.get("muted"),
            said.get("level"),
        )


def test_some_of_them_are_read() -> None:
    kinds = ("nativeMute", "headsetMute", "audioLevel", "ping", "unreadable")
    reaches(FRAMES, lambda data: read_report("s", data).kind, *kinds)
