"""What the server saw, bounded by bytes, oldest forgotten first.

Entries are kept as the JSON they will be shown as: the bound is then what the memory really
holds, and an entry cannot change after the fact.
"""

from collections import deque
from collections.abc import Callable, Mapping

import msgspec

DEFAULT_MAX_BYTES = 8 * 1024 * 1024

KINDS = frozenset(
    {
        "exchange",
        "input",
        "set",
        "frame-in",
        "frame-out",
        "socket",
        "fault",
        "clock",
        "restart",
        "error",
    }
)


_FOREIGN = frozenset({"frame-in", "frame-out", "socket", "error"})
"""The kinds in which a client's own words may stand."""

Observer = Callable[[str, float, Mapping[str, object]], None]
"""Is given kind, time and facts. It must change nothing, nor raise."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the server saw. `at` is in seconds since the Unix epoch, on the org's clock.

    `facts` are JSON-able. They never hold a secret: tokens are named by their public ids.
    """

    seq: int
    """From 1, rising by one, also past what was dropped."""
    at: float
    kind: str
    facts: dict[str, object]


class Dropped(msgspec.Struct, frozen=True, kw_only=True):
    """What the bound has cost so far."""

    entries: int
    bytes: int


class _Line(msgspec.Struct, frozen=True):
    """An entry on its way to JSON: its facts may be of any shape that becomes an object."""

    seq: int
    at: float
    kind: str
    facts: object


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Entry)


class Journal:
    """The journal of one org."""

    def __init__(self, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self.max_bytes = max_bytes
        self._lines: deque[bytes] = deque()
        self._bytes = 0
        self._seq = 0
        self._written = 0
        """Bytes of all entries, also of what was dropped."""
        self._observers: list[Observer] = []
        self.hide: Callable[[str], str] | None = None
        """Takes the org's secrets out of a text."""
        self.sink: Callable[[bytes], None] | None = None
        """Is given each entry as one line of JSON as it is recorded. It must not raise."""

    def follow(self, observer: Observer) -> None:
        """Tell `observer` each entry at the moment at which it is recorded."""
        self._observers.append(observer)

    @property
    def bytes(self) -> int:
        """How many bytes the kept entries take; never above `max_bytes`."""
        return self._bytes

    @property
    def seq(self) -> int:
        """Of the newest entry; 0 before the first."""
        return self._seq

    @property
    def dropped(self) -> Dropped:
        """What has been forgotten to stay within the bound."""
        entries = self._seq - len(self._lines)
        return Dropped(entries=entries, bytes=self._written - self._bytes)

    def record(self, kind: str, /, *, at: float, **facts: object) -> int:
        """Write an entry down; returns its `seq`. `kind` is one of `KINDS`."""
        return self.write(kind, facts, at=at, foreign=kind in _FOREIGN)

    def write(self, kind: str, facts: object, *, at: float, foreign: bool = False) -> int:
        """As `record`, for facts that are one value already: a dict, or a struct.

        `foreign`: words of a client are among them, and people put tokens everywhere.
        """
        assert kind in KINDS, f"the journal knows no kind {kind!r}"
        seq, lines = self._seq + 1, self._lines
        line = _encode(_Line(seq, at, kind, facts))
        if foreign and self.hide is not None:
            line = self.hide(line.decode()).encode()
        self._seq = seq
        if self.sink is not None:
            self.sink(line)
        lines.append(line)
        size = len(line)
        self._written += size
        size += self._bytes
        while size > self.max_bytes:
            size -= len(lines.popleft())
        self._bytes = size
        if self._observers:
            told = facts if isinstance(facts, dict) else msgspec.to_builtins(facts)
            for observer in self._observers:
                observer(kind, at, told)
        return seq

    def entries(
        self,
        *,
        kind: str | None = None,
        operation: str | None = None,
        client_id: str | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> tuple[Entry, ...]:
        """The kept entries, oldest first, that match everything given.

        `operation` compares with the fact of that name, `client_id` with `client_id` and with
        `device_id`, which is what the domain calls a WebRTC client. `after` is a `seq`; `limit`
        keeps the first ones, so that `after` the last of them reads on.
        """
        found: list[Entry] = []
        likely = b"" if kind is None else b'"kind":%b' % _encode(kind)
        for line in self._lines:
            if limit is not None and len(found) >= limit:
                break
            if likely not in line:  # To decode it takes ten times as long.
                continue
            entry = _decoder.decode(line)
            if (
                entry.seq > after
                and (kind is None or entry.kind == kind)
                and (operation is None or entry.facts.get("operation") == operation)
                and (client_id is None or client_id in _clients(entry.facts))
            ):
                found.append(entry)
        return tuple(found)


def _clients(facts: dict[str, object]) -> tuple[object, object]:
    return facts.get("client_id"), facts.get("device_id")
