"""How many requests are too many: one limiter of layered fixed windows.

A request passes four layers: its token, its user with its OAuth client, its user over all OAuth
clients, its operation. It is admitted when each of them has room, and only then counted, in all
of them. A window begins with the first request it admits and lasts `rate_window_s` (platform
documentation, "Rate limits"; wire contract §4.4: a fixed window of 60 s, 300 requests a token).
A token of client credentials has no user: its OAuth client is all that it is counted by.
"""

import math
from collections.abc import Iterable

import msgspec

from offhook.domain.durable import Changes
from offhook.policies import Policies, RetryAfter

_SWEEP_FROM = 1024
"""Below so many windows nobody looks for idle ones."""
_ASKED_MAX = 4096
"""How many kinds of request are remembered with the layers they pass."""


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a request may pass, and how its tightest layer stands.

    The tightest layer of an admitted request is the one with the least room left; of a
    refused one, the one it must wait longest for.
    """

    allowed: bool
    retry_after_s: int
    """Whole seconds to wait; 0 when allowed."""
    used: int
    """Requests admitted in the window, this one included."""
    budget: int
    reset_s: int
    """Whole seconds to the window's end, rounded up."""
    layer: str
    """`token`, `user-and-client`, `user` or `operation`."""


class Window:
    """One key's window. `waiting` estimates how many refused requests will come again."""

    __slots__ = ("ends_at", "key", "layer", "used", "waiting")

    def __init__(self, key: tuple[str, ...]) -> None:
        self.key = key
        self.layer = key[0]
        self.ends_at = -math.inf
        self.used = 0
        self.waiting = 0

    def roll(self, *, now: float, budget: int, window_s: float) -> None:
        """Begin anew when the window is over; each window that passed served `budget` waiting."""
        if now < self.ends_at:
            return
        if self.waiting:
            passed = 1 + math.floor((now - self.ends_at) / window_s)
            self.waiting = max(0, self.waiting - passed * budget)
        self.used = 0
        self.ends_at = now + window_s


_Layer = tuple[Window, int]
"""A window, and how many requests it lets pass."""


class Limiter:
    """All windows of an org. Memory is bounded by the keys of the last window."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, ...], Window] = {}
        self._asked: dict[tuple[str, str | None, str, str], tuple[_Layer, ...]] = {}
        """The layers that a request passes, for those that came since the last sweep."""
        self._policies: Policies | None = None
        """Those whose budgets these are."""
        self._sweep_at = _SWEEP_FROM
        self._changes = Changes[Window]()

    def __len__(self) -> int:
        return len(self._windows)

    def admit(
        self,
        *,
        token_id: str,
        user_id: str | None,
        client_id: str,
        operation: str,
        policies: Policies,
        now: float,
    ) -> Admission:
        """Count a request, or refuse it. A refused request takes nothing of any budget."""
        if len(self._windows) >= self._sweep_at:
            self._sweep(now=now)
        if policies is not self._policies or len(self._asked) >= _ASKED_MAX:
            self._asked.clear()
            self._policies = policies
        asked = (token_id, user_id, client_id, operation)
        passed = self._asked.get(asked)
        if passed is None:
            passed = self._asked[asked] = self._layers(*asked, policies)
        if self._changes.counting:
            self._changes.mark(*(window for window, _ in passed))
        tightest, budget = passed[0]
        least = math.inf
        for window, most in passed:
            if now >= window.ends_at:
                window.roll(now=now, budget=most, window_s=policies.rate_window_s)
            if most - window.used < least:
                tightest, budget, least = window, most, most - window.used
        if least <= 0:
            return self._refuse([row for row in passed if row[0].used >= row[1]], policies, now=now)
        for window, _ in passed:
            window.used += 1
        return Admission(
            allowed=True,
            retry_after_s=0,
            used=tightest.used,
            budget=budget,
            reset_s=_whole_seconds(tightest.ends_at, now=now),
            layer=tightest.layer,
        )

    def _layers(
        self,
        token_id: str,
        user_id: str | None,
        client_id: str,
        operation: str,
        policies: Policies,
    ) -> tuple[_Layer, ...]:
        budgets: dict[tuple[str, ...], int] = {
            ("token", token_id): policies.rate_per_token,
            ("user-and-client", user_id or "", client_id): policies.rate_per_user_and_client,
        }
        if user_id is not None:
            budgets["user", user_id] = policies.rate_per_user
        if operation in policies.rate_per_operation:
            budgets["operation", operation] = policies.rate_per_operation[operation]
        return tuple((self._window(*key), budget) for key, budget in budgets.items())

    def _refuse(
        self, full: list[tuple[Window, int]], policies: Policies, *, now: float
    ) -> Admission:
        for window, _ in full:
            window.waiting += 1
        window, budget = max(full, key=lambda row: _wait_s(row[0], row[1], policies, now))
        return Admission(
            allowed=False,
            retry_after_s=_wait_s(window, budget, policies, now),
            used=window.used,
            budget=budget,
            reset_s=_whole_seconds(window.ends_at, now=now),
            layer=window.layer,
        )

    def _window(self, *key: str) -> Window:
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = Window(key)
        return window

    def _sweep(self, *, now: float) -> None:
        self._changes.mark(*(each for each in self._windows.values() if now >= each.ends_at))
        self._windows = {
            key: window for key, window in self._windows.items() if now < window.ends_at
        }
        self._asked.clear()
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._windows))

    # What outlives the process (`domain.durable`).

    @property
    def changed(self) -> bool:
        """Whether a request was counted."""
        return self._changes.any

    def track(self) -> None:
        """From now on note what changes."""
        self._changes.begin(self._windows.values())

    def take_changes(self) -> dict[str, bytes | None]:
        """The windows that have changed, by their keys. Asking empties it."""
        return self._changes.take(_name, self._row)

    def _row(self, changed: Window) -> bytes | None:
        window = self._windows.get(changed.key)
        if window is None:
            return None
        return msgspec.json.encode((window.ends_at, window.used, window.waiting))

    def restore(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Hold these windows."""
        self._windows.clear()
        self._asked.clear()
        for name, row in rows:
            window = self._window(*msgspec.json.decode(name, type=tuple[str, ...]))
            window.ends_at, window.used, window.waiting = msgspec.json.decode(
                row, type=tuple[float, int, int]
            )


def _name(window: Window) -> str:
    return msgspec.json.encode(window.key).decode()


def _wait_s(window: Window, budget: int, policies: Policies, now: float) -> int:
    """The Retry-After of one full layer, in whole seconds.

    * `window-reset`: to the window's end.
    * `constant`: what the policy says, whatever the window.
    * `backlog-aware`: to the window's end, and then one slot for each request that waits
      already: `rest + (waiting - 1) * window / budget`. `waiting` counts refused requests,
      less `budget` for each window since, so that they do not all come back at once.
    """
    match policies.retry_after:
        case RetryAfter.CONSTANT:
            return policies.retry_after_constant_s
        case RetryAfter.WINDOW_RESET:
            return _whole_seconds(window.ends_at, now=now)
        case RetryAfter.BACKLOG_AWARE:
            slot_s = policies.rate_window_s / budget
            return _whole_seconds(window.ends_at + (window.waiting - 1) * slot_s, now=now)


def _whole_seconds(at: float, *, now: float) -> int:
    """Seconds from `now` to `at`, rounded up, at least 1: who waits so long is not early."""
    seconds = max(1, math.ceil(at - now))
    # The difference of two floats may be rounded down to a whole number.
    return seconds if now + seconds >= at else seconds + 1
