"""What outlives the process beside the log of inputs: small rows that change where they stand.

Fault rules, stubs, remembered answers and rate windows change with requests that are no inputs
of the org. Each keeps count of what has changed, and is asked before anything is acknowledged.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, Protocol, TypeVar

K = TypeVar("K", bound=Hashable)


class Durable(Protocol):
    """A store whose rows are kept. Keys are unique; rows come back in the order they came in."""

    @property
    def changed(self) -> bool:
        """Whether `take_changes` would have anything to say."""

    def track(self) -> None:
        """From now on note what changes; all that is there counts as changed."""

    def take_changes(self) -> dict[str, bytes | None]:
        """The rows that have changed, None for those that are gone. Asking empties it."""

    def restore(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Hold these rows, and no others."""


class Changes(Generic[K]):
    """The keys that have changed, once anybody wants to know: else they would gather for ever."""

    def __init__(self) -> None:
        self.counting = False
        self._keys: dict[K, None] = {}

    @property
    def any(self) -> bool:
        """Whether a key has changed."""
        return bool(self._keys)

    def begin(self, keys: Iterable[K]) -> None:
        """From now on keep count, beginning with these."""
        self.counting = True
        self._keys = dict.fromkeys(keys)

    def mark(self, *keys: K) -> None:
        """These have changed."""
        if self.counting:
            self._keys.update(dict.fromkeys(keys))

    def take(
        self, name: Callable[[K], str], row: Callable[[K], bytes | None]
    ) -> dict[str, bytes | None]:
        """Each key by its name, with its row as it is now; the order is that of the changes."""
        keys, self._keys = self._keys, {}
        return {name(key): row(key) for key in keys}
