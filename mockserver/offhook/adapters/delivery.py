"""What leaves the org: events to the sockets' lines, and what the lines let out, onto the wire."""

from offhook.adapters.frames import text_frame
from offhook.adapters.socket import HIGH_WATER, EventSocket
from offhook.api.notifications import encode, event_type
from offhook.domain.close_codes import RESTART, SLOW_READER
from offhook.domain.events import AudioLevelChanged, Close, Emit, Event
from offhook.domain.inputs import DetachSocket
from offhook.faults.line import CloseLine, Drop, Line, Resume, Stall, Write
from offhook.tenancy import Tenancy

_TOO_SLOW = "The reader is too slow."


class Delivery:
    """The open sockets of one org. `run` must be called after whatever may have changed it."""

    def __init__(self, tenancy: Tenancy) -> None:
        self._tenancy = tenancy
        self._org = tenancy.org
        self._sockets: dict[str, EventSocket] = {}
        self._waiting: dict[str, EventSocket] = {}
        """Sockets whose line holds something back."""
        self._levels: dict[str, Event] = {}
        """The latest audio level for each socket whose reader lags: older ones are lost."""

    @property
    def sockets(self) -> tuple[EventSocket, ...]:
        """Those that still hear of events, in the order in which they came."""
        return tuple(self._sockets.values())

    def attach(self, socket: EventSocket) -> None:
        """From now on the socket can be delivered to."""
        self._sockets[socket.id] = socket

    def detach(self, socket_id: str, *, now: float) -> None:
        """The socket is over, whoever ended it. Unknown ones are passed over."""
        if self._sockets.pop(socket_id, None) is None:
            return
        self._waiting.pop(socket_id, None)
        self._levels.pop(socket_id, None)
        self._org.receive(DetachSocket(socket_id=socket_id), now=now)

    def next_deadline(self) -> float | None:
        """When a line next lets something out by itself."""
        if not self._waiting:
            return None
        lines = (socket.line.next_deadline() for socket in self._waiting.values() if socket.line)
        return min((deadline for deadline in lines if deadline is not None), default=None)

    def run(self, *, now: float) -> None:
        """Deliver everything that is due."""
        if self._tenancy.log is not None:
            self._tenancy.log.save()
        if self._tenancy.org is not self._org:
            self._restart()
        if self._waiting:
            for socket in tuple(self._waiting.values()):
                assert socket.line is not None, "something waits on it"
                self._write(socket, socket.line, now=now)
        while outbound := self._org.take_outbound():
            for item in outbound:
                if isinstance(item, Close):
                    self._close(item, now=now)
                else:
                    self._emit(item, now=now)
        if self._levels:
            self._release_levels(now=now)

    def close_all(self, code: int, reason: str, *, now: float) -> None:
        """Say goodbye to every socket."""
        for socket in self.sockets:
            self._end(socket, code, reason, now=now)

    def lift_faults(self, *, now: float) -> None:
        """Let out what faults hold back on the lines. `run` must follow."""
        for socket in self.sockets:
            if socket.line is not None:
                socket.line.lift(now=now)
                self._write(socket, socket.line, now=now)

    def _restart(self) -> None:
        """The org was replaced by a fresh one, which knows none of these sockets."""
        for socket in self.sockets:
            socket.close(RESTART, "The org was reset.")
        self._sockets.clear()
        self._waiting.clear()
        self._levels.clear()
        self._org = self._tenancy.org

    def _emit(self, emit: Emit, *, now: float) -> None:
        payload = encode(emit.event)
        lossy = isinstance(emit.event, AudioLevelChanged)
        plain = not lossy and emit.not_before <= now and not self._tenancy.faults
        if plain and len(emit.sockets) > 1:
            self._emit_to_many(emit, payload, now=now)
            return
        for socket_id in emit.sockets:
            socket = self._sockets.get(socket_id)
            if socket is None:
                continue
            if plain and socket.is_clear:
                behind = socket.send(text_frame(payload))
                self._seen("frame-out", socket, at=now, frame=payload.decode(errors="replace"))
                if behind:
                    self._end(socket, SLOW_READER, _TOO_SLOW, now=now)
            elif lossy and socket.backlog:
                self._levels[socket_id] = emit.event
            else:
                self._push(socket, emit.event, payload, not_before=emit.not_before, now=now)

    def _emit_to_many(self, emit: Emit, payload: bytes, *, now: float) -> None:
        """A frame goes out to all of these at once: it is made once, and one entry tells of all."""
        frame, sockets = text_frame(payload), self._sockets
        reached: list[str] = []
        behind: list[EventSocket] = []
        for socket_id in emit.sockets:
            socket = sockets.get(socket_id)
            if socket is None:
                continue
            if socket.is_clear:
                if socket.send(frame):
                    behind.append(socket)
                reached.append(socket_id)
            else:
                self._push(socket, emit.event, payload, not_before=emit.not_before, now=now)
        if reached:
            journal = self._org.journal
            told = payload.decode(errors="replace")
            facts = {
                "socket_ids": reached,
                "client_id": emit.event.device_id,
                # Only here are words of a client; to look through the ids takes longer than to
                # write to all of them.
                "frame": told if journal.hide is None else journal.hide(told),
            }
            journal.write("frame-out", facts, at=now)
        for socket in behind:
            self._end(socket, SLOW_READER, _TOO_SLOW, now=now)

    def _push(
        self, socket: EventSocket, event: Event, payload: bytes, *, not_before: float, now: float
    ) -> None:
        verdict = self._tenancy.faults.on_push(
            event_type(event), device_id=event.device_id, token_id=socket.token_id, now=now
        )
        lossy = isinstance(event, AudioLevelChanged)
        line = socket.line = socket.line or Line()
        line.push(payload, verdict, now=now, lossy=lossy, not_before=not_before)
        self._write(socket, line, now=now)

    def _release_levels(self, *, now: float) -> None:
        for socket_id in [held for held in self._levels if not self._sockets[held].backlog]:
            event = self._levels.pop(socket_id)
            socket = self._sockets[socket_id]
            self._push(socket, event, encode(event), not_before=now, now=now)

    def _write(self, socket: EventSocket, line: Line, *, now: float) -> None:
        for item in line.take(now=now):
            match item:
                case Write(frame=frame, rule_id=rule_id):
                    socket.send(text_frame(frame))
                    self._seen("frame-out", socket, at=now, frame=frame.decode(errors="replace"))
                case CloseLine(code=code, rule_id=rule_id):
                    self._end(socket, code, "A fault closed this socket.", now=now)
                case Stall(rule_id=rule_id):
                    socket.stall()
                case Drop(rule_id=rule_id):
                    pass
                case Resume():
                    rule_id = None
                    socket.resume()
            if rule_id is not None:
                self._tenancy.faults.bit(rule_id)
                done = type(item).__name__
                self._seen("fault", socket, at=now, rule_id=rule_id, carried_out=done)
        if socket.backlog > HIGH_WATER:
            self._end(socket, SLOW_READER, _TOO_SLOW, now=now)
        if socket.id in self._sockets and line.next_deadline() is not None:
            self._waiting[socket.id] = socket
        else:
            self._waiting.pop(socket.id, None)

    def _close(self, close: Close, *, now: float) -> None:
        socket = self._sockets.get(close.socket_id)
        if socket is not None:
            self._end(socket, close.code, close.reason, now=now)

    def _end(self, socket: EventSocket, code: int, reason: str, *, now: float) -> None:
        socket.close(code, reason)
        self._seen("socket", socket, at=now, what="closing", code=code, reason=reason)
        self.detach(socket.id, now=now)

    def _seen(self, kind: str, socket: EventSocket, *, at: float, **facts: object) -> None:
        self._org.journal.record(
            kind,
            at=at,
            socket_id=socket.id,
            client_id=socket.device_id,
            token_id=socket.token_id,
            **facts,
        )
