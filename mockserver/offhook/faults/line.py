"""The outgoing line of one event socket, with its fault queue.

Frames go in with their verdicts and come out when they are due, as instructions for the shell.
The line keeps the order in which frames came, but for those that a fault holds back:

    push ──▶ [ waiting, in order ] ──▶ take ──▶ Write · Drop · Stall · Resume · CloseLine
                      ▲
             [ held back ]   released by later frames, or by time
"""

from collections import deque

import msgspec

from offhook.domain.close_codes import CUT, SLOW_READER
from offhook.faults.verdicts import (
    PushClose,
    PushDelay,
    PushDrop,
    PushDuplicate,
    PushGarble,
    PushHold,
    PushStall,
    PushVerdict,
)

MAX_WAITING_FRAMES = 10_000
"""The most frames that wait on one line."""

MAX_WAITING_BYTES = 4 * 1024 * 1024
"""The most bytes that wait on one line."""


class Write(msgspec.Struct, frozen=True, kw_only=True):
    """Write this frame. With a rule, its fault is carried out by that: count the bite."""

    frame: bytes
    rule_id: str | None = None


class Drop(msgspec.Struct, frozen=True, kw_only=True):
    """A frame was left out here: nothing to write, count the bite."""

    rule_id: str


class Stall(msgspec.Struct, frozen=True, kw_only=True):
    """Stop reading. The line itself gives nothing to write until `Resume`; count the bite."""

    rule_id: str


class Resume(msgspec.Struct, frozen=True, kw_only=True):
    """Read again."""


class CloseLine(msgspec.Struct, frozen=True, kw_only=True):
    """Close the socket; 1006 cuts it. Nothing comes after it. With a rule, count the bite."""

    code: int
    rule_id: str | None = None


Instruction = Write | Drop | Stall | Resume | CloseLine


class _Waiting(msgspec.Struct, kw_only=True, eq=False):
    """A frame on its way out. `due` never falls from one frame to the next."""

    seq: int
    frame: bytes
    verdict: PushVerdict | None
    due: float
    lossy: bool
    frames_to_pass: int | None = None
    held_until: float | None = None

    def released(self, now: float) -> bool:
        """Whether a frame that was held back may go."""
        passed = self.frames_to_pass is not None and self.frames_to_pass <= 0
        return passed or (self.held_until is not None and self.held_until <= now)


class Line:
    """The outgoing line of one socket.

    Push every frame, then ask `take` at once, and again at `next_deadline`. Carry out what it
    gives in order. After `CloseLine` the line is closed: pushes are passed over.
    """

    def __init__(self) -> None:
        self.closed = False
        self._queue: deque[_Waiting] = deque()
        self._held: list[_Waiting] = []
        self._lossy: _Waiting | None = None
        self._seq = 0
        self._last_due = 0.0
        self._bytes = 0
        self._stalled = False
        self._stalled_until: float | None = None
        self._overflowed_at: float | None = None

    @property
    def waiting(self) -> int:
        """How many frames have come and not gone."""
        return len(self._queue) + len(self._held)

    @property
    def is_clear(self) -> bool:
        """Whether a frame without a fault would go out at once, with nothing before it."""
        return not (self._queue or self._held or self._stalled or self.closed)

    @property
    def stalled(self) -> bool:
        """Whether a stall has begun and not ended."""
        return self._stalled

    def push(
        self,
        frame: bytes,
        verdict: PushVerdict | None,
        *,
        now: float,
        lossy: bool = False,
        not_before: float | None = None,
    ) -> None:
        """Put a frame behind what waits. `not_before` is org time, in seconds.

        A lossy frame replaces a lossy one that still waits without a fault of its own: the
        latest wins, and goes to the end, so that it overtakes nothing.
        """
        if self.closed:
            return
        if lossy and self._lossy is not None:
            self._forget(self._lossy)
        earliest = now if not_before is None else max(now, not_before)
        if isinstance(verdict, PushDelay):
            earliest += verdict.delay_s
        self._last_due = max(self._last_due, earliest)
        self._seq += 1
        item = _Waiting(
            seq=self._seq, frame=frame, verdict=verdict, due=self._last_due, lossy=lossy
        )
        self._bytes += len(frame)
        if isinstance(verdict, PushHold):
            item.frames_to_pass = verdict.frames
            if verdict.delay_s is not None:
                item.held_until = max(item.due, now + verdict.delay_s)
            self._held.append(item)
        else:
            self._queue.append(item)
            if lossy and verdict is None:
                self._lossy = item
        if self.waiting > MAX_WAITING_FRAMES or self._bytes > MAX_WAITING_BYTES:
            self._overflowed_at = now

    def next_deadline(self) -> float | None:
        """When `take` has something to give, as far as is known now. None: not by time alone.

        May lie in the past while something waits to be taken.
        """
        if self.closed:
            return None
        if self._overflowed_at is not None:
            return self._overflowed_at
        if self._stalled:
            return self._stalled_until
        # Behind an earlier frame that waits a held one cannot go, but then `due` of the earlier
        # one comes first anyway.
        deadlines = [item.held_until for item in self._held if item.held_until is not None]
        if self._queue:
            deadlines.append(self._queue[0].due)
        return min(deadlines, default=None)

    def take(self, *, now: float) -> list[Instruction]:
        """What the shell is to do now, in order. Afterwards `next_deadline` lies beyond `now`."""
        given: list[Instruction] = []
        if self._overflowed_at is not None and not self.closed:
            # Through a stalled line no close frame would pass.
            self._end(CloseLine(code=CUT if self._stalled else SLOW_READER), given)
        while not self.closed:
            if self._stalled:
                if self._stalled_until is None or now < self._stalled_until:
                    break
                self._stalled, self._stalled_until = False, None
                given.append(Resume())
            item = self._next(now)
            if item is None:
                break
            self._carry_out(item, given, now)
        deadline = self.next_deadline()
        assert deadline is None or deadline > now, "the line would be asked again at once, for ever"
        return given

    def lift(self, *, now: float) -> None:
        """No fault is in the way of what waits: it is due now, as it is. Ask `take` at once."""
        for item in (*self._held, *self._queue):
            item.verdict = None
            item.due = min(item.due, now)
        self._queue = deque(sorted((*self._held, *self._queue), key=lambda item: item.seq))
        self._held.clear()
        self._last_due = min(self._last_due, now)
        if self._stalled:
            self._stalled_until = now

    def _next(self, now: float) -> _Waiting | None:
        head = self._queue[0] if self._queue else None
        for item in self._held:
            if item.released(now) and (head is None or item.seq < head.seq):
                return item
        return head if head is not None and head.due <= now else None

    def _carry_out(self, item: _Waiting, given: list[Instruction], now: float) -> None:
        """What a frame becomes when its turn has come."""
        verdict = item.verdict
        if isinstance(verdict, PushStall):
            # The frame stays where it is, and goes first when the stall ends.
            item.verdict = None
            self._stalled = True
            self._stalled_until = None if verdict.duration_s is None else now + verdict.duration_s
            given.append(Stall(rule_id=verdict.rule_id))
            return
        if isinstance(verdict, PushClose):
            self._end(CloseLine(code=verdict.code, rule_id=verdict.rule_id), given)
            return
        given += _written(item.frame, verdict)
        self._forget(item)
        if not isinstance(verdict, PushDrop):
            for held in self._held:
                if held.seq < item.seq and held.frames_to_pass is not None:
                    held.frames_to_pass -= 1

    def _forget(self, item: _Waiting) -> None:
        self._bytes -= len(item.frame)
        if item is self._lossy:
            self._lossy = None
        if item in self._held:
            self._held.remove(item)
        else:
            self._queue.remove(item)

    def _end(self, last: CloseLine, given: list[Instruction]) -> None:
        given.append(last)
        self.closed = True
        self._queue.clear()
        self._held.clear()
        self._bytes = 0


def _written(
    frame: bytes,
    verdict: PushDelay | PushDrop | PushDuplicate | PushHold | PushGarble | None,
) -> list[Instruction]:
    match verdict:
        case None:
            return [Write(frame=frame)]
        case PushDrop(rule_id=rule_id):
            return [Drop(rule_id=rule_id)]
        case PushDuplicate(rule_id=rule_id):
            return [Write(frame=frame), Write(frame=frame, rule_id=rule_id)]
        case PushGarble(rule_id=rule_id):
            return [Write(frame=half(frame), rule_id=rule_id)]
        case PushDelay(rule_id=rule_id) | PushHold(rule_id=rule_id):
            return [Write(frame=frame, rule_id=rule_id)]


def half(frame: bytes) -> bytes:
    """The first half of a frame of UTF-8, cut between two letters.

    It is text still, so that the reader's JSON fails and not its WebSocket.
    """
    return frame[: len(frame) // 2].decode("utf-8", "ignore").encode()
