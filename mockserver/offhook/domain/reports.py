"""What device sockets report: mute by other hands, samples of the microphone, pings.

A report that cannot be taken is answered on its own socket and never raised: the device sent
it long ago and waits for no answer.
"""

from offhook.domain import close_codes
from offhook.domain.errors import DomainError, OffhookError
from offhook.domain.events import FrameRefused
from offhook.domain.inputs import LocalMute, SocketReport
from offhook.domain.microphones import Microphones
from offhook.domain.roster import Roster
from offhook.domain.sockets import (
    MAX_REFUSED_IN_A_ROW,
    Socket,
    Sockets,
)
from offhook.domain.views import Cause, Role

_CAUSES: dict[str, Cause] = {"nativeMute": Cause.NATIVE, "headsetMute": Cause.HEADSET}

KINDS = (*_CAUSES, "audioLevel", "ping")
"""The types of frames that a device may send."""


class BadFrameError(OffhookError):
    """The frame itself is wrong, whatever the state; too many in a row close the socket."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class Reports:
    """Takes what sockets report."""

    def __init__(self, *, roster: Roster, microphones: Microphones, sockets: Sockets) -> None:
        self._roster = roster
        self._microphones = microphones
        self._sockets = sockets

    def receive(self, item: SocketReport, *, now: float) -> bool:
        """Do what is reported, or tell the socket why not; True when that closed the socket.

        Sockets that are unknown, or silent because their token expired, are passed over.
        """
        socket = self._sockets.get(item.socket_id)
        if socket is None or socket.silent:
            return False
        try:
            self._take(item, socket, now=now)
        except BadFrameError as error:
            socket.refused_in_a_row += 1
            self._refuse(socket, error.code, error.message, now=now)
            if socket.refused_in_a_row == MAX_REFUSED_IN_A_ROW:
                self._sockets.close(
                    socket, close_codes.UNREADABLE, f"{MAX_REFUSED_IN_A_ROW} bad frames in a row."
                )
                return True
        except DomainError as error:
            socket.refused_in_a_row = 0
            self._refuse(socket, error.code, error.message, now=now)
        else:
            socket.refused_in_a_row = 0
        return False

    def _take(self, item: SocketReport, socket: Socket, *, now: float) -> None:
        if socket.refusing:
            raise DomainError("bad.credentials", "The token of this socket has expired.")
        if socket.role is not Role.DEVICE:
            raise BadFrameError(
                "not.authorized", "An observer only listens; attach with role=device."
            )
        if item.kind == "unreadable" or item.problem is not None:
            raise BadFrameError("bad.request", item.problem or "The frame is not a JSON object.")
        if item.kind in _CAUSES:
            self._take_mute(item, socket, now=now)
        elif item.kind == "audioLevel":
            if item.level is None or not 0.0 <= item.level <= 1.0:
                raise BadFrameError(
                    "invalid.value", "audioLevel needs level, a number from 0.0 to 1.0."
                )
            device = self._roster.need(socket.device_id)
            self._microphones.hear_level(device, item.level, now=now)
        elif item.kind == "ping":
            self._sockets.beat(socket, now=now)
        else:
            raise BadFrameError(
                "invalid.value", f"type is {item.kind!r}; it must be one of {', '.join(KINDS)}."
            )

    def _take_mute(self, item: SocketReport, socket: Socket, *, now: float) -> None:
        if item.muted is None:
            raise BadFrameError("invalid.value", f"{item.kind} needs muted, true or false.")
        cause = _CAUSES[item.kind]
        # A browser mutes a track for many reasons; the button of a headset is pressed by a hand.
        gesture = item.gesture if item.gesture is not None else cause is Cause.HEADSET
        self._microphones.set_locally(
            LocalMute(device_id=socket.device_id, muted=item.muted, cause=cause, gesture=gesture),
            now=now,
        )

    def _refuse(self, socket: Socket, code: str, message: str, *, now: float) -> None:
        version = self._roster.version_of(socket.device_id)
        refused = FrameRefused(
            device_id=socket.device_id, version=version, at=now, code=code, message=message
        )
        self._sockets.tell(socket, refused)
