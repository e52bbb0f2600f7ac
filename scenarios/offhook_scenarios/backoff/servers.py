"""Limited servers, as far as a herd can tell them apart. Pure; arrivals come in order of time."""

import math
from collections.abc import Mapping
from typing import Protocol

import msgspec

from offhook_scenarios.backoff.policy import TOO_MANY, UNAVAILABLE


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """An answer that is no success."""

    status: int
    headers: Mapping[str, str]
    retry_after_s: float | None
    """What the header says."""


class Server(Protocol):
    """Whoever answers a herd."""

    @property
    def capacity_per_s(self) -> float:
        """How many it serves in the long run."""

    @property
    def idle_s(self) -> float:
        """For how long at the beginning it serves nobody."""

    def answer(self, now: float) -> Refusal | None:
        """What it says to a request that arrives at `now`; None when it serves it."""


class TokenBucket:
    """`capacity_per_s` in the long run, `burst` at once; says a constant `Retry-After`.

    Kept as the time when the bucket would be full again (generic cell rate algorithm): no
    rounding grows with the number of requests.
    """

    idle_s = 0.0

    def __init__(
        self, capacity_per_s: float, *, burst: float | None = None, retry_after_s: float | None = 1
    ) -> None:
        self.capacity_per_s = capacity_per_s
        self.interval_s = 1.0 / capacity_per_s
        self.slack_s = ((capacity_per_s if burst is None else burst) - 1.0) * self.interval_s
        self.full_at = 0.0
        self.refusal = refusal(TOO_MANY, retry_after_s)

    def take(self, now: float) -> bool:
        """Take a token; False when there is none."""
        full_at = self.full_at
        if full_at - self.slack_s > now:
            return False
        self.full_at = max(full_at, now) + self.interval_s
        return True

    def answer(self, now: float) -> Refusal | None:
        """A token, or the constant refusal. As `take`, but without a call: herds ask often."""
        full_at = self.full_at
        if full_at - self.slack_s > now:
            return self.refusal
        self.full_at = max(full_at, now) + self.interval_s
        return None


class FixedWindow:
    """`quota` requests in each window of `window_s`; says how long the window still lasts."""

    idle_s = 0.0

    def __init__(self, quota: int, *, window_s: float, whole_seconds: bool = True) -> None:
        self.capacity_per_s = quota / window_s
        self.quota = quota
        self.window_s = window_s
        self.whole_seconds = whole_seconds
        self.window = 0
        self.used = 0

    def answer(self, now: float) -> Refusal | None:
        """A place in this window, or the time until the next."""
        window = math.floor(now / self.window_s)
        if window != self.window:
            self.window, self.used = window, 0
        if self.used < self.quota:
            self.used += 1
            return None
        left = (window + 1) * self.window_s - now
        return refusal(TOO_MANY, math.ceil(left) if self.whole_seconds else left)


class BacklogAware(TokenBucket):
    """A token bucket that tells each whom it refuses a time of his own, as a queue would."""

    def __init__(self, capacity_per_s: float, *, whole_seconds: bool = True) -> None:
        super().__init__(capacity_per_s)
        self.whole_seconds = whole_seconds
        self.promised_until = 0.0

    def answer(self, now: float) -> Refusal | None:
        """A token, or when the queue of those who were refused before will have been served."""
        if self.take(now):
            return None
        self.promised_until = max(self.promised_until, now) + self.interval_s
        left = self.promised_until - now
        return refusal(TOO_MANY, math.ceil(left) if self.whole_seconds else left)


class Outage:
    """503 without a word for `idle_s`, and then another server."""

    def __init__(self, after: Server, *, length_s: float) -> None:
        self.after = after
        self.capacity_per_s = after.capacity_per_s
        self.idle_s = length_s
        self.refusal = refusal(UNAVAILABLE, None)

    def answer(self, now: float) -> Refusal | None:
        """Unavailable until it is over."""
        return self.refusal if now < self.idle_s else self.after.answer(now)


def refusal(status: int, retry_after_s: float | None) -> Refusal:
    """A refusal with its header."""
    if retry_after_s is None:
        return Refusal(status, {}, None)
    return Refusal(status, {"Retry-After": f"{retry_after_s:.17g}"}, retry_after_s)
