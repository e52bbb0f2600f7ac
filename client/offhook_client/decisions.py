"""The decision log: every wait says why.

Values, bounded, and a callback for whoever wants metrics. No secrets: a decision names
operations, statuses and seconds, never a token.
"""

from collections import deque
from collections.abc import Callable

import msgspec


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Why the client waited, resent, resynchronised or gave up.

    `at` is the running loop's time in seconds; `wait_s` is 0 where nothing was waited for.
    """

    at: float
    subject: str
    """The operation, e.g. `postWebrtcClientMute`, or `events` for the socket, `tokens`."""
    action: str
    """What was decided, e.g. `retry`, `refresh`, `resync`, `reconnect`, `give-up`."""
    reason: str
    """What it was decided on, e.g. `429`, `connection lost`, `close 4401`."""
    wait_s: float = 0.0
    attempt: int = 1
    retry_after_s: float | None = None
    budget: float | None = None
    """Retries left in the budget after this decision; None where none was asked for."""
    deadline_s: float | None = None
    """What the caller had left; None without a deadline."""


class DecisionLog:
    """The newest `limit` decisions. `notify` hears of each as it is made."""

    def __init__(
        self, *, limit: int = 1000, notify: Callable[[Decision], None] | None = None
    ) -> None:
        self._entries: deque[Decision] = deque(maxlen=limit)
        self._notify = notify

    def record(self, decision: Decision) -> None:
        """Keep a decision and tell the observer."""
        self._entries.append(decision)
        if self._notify is not None:
            self._notify(decision)

    def entries(self, subject: str | None = None) -> tuple[Decision, ...]:
        """What is kept, oldest first; of one subject if one is named."""
        return tuple(one for one in self._entries if subject in {None, one.subject})
