"""Who wants what of one thing: faults may overlap, and end in any order."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Layers(Generic[K, V]):
    """For each key a pile of wishes, of which the latest counts. `apply` gets None for no wish."""

    def __init__(self, apply: Callable[[K, V | None], None]) -> None:
        self._apply = apply
        self._piles: dict[K, dict[int, V]] = {}

    def lay(self, key: K, owner: object, value: V) -> None:
        """`owner` wants this from now on. It wants one thing of a key at a time."""
        pile = self._piles.setdefault(key, {})
        assert id(owner) not in pile, f"{owner} wants something of {key} already"
        pile[id(owner)] = value
        self._apply(key, value)

    def lift(self, key: K, owner: object) -> None:
        """`owner` wants nothing any more; twice is once."""
        pile = self._piles.get(key, {})
        if pile.pop(id(owner), None) is None:
            return
        if pile:
            self._apply(key, next(reversed(pile.values())))
        else:
            del self._piles[key]
            self._apply(key, None)
