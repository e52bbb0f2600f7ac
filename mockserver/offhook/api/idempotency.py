"""What was answered to an `Idempotency-Key`, so that a repeat has no second effect.

Only definitive outcomes are kept: successes, and refusals that the domain decided (403, 409,
412). Whatever was refused earlier has had no effect and may be tried again with the same key.
"""

import hashlib

import msgspec

from offhook.api.exchange import Response
from offhook.domain.errors import DomainError

DEFINITIVE = frozenset({403, 409, 412})
"""The refusals that are kept."""


class Key(msgspec.Struct, frozen=True):
    """Whose key it is, and for what. Another token, operation or path is another key."""

    token_id: str
    operation: str
    path: str
    value: str


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The first outcome of a key. A refusal is kept as such: each repeat has its own contextId."""

    digest: bytes
    expires_at: float
    outcome: Response | DomainError


class IdempotencyStore:
    """The outcomes by key, each for a window of org time; the oldest go first when it is full."""

    def __init__(self, *, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._kept: dict[Key, Kept] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Key, body: bytes, *, now: float) -> Response | DomainError | None:
        """The first outcome of this key, None when it is new or forgotten.

        Raises `DomainError` (400) when the key came with another body before.
        """
        kept = self._kept.get(key)
        if kept is None:
            return None
        if now >= kept.expires_at:
            del self._kept[key]
            return None
        if kept.digest != hashlib.sha256(body).digest():
            raise DomainError(
                "invalid.value",
                f"The Idempotency-Key {key.value!r} came with another body before; "
                "a new request needs a new key.",
                facts={"field": "Idempotency-Key"},
            )
        return kept.outcome

    def keep(
        self, key: Key, body: bytes, outcome: Response | DomainError, *, now: float, window_s: float
    ) -> None:
        """Remember an outcome for `window_s` seconds."""
        self._kept.pop(key, None)
        while len(self._kept) >= self._capacity:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = Kept(
            digest=hashlib.sha256(body).digest(), expires_at=now + window_s, outcome=outcome
        )
