"""Every frame of the contract has its meaning."""

import pytest

from offhook_client import signals
from offhook_client.frames import read_frame, read_view
from offhook_client.models import ClientView, Frame, LastIntent, Version

V = Version(1, 3)


def frame(kind: str, **fields: object) -> Frame:
    return Frame(**{"type": kind, "epoch": 1, "rev": 3, **fields})  # type: ignore[arg-type]  # - fields by name.


@pytest.mark.parametrize(
    ("received", "signal"),
    [
        (frame("subscribed", recovered=True), signals.Subscribed(version=V, recovered=True)),
        (
            frame("muteChanged", muted=True, cause="native", gesture=True),
            signals.MuteEvent(muted=True, version=V, cause="native", gesture=True),
        ),
        (
            frame("connectionStatusChanged", status="connected"),
            signals.StatusEvent(status="connected", version=V),
        ),
        (frame("heartbeat"), signals.Beat(version=V)),
        (frame("audioLevelChanged", level=0.5), signals.Beat(version=V)),
        (frame("error", code="x", message="y"), signals.Beat(version=V)),
        (frame("something new"), signals.Beat(version=V)),
        (frame("muteChanged"), signals.Garbled()),
        (frame("connectionStatusChanged"), signals.Garbled()),
    ],
)
def test_each_frame_is_a_signal(received: Frame, signal: signals.Signal) -> None:
    assert read_frame(received, "desk") == signal


@pytest.mark.parametrize(
    ("intent", "seq"),
    [
        ("desk:7", 7),
        ("other:7", None),
        ("desk-2:7", None),
        ("desk:x", None),
        ("desk:٣", None),
        ("desk", None),
        (None, None),
    ],
)
def test_an_own_intent_is_known_by_its_instance(intent: str | None, seq: int | None) -> None:
    signal = read_frame(frame("muteChanged", muted=True, cause="self", intent=intent), "desk")
    assert isinstance(signal, signals.MuteEvent)
    assert signal.seq == seq


def test_a_body_is_a_snapshot_with_the_last_intent_beside_the_effect() -> None:
    view = ClientView(
        id="c",
        connection_status="connected",
        muted=False,
        epoch=1,
        rev=3,
        cause="default-reset",
        last_intent=LastIntent(muted=True, rev=2),
    )
    assert read_view(view) == signals.Snapshot(
        muted=False,
        version=V,
        cause="default-reset",
        status="connected",
        asked=True,
        asked_at=Version(1, 2),
    )
