"""Why a request was refused, by its contextId: `GET /_offhook/v1/why/{contextId}`."""

from collections.abc import Mapping
from typing import Any

CAPACITY = 2000
"""How many explanations are kept; the oldest go first."""


class Whys:
    """The explanations of the last refusals, as JSON-able values without secrets."""

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._explanations: dict[str, Mapping[str, Any]] = {}

    def __len__(self) -> int:
        return len(self._explanations)

    def put(self, context_id: str, explanation: Mapping[str, Any]) -> None:
        """Keep an explanation. One of the same id is replaced: after a reset ids begin anew."""
        self._explanations.pop(context_id, None)
        if len(self._explanations) >= self._capacity:
            del self._explanations[next(iter(self._explanations))]
        self._explanations[context_id] = explanation

    def get(self, context_id: str) -> Mapping[str, Any] | None:
        """The explanation, None for a request that was not refused, or was so long ago."""
        return self._explanations.get(context_id)
