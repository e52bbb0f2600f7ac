"""When to try again: the table, the waits, the budget, the cooldown. Pure; time is passed in.

Attempts count from 1. All times in seconds.
"""

from collections import deque
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Protocol

import msgspec


class Chance(Protocol):
    """What is needed of `random.Random`."""

    def uniform(self, a: float, b: float, /) -> float:
        """A number between `a` and `b`."""
        ...


class Kind(StrEnum):
    """What kind of request it was: what may be repeated depends on it."""

    READ = "read"
    MUTE = "mute"
    """Sets an absolute value under a number and a key of its own: safe to repeat with both."""
    DELETE = "delete"
    CODE = "code"
    """Exchange of an authorization code: a repeat burns what the first one gave."""
    REFRESH = "refresh"
    """With rotation, a repeat may be held for theft: once, at once, with the same token."""
    LOGIN = "login"
    """Client credentials or password."""


class Trouble(StrEnum):
    """What went wrong, as far as it matters."""

    NOT_SENT = "not sent"
    """Name not found, connection refused, no connection in time: nothing has reached anybody."""
    NO_ANSWER = "no answer"
    """Reset, timeout or a torn answer after sending: it may have had its effect."""
    REFUSED = "refused"
    UNAUTHORIZED = "401"
    NOT_FOUND = "404"
    CONFLICT = "409"
    """The device's status does not allow it."""
    STALE = "stale"
    """409 `stale.intent` or 412."""
    TRANSIENT = "transient"
    THROTTLED = "429"
    UNSUPPORTED = "unsupported"
    """501, 505, a bad certificate, any status that nobody foresaw."""


class Action(StrEnum):
    """What to do about it."""

    RETRY = "retry"
    """After a backoff, if the budget allows."""
    REPEAT_ONCE = "repeat once"
    """At once, unchanged, and only one time."""
    RESEND = "resend"
    """Same number, same key, if it is still wanted; after a backoff."""
    COOL_DOWN = "cool down"
    """Everything in this bucket waits as long as the server says."""
    REFRESH = "refresh"
    """Get a new token once and send again."""
    ESTABLISH = "establish"
    """Get a device again and reconcile on that one."""
    WAIT_CONNECTED = "wait for connected"
    WAIT_TERMINATED = "wait for terminated"
    RECONCILE = "reconcile"
    """Drop it, look, and decide anew."""
    DONE = "done"
    """What was wanted is so already."""
    FAIL = "fail"


_R, _M, _D, _C, _F, _L = Kind


def _row(trouble: Trouble, *actions: Action) -> dict[tuple[Trouble, Kind], Action]:
    return {(trouble, kind): action for kind, action in zip(Kind, actions, strict=True)}


_A = Action
TABLE: dict[tuple[Trouble, Kind], Action] = {
    # In the order of `Kind`: read, mute, delete, code, refresh, login.
    **_row(Trouble.NOT_SENT, _A.RETRY, _A.RESEND, _A.RETRY, _A.RETRY, _A.RETRY, _A.RETRY),
    **_row(Trouble.NO_ANSWER, _A.RETRY, _A.RESEND, _A.RETRY, _A.FAIL, _A.REPEAT_ONCE, _A.RETRY),
    **_row(Trouble.REFUSED, _A.FAIL, _A.FAIL, _A.FAIL, _A.FAIL, _A.FAIL, _A.FAIL),
    **_row(Trouble.UNAUTHORIZED, _A.REFRESH, _A.REFRESH, _A.REFRESH, _A.FAIL, _A.FAIL, _A.FAIL),
    **_row(Trouble.NOT_FOUND, _A.ESTABLISH, _A.ESTABLISH, _A.DONE, _A.FAIL, _A.FAIL, _A.FAIL),
    **_row(
        Trouble.CONFLICT,
        _A.WAIT_CONNECTED,
        _A.WAIT_CONNECTED,
        _A.WAIT_TERMINATED,
        _A.FAIL,
        _A.FAIL,
        _A.FAIL,
    ),
    **_row(Trouble.STALE, _A.FAIL, _A.RECONCILE, _A.FAIL, _A.FAIL, _A.FAIL, _A.FAIL),
    **_row(Trouble.TRANSIENT, _A.RETRY, _A.RESEND, _A.RETRY, _A.FAIL, _A.REPEAT_ONCE, _A.RETRY),
    **_row(Trouble.THROTTLED, *(_A.COOL_DOWN for _ in Kind)),
    **_row(Trouble.UNSUPPORTED, *(_A.FAIL for _ in Kind)),
}
"""Every pair has its action; a test walks them all."""

TRANSIENT = frozenset({408, 425, 500, 502, 503, 504})
UNWANTED = frozenset({400, 403, 405, 413, 415, 422, 426})


def classify(status: int, code: str, *, insufficient_scope: bool = False) -> Trouble | None:
    """What a status means; None when nothing is wrong.

    A 401 for a scope that is lacking is a refusal: a new token would lack it too.
    """
    if status < 400:  # noqa: PLR2004 - the border of RFC 9110 §15.
        return None
    if insufficient_scope or status in UNWANTED:
        return Trouble.REFUSED
    if status in TRANSIENT:
        return Trouble.TRANSIENT
    match status:
        case 401:
            return Trouble.UNAUTHORIZED
        case 404 | 410:
            return Trouble.NOT_FOUND
        case 409:
            return Trouble.STALE if code == "stale.intent" else Trouble.CONFLICT
        case 412:
            return Trouble.STALE
        case 429:
            return Trouble.THROTTLED
    return Trouble.UNSUPPORTED


def ceiling(attempt: int, *, base_s: float, cap_s: float) -> float:
    """The longest wait after this attempt: doubles each time, up to the cap."""
    return min(cap_s, base_s * 2.0 ** min(attempt - 1, 60))


def backoff(attempt: int, chance: Chance, *, base_s: float, cap_s: float) -> float:
    """Full jitter, applied after the cap: even the last waits are spread."""
    return chance.uniform(0.0, ceiling(attempt, base_s=base_s, cap_s=cap_s))


def spread_after(
    attempt: int, retry_after_s: float, *, base_s: float, cap_s: float, spread: float
) -> float:
    """Over how long those who were told to come back after `retry_after_s` are spread."""
    return max(ceiling(attempt, base_s=base_s, cap_s=cap_s), spread * retry_after_s)


def read_retry_after(value: str | None, *, date: str | None, now: float) -> float | None:
    """`Retry-After` in seconds from now; None when absent or malformed (RFC 9110 §10.2.3).

    A date counts from the response's own `Date`, so that a wrong local clock does no harm;
    `now` (seconds since the Unix epoch) stands in where there is none. What lies in the past is 0.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    then = _read_date(text)
    if then is None:
        return None
    sent = _read_date(date or "")
    return max(0.0, then - (now if sent is None else sent))


def _read_date(text: str) -> float | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    return (read - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


class RetryBudget:
    """How many retries are still good for the server: a share of the calls, and a little more.

    Without it, retries keep an overloaded server overloaded. Credits die after `life_s`.
    """

    def __init__(self, *, ratio: float, floor_per_s: float, life_s: float) -> None:
        self._ratio = ratio
        self._floor = floor_per_s * life_s
        self._life_s = life_s
        self._calls: deque[float] = deque()
        self._retries: deque[float] = deque()

    def deposit(self, *, now: float) -> None:
        """A first attempt is made."""
        self._calls.append(now)

    def balance(self, *, now: float) -> float:
        """How many retries may be made now."""
        for times in (self._calls, self._retries):
            while times and times[0] <= now - self._life_s:
                times.popleft()
        return self._floor + self._ratio * len(self._calls) - len(self._retries)

    def withdraw(self, *, now: float) -> bool:
        """Take one retry; False when there is none."""
        if self.balance(now=now) < 1.0:
            return False
        self._retries.append(now)
        return True


class Closing(msgspec.Struct, frozen=True):
    """A bucket is closed until `until`; whoever waited comes back within `spread_s` after."""

    until: float
    spread_s: float


class Cooldown:
    """One gate for each (token, bucket): what a server told one request, all others heed.

    Without it every concurrent request has to be refused by itself.
    """

    def __init__(self) -> None:
        self._closings: dict[tuple[str, str], Closing] = {}
        self._refusals: dict[tuple[str, str], int] = {}

    def refused(self, key: tuple[str, str], *, now: float) -> int:
        """Another 429: how many in a row, those counted once that came while the gate was closed.

        Of requests that were under way together the first is told for all.
        """
        if self.until(key) <= now or key not in self._refusals:
            self._refusals[key] = self._refusals.get(key, 0) + 1
        return self._refusals[key]

    def admitted(self, key: tuple[str, str]) -> None:
        """The server took a request: the next refusal is the first of its row."""
        self._refusals.pop(key, None)

    def close(self, key: tuple[str, str], *, until: float, spread_s: float) -> None:
        """Close a gate. One that is closed for longer already stays so."""
        known = self._closings.get(key)
        if known is None or known.until < until:
            self._closings[key] = Closing(until, spread_s)

    def until(self, key: tuple[str, str]) -> float:
        """Until when this gate is closed; 0 when nothing has closed it."""
        closing = self._closings.get(key)
        return 0.0 if closing is None else closing.until

    def wait_s(self, key: tuple[str, str], chance: Chance, *, now: float) -> float:
        """How long this request must wait, its share of the spread included; 0 when open."""
        closing = self._closings.get(key)
        if closing is None:
            return 0.0
        if closing.until <= now:
            del self._closings[key]
            return 0.0
        return closing.until - now + chance.uniform(0.0, closing.spread_s)
