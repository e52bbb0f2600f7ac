"""One direction of a connection: what was written, what is under way, what has arrived.

    sender ──write──▶ unsent ──window──▶ in flight ──latency──▶ arrived ──reading──▶ receiver

It keeps order, whatever happens. The window is what TCP's two kernel buffers hold together;
only what does not fit into it counts as the writer's backlog.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from offhook_scenarios.sim.end import End as AnEnd
from offhook_scenarios.sim.path import Path
from offhook_scenarios.sim.tap import Action, Break, Drip, Drop, End, Hold, Lose, Pass, Sending
from offhook_scenarios.sim.trace import Kind, Trace, Way
from offhook_scenarios.sim.watcher import Watcher

WINDOW_BYTES = 65_536
"""How many bytes may be under way, or arrived and not yet read, before a writer must wait."""


class _Segment(msgspec.Struct):
    due: float
    kind: Kind
    """DATA, FIN or RESET."""
    data: bytes = b""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """What a pipe must know of where it lies."""

    connection: int
    way: Way
    port: int
    path: Path
    taps: Sequence[Callable[[Sending], Action | None]]
    """The network's own list: it may change at any time."""
    watchers: Sequence[Watcher]
    """As above."""


class Pipe:
    """Made in pairs by `Connection`, which sets `sender`, `receiver` and `broken`."""

    receiver: AnEnd | None = None
    """None: not accepted yet; what arrives waits."""
    sender: AnEnd | None = None

    def __init__(
        self,
        route: Route,
        *,
        loop: asyncio.AbstractEventLoop,
        chance: Callable[[], random.Random],
        trace: Trace,
        broken: Callable[[], None],
    ) -> None:
        self.route = route
        self._loop = loop
        self._chance = chance
        self._trace = trace
        self._broken = broken
        """To be called when both sides must find the connection reset."""
        self._unsent: deque[bytes] = deque()
        self.unsent_bytes = 0
        """The writer's backlog."""
        self._flying: deque[_Segment] = deque()
        self._flying_bytes = 0
        self._last_due = 0.0
        self._count = 0
        self._ending = False
        self._ended = self._was_reset = False
        self._lost = False
        self._held = False
        self._waking_at: float | None = None

    # The writer's side.

    def send(self, data: bytes) -> None:
        """Take bytes to be delivered, now or as the window opens."""
        if self._ending or self._ended:
            return
        for watcher in self.route.watchers:
            watcher.wrote(self.route.connection, self.route.way, data)
        room = 0 if self._unsent else max(0, WINDOW_BYTES - self._flying_bytes)
        now, later = data[:room], data[room:]
        if later:
            self._unsent.append(later)
            self.unsent_bytes += len(later)
        if now:
            self._launch(now)

    def finish(self) -> None:
        """The end, after all that was written."""
        if not self._unsent:
            self._launch_last(Kind.FIN)
        else:
            self._ending = True

    def reset(self) -> None:
        """The end, after what is under way; what is not yet sent is thrown away."""
        self._unsent.clear()
        self.unsent_bytes = 0
        self._launch_last(Kind.RESET)

    def stop(self) -> None:
        """Nothing more is sent; what is under way may arrive."""
        self._unsent.clear()
        self.unsent_bytes = 0
        self._ended = True

    def clear(self) -> None:
        """Nothing more is sent, and not even what is under way arrives."""
        self.stop()
        self._flying.clear()
        self._flying_bytes = 0

    # Faults.

    def hold(self) -> None:
        """Let nothing arrive until `release`."""
        self._held = True

    def release(self) -> None:
        """Let arrive what was held."""
        self._held = False
        self._arm()

    def stand(self, *, held: bool) -> None:
        """Hold, or release."""
        if held:
            self.hold()
        else:
            self.release()

    def hurry(self) -> None:
        """Let arrive what is under way as soon as it would without delays."""
        latest = self._loop.time() + self.route.path.conditions.latency_s
        for segment in self._flying:
            segment.due = min(segment.due, latest)
        self._last_due = min(self._last_due, latest)
        self._arm()

    # Under way.

    def _launch(self, data: bytes) -> None:
        self._count += 1
        if not self.route.taps:
            self._fly(Kind.DATA, data)
            return
        match self._tapped(data):
            case Pass(delay_s=delay_s):
                self._fly(Kind.DATA, data, delay_s=delay_s)
            case Hold():
                self.hold()
                self._fly(Kind.DATA, data)
            case Lose():
                self._lost = True
                self._fly(Kind.DATA, data)
            case Drop():
                self._note(Kind.LOST, data, self._loop.time())
            case Break(keep=keep):
                self._fly(Kind.DATA, data[:keep])
                self._launch_last(Kind.RESET)
                self._broken()
            case End(keep=keep):
                self._fly(Kind.DATA, data[:keep])
                self._launch_last(Kind.FIN)
            case Drip(size=size, gap_s=gap_s):
                for start in range(0, len(data), size):
                    self._fly(Kind.DATA, data[start : start + size], delay_s=gap_s if start else 0)

    def _tapped(self, data: bytes) -> Action:
        route = self.route
        path = route.path
        sending = Sending(
            route.connection, route.way, path.source, path.target, route.port, self._count, data
        )
        for tap in tuple(route.taps):
            if (action := tap(sending)) is not None:
                return action
        return _PASS

    def _launch_last(self, kind: Kind) -> None:
        """One end and one reset at most; a reset may still come after the end."""
        if kind is Kind.RESET and not self._was_reset:
            self._was_reset = self._ended = True
            self._fly(kind, b"")
        elif not self._ended:
            self._ended = True
            self._fly(kind, b"")

    def _fly(self, kind: Kind, data: bytes, *, delay_s: float = 0.0) -> None:
        if kind is Kind.DATA and not data:
            return
        now = self._loop.time()
        if self._lost:
            self._note(Kind.LOST, data, now)
            return
        conditions = self.route.path.conditions
        due = now + conditions.latency_s
        if conditions.jitter_s:
            due += self._chance().random() * conditions.jitter_s
        # Never before what was sent before it: TCP keeps the order.
        self._last_due = due = max(self._last_due, due) + delay_s
        self._flying.append(_Segment(due, kind, data))
        self._flying_bytes += len(data)
        self._arm()

    # The reader's side.

    def attach(self, receiver: AnEnd) -> None:
        """Somebody is there to read."""
        self.receiver = receiver
        self._arm()

    def wake(self) -> None:
        """The reader reads again."""
        self._arm()

    def forsake(self) -> None:
        """The reader never will again."""
        for watcher in self.route.watchers:
            watcher.ended(self.route.connection, self.route.way)
        self._arm()

    @property
    def reset_has_arrived(self) -> bool:
        """Whether a reset waits for a reader who does not read, and would notice by writing."""
        if not self._flying or self._held or self.route.path.held:
            return False
        last = self._flying[-1]
        return last.kind is Kind.RESET and last.due <= self._loop.time()

    def _arm(self) -> None:
        """Be woken when the first segment is due, unless something else will."""
        if not self._flying or self._held or self.receiver is None or self.receiver.is_waiting:
            return
        due = self._flying[0].due
        if self._waking_at is None or due < self._waking_at:
            self._waking_at = due = max(due, self._loop.time())
            self._loop.call_at(due, self._arrive, due, context=self.receiver.context)

    def _arrive(self, woken_for: float) -> None:
        if woken_for != self._waking_at:
            return
        self._waking_at = None
        if self.route.path.held:
            self.route.path.when_open(self._arm)
            return
        receiver, now = self.receiver, self._loop.time()
        assert receiver is not None
        while self._flying and self._flying[0].due <= now:
            if self._held or receiver.is_waiting:
                break
            kind = self._flying[0].kind
            if kind is Kind.DATA:
                self._hand_over(receiver, now)
            else:
                self._flying.popleft()
                self._note(kind, b"", now)
                receiver.ended(reset=kind is Kind.RESET)
        if self._unsent:
            self._refill()
        if self._flying:
            self._arm()

    def _hand_over(self, receiver: AnEnd, now: float) -> None:
        """All data that is due, at once, as one read of a socket would give it."""
        segments = [self._flying.popleft().data]
        while self._flying and self._flying[0].kind is Kind.DATA and self._flying[0].due <= now:
            segments.append(self._flying.popleft().data)
        data = segments[0] if len(segments) == 1 else b"".join(segments)
        self._flying_bytes -= len(data)
        if receiver.deaf:
            self._note(Kind.LOST, data, now)
            receiver.spoken_to()
        else:
            self._note(Kind.DATA, data, now)
            for watcher in self.route.watchers:
                watcher.delivered(self.route.connection, self.route.way, data)
            receiver.received(data)

    def _refill(self) -> None:
        while self._unsent and (room := WINDOW_BYTES - self._flying_bytes) > 0:
            data = self._unsent.popleft()
            if len(data) > room:
                self._unsent.appendleft(data[room:])
                data = data[:room]
            self.unsent_bytes -= len(data)
            self._launch(data)
        if self._ending and not self._unsent:
            self._launch_last(Kind.FIN)
        if self.sender is not None:
            self.sender.drained()

    def _note(self, kind: Kind, data: bytes, now: float) -> None:
        self._trace.note(now, kind, self.route.connection, self.route.way, data)


_PASS = Pass()
