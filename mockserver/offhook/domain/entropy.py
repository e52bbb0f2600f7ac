"""Ids, secrets and chance, all from one seed.

The pure core has no `random`, `uuid` or `secrets`: a run is replayed by giving the same seed.
Each kind of value is a stream of its own, so that drawing one more of a kind does not
change what the others draw.
"""

import base64
import hashlib
from collections.abc import Mapping

_BLOCK = hashlib.sha256().block_size
_INNER = bytes(each ^ 0x36 for each in range(256))
_OUTER = bytes(each ^ 0x5C for each in range(256))


class Entropy:
    """Named sub-streams of one seed. Two objects with one seed draw the same values."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._drawn: dict[str, int] = {}
        self._key()

    def _key(self) -> None:
        # HMAC-SHA256 (RFC 2104) with its two keyed halves made once: a fourth of `hmac.digest`,
        # which a request waits for.
        key = f"offhook:{self.seed}".encode()
        key = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(key.translate(_INNER))
        self._outer = hashlib.sha256(key.translate(_OUTER))

    def __getstate__(self) -> tuple[int, dict[str, int]]:
        """What is frozen of it: the keyed halves cannot be, and are made anew."""
        return self.seed, self._drawn

    def __setstate__(self, state: tuple[int, dict[str, int]]) -> None:
        self.seed, self._drawn = state
        self._key()

    @property
    def drawn(self) -> dict[str, int]:
        """How often each stream has been drawn from."""
        return self._drawn

    def go_on_from(self, drawn: Mapping[str, int]) -> None:
        """Draw nothing again that was drawn when the counters stood so."""
        for stream, count in drawn.items():
            self._drawn[stream] = max(count, self._drawn.get(stream, 0))

    def go_on_after(self, other: "Entropy") -> None:
        """Draw nothing again that `other`, of the same seed, has drawn."""
        assert other.seed == self.seed, "streams of different seeds have nothing in common"
        self.go_on_from(other.drawn)

    def _draw(self, stream: str) -> bytes:
        count = self._drawn.get(stream, 0)
        self._drawn[stream] = count + 1
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{stream}:{count}".encode())
        outer.update(inner.digest())
        return outer.digest()

    def id(self, kind: str) -> str:
        """A public id in the shape of a UUID, as the platform's are."""
        digits = self._draw(f"id:{kind}").hex()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"

    def secret(self, kind: str) -> str:
        """43 characters of base64url: 256 bits for whoever does not know the seed."""
        return base64.urlsafe_b64encode(self._draw(f"secret:{kind}")).rstrip(b"=").decode("ascii")

    def number(self, kind: str) -> int:
        """The next number of a kind, from 1."""
        stream = f"number:{kind}"
        self._drawn[stream] = count = self._drawn.get(stream, 0) + 1
        return count

    def uniform(self, stream: str, low: float, high: float) -> float:
        """A number in `[low, high)`."""
        fraction = int.from_bytes(self._draw(f"uniform:{stream}")[:7], "big") / (1 << 56)
        return low + (high - low) * fraction
