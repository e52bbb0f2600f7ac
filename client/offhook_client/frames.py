"""What the server's bodies and frames mean to the protocol."""

from offhook_client import signals
from offhook_client.models import ClientView, Frame
from offhook_client.signals import Signal


def read_frame(frame: Frame, instance: str) -> Signal:
    """A frame as a signal. An own intent, `<instance>:<seq>`, is known by its instance."""
    match frame.type:
        case "subscribed":
            return signals.Subscribed(version=frame.version, recovered=frame.recovered)
        case "muteChanged" if frame.muted is not None:
            return signals.MuteEvent(
                muted=frame.muted,
                version=frame.version,
                cause=frame.cause or "system",
                gesture=frame.gesture,
                seq=_own_seq(frame.intent, instance),
            )
        case "connectionStatusChanged" if frame.status is not None:
            return signals.StatusEvent(status=frame.status, version=frame.version)
        case "muteChanged" | "connectionStatusChanged":
            return signals.Garbled()
    return signals.Beat(version=frame.version)


def read_view(view: ClientView) -> signals.Snapshot:
    """The body of a read as a signal."""
    return signals.Snapshot(
        muted=view.muted,
        version=view.version,
        cause=view.cause,
        status=view.connection_status,
        asked=view.last_intent.muted if view.last_intent is not None else None,
        asked_at=view.asked_at,
    )


def _own_seq(intent: str | None, instance: str) -> int | None:
    name, _, seq = (intent or "").rpartition(":")
    return int(seq) if name == instance and seq.isascii() and seq.isdigit() else None
