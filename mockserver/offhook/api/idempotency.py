"""What was answered to an `Idempotency-Key`, so that a repeat has no second effect.

Only effects are kept. What was refused has had none, and the same key may try again: a client
that was told to wait for `connected` (409) repeats its request under its key.
"""

import hashlib
from collections.abc import Iterable

import msgspec

from offhook.api.exchange import Response
from offhook.domain.durable import Changes
from offhook.domain.errors import DomainError


class Key(msgspec.Struct, frozen=True):
    """Whose key it is, and for what. Another token, operation or path is another key."""

    token_id: str
    operation: str
    path: str
    value: str


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The first answer to a key."""

    digest: bytes
    expires_at: float
    answer: Response


class IdempotencyStore:
    """The answers by key, each for a window of org time; the oldest go first when it is full."""

    def __init__(self, *, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._kept: dict[Key, Kept] = {}
        self._changes = Changes[Key]()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Key, body: bytes, *, now: float) -> Response | None:
        """The first answer to this key, None when it is new or forgotten.

        Raises `DomainError` (400) when the key came with another body before.
        """
        kept = self._kept.get(key)
        if kept is None:
            return None
        if now >= kept.expires_at:
            self._forget(key)
            return None
        if kept.digest != hashlib.sha256(body).digest():
            raise DomainError(
                "invalid.value",
                f"The Idempotency-Key {key.value!r} came with another body before; "
                "a new request needs a new key.",
                facts={"field": "Idempotency-Key"},
            )
        return kept.answer

    def keep(self, key: Key, body: bytes, answer: Response, *, now: float, window_s: float) -> None:
        """Remember an answer for `window_s` seconds."""
        self._kept.pop(key, None)
        while len(self._kept) >= self._capacity:
            self._forget(next(iter(self._kept)))
        self._kept[key] = Kept(
            digest=hashlib.sha256(body).digest(), expires_at=now + window_s, answer=answer
        )
        self._changes.mark(key)

    def _forget(self, key: Key) -> None:
        del self._kept[key]
        self._changes.mark(key)

    # What outlives the process (`domain.durable`).

    @property
    def changed(self) -> bool:
        """Whether an answer was kept or forgotten."""
        return self._changes.any

    def track(self) -> None:
        """From now on note what changes."""
        self._changes.begin(self._kept)

    def take_changes(self) -> dict[str, bytes | None]:
        """The answers that have changed, by their keys. Asking empties it."""
        return self._changes.take(_name, self._row)

    def _row(self, key: Key) -> bytes | None:
        kept = self._kept.get(key)
        return None if kept is None else msgspec.json.encode(kept)

    def restore(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Hold these answers, the oldest first."""
        self._kept = {
            msgspec.json.decode(name, type=Key): msgspec.json.decode(row, type=Kept)
            for name, row in rows
        }


def _name(key: Key) -> str:
    return msgspec.json.encode(key).decode()
