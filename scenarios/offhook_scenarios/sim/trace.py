"""What went over the simulated network, in order: a digest to compare, records to look at."""

import hashlib
import struct
import zlib
from collections.abc import Sequence
from enum import IntEnum
from itertools import zip_longest

import msgspec

EXCERPT_BYTES = 60
"""How much of a segment a kept record shows."""


_packed = struct.Struct("<dBIBII").pack


class Kind(IntEnum):
    """What happened."""

    DIAL = 1
    ACCEPT = 2
    REFUSED = 3
    DATA = 4
    """Bytes were handed to the receiver."""
    FIN = 5
    RESET = 6
    LOST = 7
    """Bytes were sent and will never arrive."""


class Way(IntEnum):
    """The two directions of a connection."""

    UP = 0
    """From whoever dialled."""
    DOWN = 1
    """To whoever dialled."""


class Record(msgspec.Struct, frozen=True):
    """One thing that happened at `at`, in seconds of the loop's clock."""

    at: float
    kind: Kind
    connection: int
    """Connections are numbered from 1 as they are dialled."""
    way: Way
    size: int
    crc: int
    excerpt: bytes
    """Not part of the digest."""

    def __str__(self) -> str:
        arrow = "→" if self.way is Way.UP else "←"
        what = f"{self.at:.6f} s  {self.kind.name}  connection {self.connection} {arrow}"
        return f"{what}  {self.size} bytes  {self.excerpt!r}" if self.size else what


class Divergence(msgspec.Struct, frozen=True, kw_only=True):
    """The first place at which two traces differ; None where one of them has ended."""

    index: int
    one: Record | None
    other: Record | None

    def __str__(self) -> str:
        lines = [f"The traces differ from record {self.index} on:"]
        for name, record in (("one", self.one), ("other", self.other)):
            lines.append(f"  {name}: {record if record is not None else 'has ended'}")
        return "\n".join(lines)


class Trace:
    """Grows while a simulation runs. `keep` also keeps the records, for a price in memory."""

    def __init__(self, *, keep: bool = False) -> None:
        self.records: list[Record] | None = [] if keep else None
        self.length = 0
        self._hash = hashlib.blake2b(digest_size=16)

    @property
    def kept(self) -> Sequence[Record]:
        """The records. Only of a trace that keeps them."""
        assert self.records is not None, "it keeps no records"
        return self.records

    @property
    def digest(self) -> str:
        """Of everything up to now. Two runs are the same if, and only if, these are."""
        return self._hash.hexdigest()

    def note(
        self, at: float, kind: Kind, connection: int, way: Way, data: bytes | bytearray = b""
    ) -> None:
        """Write down what happens now."""
        crc = zlib.crc32(data)
        self.length += 1
        self._hash.update(_packed(at, kind, connection, way, len(data), crc))
        if self.records is not None:
            excerpt = bytes(data[:EXCERPT_BYTES])
            self.records.append(Record(at, kind, connection, way, len(data), crc, excerpt))


def first_divergence(one: Sequence[Record], other: Sequence[Record]) -> Divergence | None:
    """Where two kept traces part; None if they are the same."""
    for index, (left, right) in enumerate(zip_longest(one, other)):
        if left != right:
            return Divergence(index=index, one=left, other=right)
    return None
