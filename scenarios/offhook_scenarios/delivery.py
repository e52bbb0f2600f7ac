"""What a desk asked and was told, read from the bytes of its connections.

An obligation begins when the information was *completely delivered* to whoever it binds: a 429
that was cut in half binds nobody, and one that is still on its way binds nobody yet. So this
reads the bytes as they were handed to the desk's transport, and stamps each message with the
moment of its last byte. It knows HTTP/1.1 and, after a 101, WebSocket frames without compression.
"""

import re
from collections import deque
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import msgspec

from offhook_scenarios.adapters.adapter import Version
from offhook_scenarios.history import Answer, Ask, Heard, Stream
from offhook_scenarios.sim.trace import Way

_HEAD_END = b"\r\n\r\n"
_FIELDS = re.compile(
    rb"\r\n(content-length|transfer-encoding|authorization|sec-websocket-protocol"
    rb"|offhook-intent|idempotency-key|if-match|retry-after|date|etag|inin-correlation-id)"
    rb":[ \t]*([^\r\n]*)",
    re.IGNORECASE,
)
_VERSION = re.compile(rb'(?:W/)?"?(\d{1,18})\.(\d{1,18})"?\Z')
_LENGTH = re.compile(rb"\d{1,18}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?", re.DOTALL)
_CONTINUE, _SWITCHING = 100, 101
_WITHOUT_BODY = frozenset({204, 304})
_TEXT, _CLOSE, _CONTINUATION = 0x1, 0x8, 0x0


class _Frame(msgspec.Struct, rename="camel"):
    """What of a frame binds anybody. The platform's frames have a topic instead of a type."""

    type: str = ""
    topic_name: str = ""
    client_id: str | None = None
    epoch: int | None = None
    rev: int | None = None
    muted: bool | None = None
    recovered: bool = False


class _View(msgspec.Struct):
    """What of an answer's body tells of a device."""

    id: str | None = None
    muted: bool | None = None
    epoch: int | None = None
    rev: int | None = None


_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises for what is no JSON, or no such JSON."""
_read_frame = msgspec.json.Decoder(_Frame).decode
_read_view = msgspec.json.Decoder(_View).decode


class _Line(msgspec.Struct, kw_only=True):
    """One connection, as far as it has been read."""

    number: int
    fresh_since: float | None = None
    """When it was dialled, until it has carried a request."""
    up: bytes = b""
    """Of the request that is being written."""
    down: bytes = b""
    """Of the answer or frame that is being read."""
    waiting: deque[Ask] = msgspec.field(default_factory=deque)
    """Requests without an answer yet, oldest first."""
    stream: "_Open | None" = None
    text: bytes = b""
    """Of a frame in fragments."""
    left: bool = False
    """Whether the desk has sent its close frame."""
    ended: bool = False


class _Open(msgspec.Struct, kw_only=True):
    at: float
    ended_at: float | None = None
    closed_at: float | None = None
    code: int | None = None


class Delivery:
    """The ears and the mouth of one desk. Connections are told apart by their numbers.

    `now` is the clock of the history. Bytes that are neither HTTP nor WebSocket are passed over.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lines: dict[int, _Line] = {}
        self._names: dict[bytes, str] = {}
        self.dials: list[float] = []
        self.asks: list[Ask] = []
        self.answers: list[Answer] = []
        self.heard: list[Heard] = []

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The event sockets, in the order in which they were opened."""
        streams = [
            Stream(connection=line.number, **msgspec.structs.asdict(line.stream))
            for line in self._lines.values()
            if line.stream is not None
        ]
        return tuple(sorted(streams, key=lambda stream: stream.at))

    # What befalls a connection, as it happens.

    def dialled(self, connection: int) -> None:
        """The desk tries to connect."""
        self.dials.append(self._now())
        self._lines[connection] = _Line(number=connection, fresh_since=self.dials[-1])

    def wrote(self, connection: int, data: bytes) -> None:
        """The desk has sent these bytes."""
        line = self._lines[connection]
        if line.stream is None:
            line.up += data
            self._read_asks(line)
        elif data and data[0] & 0x0F == _CLOSE:
            # Libraries write a control frame by itself.
            line.left = True

    def delivered(self, connection: int, data: bytes) -> None:
        """The desk has been handed these bytes."""
        line = self._lines[connection]
        line.down += data
        if line.stream is None:
            self._read_answers(line)
        if line.stream is not None:
            self._read_frames(line, line.stream)

    def ended(self, connection: int) -> None:
        """The desk has let go of the connection, or found that it is gone."""
        line = self._lines[connection]
        if line.ended:
            return
        line.ended = True
        if line.stream is not None:
            line.stream.ended_at = self._now()
        else:
            self._read_answers(line)
        line.up = line.down = b""

    # HTTP (RFC 9112).

    def _read_asks(self, line: _Line) -> None:
        while (size := line.up.find(_HEAD_END)) >= 0:
            head, start = line.up[:size], size + len(_HEAD_END)
            fields = _fields(head)
            end = _end_of_body(line.up, start, fields)
            if end is None or end > len(line.up):
                return
            body, line.up = line.up[start:end], line.up[end:]
            method, _, rest = head.partition(b" ")
            ask = Ask(
                at=self._now(),
                connection=line.number,
                method=_text(method),
                path=_text(rest.partition(b" ")[0].partition(b"?")[0]),
                whose=self._whose(fields),
                intent=_said(fields, b"offhook-intent"),
                key=_said(fields, b"idempotency-key"),
                if_match=_version(fields.get(b"if-match")),
                muted=_view(body).muted,
                dialled_at=line.fresh_since,
            )
            line.fresh_since = None
            line.waiting.append(ask)
            self.asks.append(ask)

    def _whose(self, fields: dict[bytes, bytes]) -> str:
        secret = fields.get(b"authorization")
        if secret is None:
            offered = fields.get(b"sec-websocket-protocol", b"")
            _, bearer, secret = offered.partition(b"bearer.")
            if not bearer:
                return ""
            secret = b"Bearer " + secret.partition(b",")[0].strip()
        return self._names.setdefault(secret, f"credentials {len(self._names) + 1}")

    def _read_answers(self, line: _Line) -> None:
        while line.stream is None and (size := line.down.find(_HEAD_END)) >= 0:
            head, start = line.down[:size], size + len(_HEAD_END)
            status = _status(head)
            if status == _CONTINUE:
                line.down = line.down[start:]
                continue
            ask = line.waiting[0] if line.waiting else None
            fields = _fields(head)
            if status == _SWITCHING or status in _WITHOUT_BODY or (ask and ask.method == "HEAD"):
                end: int | None = start
            else:
                end = _end_of_body(line.down, start, fields, until_closed=True)
            if end is None and line.ended:
                end = len(line.down)
            if end is None or end > len(line.down):
                return
            body, line.down = line.down[start:end], line.down[end:]
            if ask is not None:
                line.waiting.popleft()
            self._note_answer(line, ask, status, fields, body)

    def _note_answer(
        self,
        line: _Line,
        ask: Ask | None,
        status: int,
        fields: dict[bytes, bytes],
        body: bytes,
    ) -> None:
        view = _view(body)
        version = _version(fields.get(b"etag"))
        if version is None and view.epoch is not None and view.rev is not None:
            version = view.epoch, view.rev
        self.answers.append(
            Answer(
                at=self._now(),
                connection=line.number,
                status=status,
                whose="" if ask is None else ask.whose,
                path="" if ask is None else ask.path,
                correlation_id=_said(fields, b"inin-correlation-id"),
                retry_after_s=_retry_after_s(fields),
                version=version,
                device_id=view.id,
                muted=view.muted,
            )
        )
        if status == _SWITCHING:
            line.stream = _Open(at=self._now())

    # WebSocket (RFC 6455 §5.2). A server's frames are not masked.

    def _read_frames(self, line: _Line, stream: _Open) -> None:
        data, start = line.down, 0
        while start < len(data) and (found := _frame(data, start)) is not None:
            begin, end = found
            opcode, last, payload = data[start] & 0x0F, data[start] & 0x80, data[begin:end]
            start = end
            if opcode == _CLOSE and stream.closed_at is None:
                stream.closed_at = self._now()
                stream.code = int.from_bytes(payload[:2], "big") if payload else None
            elif opcode in {_TEXT, _CONTINUATION}:
                line.text += payload
                if last:
                    self._note_frame(line)
        line.down = data[start:]

    def _note_frame(self, line: _Line) -> None:
        text, line.text = line.text, b""
        try:
            frame = _read_frame(text)
        except _UNREADABLE:
            frame = _Frame()
        known = frame.epoch is not None and frame.rev is not None
        self.heard.append(
            Heard(
                at=self._now(),
                connection=line.number,
                type=frame.type or frame.topic_name,
                device_id=frame.client_id,
                version=(frame.epoch or 0, frame.rev or 0) if known else None,
                muted=frame.muted,
                recovered=frame.recovered,
                leaving=line.left,
            )
        )


class Ears:
    """A watcher of the simulated network that hands each host's connections to its `Delivery`."""

    def __init__(self, deliveries: dict[str, Delivery]) -> None:
        self._deliveries = deliveries
        self._of: dict[int, Delivery] = {}

    def dialled(self, connection: int, host: str) -> None:
        """`host` tries to connect."""
        delivery = self._deliveries.get(host)
        if delivery is not None:
            self._of[connection] = delivery
            delivery.dialled(connection)

    def wrote(self, connection: int, way: Way, data: bytes) -> None:
        """Bytes were sent."""
        if way is Way.UP and connection in self._of:
            self._of[connection].wrote(connection, data)

    def delivered(self, connection: int, way: Way, data: bytes) -> None:
        """Bytes were handed over."""
        if way is Way.DOWN and connection in self._of:
            self._of[connection].delivered(connection, data)

    def ended(self, connection: int, way: Way) -> None:
        """An end has let go."""
        if way is Way.DOWN and connection in self._of:
            self._of[connection].ended(connection)


def _fields(head: bytes) -> dict[bytes, bytes]:
    return {name.lower(): value.strip() for name, value in _FIELDS.findall(head)}


def _end_of_body(
    data: bytes, start: int, fields: dict[bytes, bytes], *, until_closed: bool = False
) -> int | None:
    """Where the body ends that begins at `start`; None: where the connection does."""
    if fields.get(b"transfer-encoding", b"").lower().endswith(b"chunked"):
        return _end_of_chunks(data, start)
    length = fields.get(b"content-length", b"")
    if _LENGTH.fullmatch(length):
        return start + int(length)
    return None if until_closed else start


def _end_of_chunks(data: bytes, start: int) -> int:
    """Beyond all data as long as the last chunk is not there, or when these are no chunks."""
    beyond = len(data) + 1
    while (at := data.find(b"\r\n", start)) >= 0:
        size = _CHUNK.fullmatch(data[start:at])
        if size is None:
            break
        if not int(size[1], 16):
            end = data.find(_HEAD_END, at)
            return beyond if end < 0 else end + len(_HEAD_END)
        start = at + 2 + int(size[1], 16) + 2
    return beyond


def _frame(data: bytes, start: int) -> tuple[int, int] | None:
    """Where the payload of the frame at `start` begins and ends; None while it is not all there."""
    if len(data) < start + 2:
        return None
    size, begin = data[start + 1] & 0x7F, start + 2
    for mark, wide in ((126, 2), (127, 8)):
        if size == mark:
            begin = start + 2 + wide
            if len(data) < begin:
                return None
            size = int.from_bytes(data[start + 2 : begin], "big")
            break
    end = begin + size
    return None if len(data) < end else (begin, end)


def _status(head: bytes) -> int:
    word = head[9:12]
    return int(word) if word.isdigit() else 0


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def _said(fields: dict[bytes, bytes], name: bytes) -> str | None:
    value = fields.get(name)
    return None if value is None else _text(value)


def _version(tag: bytes | None) -> Version | None:
    match = None if tag is None else _VERSION.match(tag)
    return None if match is None else (int(match[1]), int(match[2]))


def _view(body: bytes) -> _View:
    if b'"muted"' not in body:
        return _View()
    try:
        return _read_view(body)
    except _UNREADABLE:
        return _View()


def _retry_after_s(fields: dict[bytes, bytes]) -> float | None:
    """Seconds, or a date that counts from the answer's own (RFC 9110 §10.2.3)."""
    asked = fields.get(b"retry-after")
    if asked is None:
        return None
    if asked.isdigit():
        return float(asked)
    try:
        until = parsedate_to_datetime(_text(asked))
        sent = parsedate_to_datetime(_text(fields.get(b"date", b"")))
        return max(0.0, (until - sent).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
