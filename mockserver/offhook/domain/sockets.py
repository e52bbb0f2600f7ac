"""Event sockets: who listens to which device, and what they hear.

This part owns the outbox. Every frame the org speaks leaves through `publish` or `tell`, and
what lies in the outbox is asked for with `take_outbound`. It also keeps what was said about
mute, so that a socket that comes back can hear what it missed.
"""

from collections import deque
from collections.abc import Callable

from offhook.domain import close_codes
from offhook.domain.deadlines import Deadlines
from offhook.domain.events import Close, Emit, Event, Heartbeat, MuteChanged, Outbound, Subscribed
from offhook.domain.inputs import AttachSocket
from offhook.domain.version import Version
from offhook.domain.views import Role, SocketView
from offhook.policies import ExpiredSocket, Policies

_GONE = "The client is gone."
MAX_REFUSED_IN_A_ROW = 8
"""So many bad frames, one after the other, close a socket with 4400."""


class Socket:
    """One attached event socket."""

    __slots__ = ("device_id", "id", "refused_in_a_row", "refusing", "role", "silent", "token_id")

    def __init__(self, item: AttachSocket) -> None:
        self.id = item.socket_id
        self.device_id = item.device_id
        self.role = item.role
        self.token_id = item.token_id
        self.silent = False
        """Its token expired under the policy `silent`: it is neither spoken nor listened to."""
        self.refusing = False
        """Its token expired under the policy `refuse`: it hears, but may not report."""
        self.refused_in_a_row = 0


class Sockets:
    """All sockets of an org. `version_of` tells where a device's register stands."""

    def __init__(
        self,
        *,
        policies: Callable[[], Policies],
        version_of: Callable[[str], Version | None],
    ) -> None:
        self._policies = policies
        self._version_of = version_of
        self._all: dict[str, Socket] = {}
        self._of: dict[str, list[Socket]] = {}
        self._history: dict[str, deque[MuteChanged]] = {}
        self._beats: Deadlines[str] = Deadlines()
        self._outbox: list[Outbound] = []

    def get(self, socket_id: str) -> Socket | None:
        """The attached socket of that id, or None."""
        return self._all.get(socket_id)

    def of(self, device_id: str) -> tuple[Socket, ...]:
        """The sockets of a device, in the order they came."""
        return tuple(self._of.get(device_id, ()))

    def all(self) -> tuple[SocketView, ...]:
        """Every attached socket."""
        return tuple(
            [
                SocketView(
                    id=each.id, device_id=each.device_id, role=each.role, token_id=each.token_id
                )
                for each in self._all.values()
            ]
        )

    def by_token(self, token_id: str) -> tuple[Socket, ...]:
        """The sockets that were opened with a token."""
        return tuple(each for each in self._all.values() if each.token_id == token_id)

    def device_socket(self, device_id: str) -> Socket | None:
        """The device's own socket; there is at most one."""
        return next((each for each in self.of(device_id) if each.role is Role.DEVICE), None)

    # Coming and going.

    def attach(self, item: AttachSocket, *, now: float) -> None:
        """A socket is there: it hears `Subscribed`, and what it missed if that is known.

        A second device-role socket evicts the first. The socket's id must be new.
        """
        assert item.socket_id not in self._all, f"socket {item.socket_id} is attached already"
        if item.role is Role.DEVICE and (evicted := self.device_socket(item.device_id)):
            self.close(evicted, close_codes.REPLACED, "Another device socket took over.")
        socket = Socket(item)
        self._all[socket.id] = socket
        self._of.setdefault(socket.device_id, []).append(socket)
        self._beats.set(socket.id, now + self._policies().heartbeat_s)
        missed = self._missed(socket.device_id, item.since)
        subscribed = Subscribed(
            device_id=socket.device_id,
            version=self._version_of(socket.device_id),
            at=now,
            recovered=missed is not None,
        )
        self.tell(socket, subscribed)
        for event in missed or ():
            self.tell(socket, event, not_before=now)

    def detach(self, socket_id: str) -> Socket | None:
        """A socket is gone. Returns it, or None when it was gone already."""
        socket = self._all.pop(socket_id, None)
        if socket is not None:
            self._beats.set(socket_id, None)
            remaining = self._of[socket.device_id]
            remaining.remove(socket)
            if not remaining:
                del self._of[socket.device_id]
        return socket

    def close(self, socket: Socket, code: int, reason: str) -> None:
        """Have a socket closed; it is gone for the org at once."""
        self.detach(socket.id)
        self.refuse(socket.id, code, reason)

    def drop(self, code: int, device_id: str | None) -> tuple[Socket, ...]:
        """Control closes every socket, or a device's. Returns them."""
        dropped = tuple(self._all.values()) if device_id is None else self.of(device_id)
        for socket in dropped:
            self.close(socket, code, "Control dropped the socket.")
        return dropped

    def refuse(self, socket_id: str, code: int, reason: str) -> None:
        """Have a socket closed that was never attached."""
        self._outbox.append(Close(socket_id=socket_id, code=code, reason=reason))

    def refuse_gone(self, socket_id: str) -> None:
        """Have one closed whose device ended while it came."""
        self.refuse(socket_id, close_codes.GONE, _GONE)

    def token_ended(self, socket: Socket, *, revoked: bool) -> bool:
        """The socket's token is no longer good; True when the socket is closed for it."""
        policy = ExpiredSocket.CLOSE if revoked else self._policies().expired_socket
        match policy:
            case ExpiredSocket.CLOSE:
                why = "revoked" if revoked else "expired"
                self.close(socket, close_codes.TOKEN, f"The token was {why}.")
                return True
            case ExpiredSocket.SILENT:
                socket.silent = True
            case ExpiredSocket.REFUSE:
                socket.refusing = True
        return False

    def forget(self, device_id: str) -> None:
        """The device is terminated: its sockets are closed, what was said of it is forgotten."""
        for socket in self.of(device_id):
            self.close(socket, close_codes.GONE, _GONE)
        self._history.pop(device_id, None)

    # Speaking.

    def publish(self, event: Event, *, not_before: float | None = None) -> None:
        """Every socket of the event's device hears it, in the order they came."""
        assert event.device_id is not None, "an event socket hears of devices only"
        if isinstance(event, MuteChanged):
            self._remember(event)
        listening = tuple(
            [each.id for each in self._of.get(event.device_id, ()) if not each.silent]
        )
        if listening:
            at = event.at if not_before is None else not_before
            self._outbox.append(Emit(event=event, sockets=listening, not_before=at))

    def tell(self, socket: Socket, event: Event, *, not_before: float | None = None) -> None:
        """One socket hears it."""
        if not socket.silent:
            at = event.at if not_before is None else not_before
            self._outbox.append(Emit(event=event, sockets=(socket.id,), not_before=at))

    def put(self, emit: Emit) -> None:
        """Somebody else's frame, in the one order of what the org says."""
        self._outbox.append(emit)

    def take_outbound(self) -> list[Outbound]:
        """What is to be sent and closed, in order. Asking empties it."""
        outbound, self._outbox = self._outbox, []
        return outbound

    def _remember(self, event: MuteChanged) -> None:
        if event.version is None or event.device_id is None:
            return
        history = self._history.setdefault(event.device_id, deque())
        history.append(event)
        while len(history) > self._policies().replay_events:
            history.popleft()

    def _missed(self, device_id: str, since: Version | None) -> list[MuteChanged] | None:
        """What was said after `since`; None when that cannot be told in full."""
        present = self._version_of(device_id)
        if since is None or present is None or since.epoch != present.epoch or since > present:
            return None
        history = self._history.get(device_id, ())
        missed = [event for event in history if event.version is not None and event.version > since]
        # Revisions rise by one, so as many events as revisions leave no gap.
        return missed if len(missed) == present.rev - since.rev else None

    # Time.

    def next_deadline(self) -> float | None:
        """When the next heartbeat is due."""
        return self._beats.next_deadline()

    def handle_timer(self, *, now: float) -> None:
        """Let the heartbeats that are due be heard."""
        while (socket_id := self._beats.take_due(now=now)) is not None:
            self.beat(self._all[socket_id], now=now)
            self._beats.set(socket_id, now + self._policies().heartbeat_s)

    def beat(self, socket: Socket, *, now: float) -> None:
        """A socket hears which version is current."""
        version = self._version_of(socket.device_id)
        self.tell(socket, Heartbeat(device_id=socket.device_id, version=version, at=now))
