"""What users measure: in the shape in which Locust merges it, and what it does not know. Pure."""

import msgspec

OPERATION = "mute"
"""The name of a whole operation, attempts and waits included, beside its requests."""
_FEW_MS, _SOME_MS = 100, 1000
_CLOSE_MS, _ROUGH_MS = 10, 100


class Entry(msgspec.Struct, kw_only=True):
    """Requests of one name, by Locust's field names; times in milliseconds, stamps in seconds."""

    name: str
    method: str
    last_request_timestamp: float | None = None
    start_time: float
    num_requests: int = 0
    num_none_requests: int = 0
    num_failures: int = 0
    total_response_time: float = 0.0
    max_response_time: float = 0.0
    min_response_time: float | None = None
    total_content_length: int = 0
    response_times: dict[int, int] = {}
    num_reqs_per_sec: dict[int, int] = {}
    num_fail_per_sec: dict[int, int] = {}

    def add(self, *, now: float, took_ms: float, size: int, failed: bool) -> None:
        """Count a request that has ended now."""
        second = int(now)
        self.num_requests += 1
        self.last_request_timestamp = now
        self.total_response_time += took_ms
        self.max_response_time = max(self.max_response_time, took_ms)
        least = self.min_response_time
        self.min_response_time = took_ms if least is None else min(least, took_ms)
        self.total_content_length += size
        place = rounded_ms(took_ms)
        self.response_times[place] = self.response_times.get(place, 0) + 1
        self.num_reqs_per_sec[second] = self.num_reqs_per_sec.get(second, 0) + 1
        if failed:
            self.num_failures += 1
            self.num_fail_per_sec[second] = self.num_fail_per_sec.get(second, 0) + 1


class Tally(msgspec.Struct, kw_only=True, rename="camel"):
    """What only we count: operations and their attempts, and what became of each Retry-After."""

    operations: int = 0
    """That have ended, well or not."""
    attempts: int = 0
    """Requests of these, and of those that have not ended."""
    gave_up: int = 0
    told: int = 0
    """Retries that were told a Retry-After, and came."""
    early: int = 0
    asked_s: float = 0.0
    """Sum of the waits that were asked for, and …"""
    waited_s: float = 0.0
    """… of those that have passed."""
    waiting: int = 0
    """Retries that were told one, and were still waiting for it when the run ended."""
    statuses: dict[str, int] = {}

    def join(self, other: "Tally") -> None:
        """Add what another counted."""
        for field in ("operations", "attempts", "gave_up", "told", "early", "waiting"):
            setattr(self, field, getattr(self, field) + getattr(other, field))
        self.asked_s += other.asked_s
        self.waited_s += other.waited_s
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count


class Meter:
    """The counts since they were last taken."""

    def __init__(self, *, now: float) -> None:
        self._entries: dict[tuple[str, str], Entry] = {}
        self._total = Entry(name="Aggregated", method="", start_time=now)
        self._errors: dict[tuple[str, str, str], int] = {}
        self._began = now
        self.tally = Tally()

    def request(
        self, method: str, name: str, *, now: float, took_ms: float, size: int, status: int
    ) -> None:
        """A request has ended now; `status` 0 when nobody answered."""
        entry = self._entries.get((method, name))
        if entry is None:
            entry = Entry(name=name, method=method, start_time=self._began)
            self._entries[method, name] = entry
        failed = not 0 < status < 400  # noqa: PLR2004 - errors begin there (RFC 9110 §15).
        for each in (entry, self._total):
            each.add(now=now, took_ms=took_ms, size=size, failed=failed)
        self.tally.attempts += 1
        shown = str(status) if status else "no answer"
        self.tally.statuses[shown] = self.tally.statuses.get(shown, 0) + 1
        if failed:
            key = method, name, shown
            self._errors[key] = self._errors.get(key, 0) + 1

    def wait(self, *, asked_s: float | None, planned_s: float, waited_s: float | None) -> None:
        """A retry has waited so long, after an answer that asked for `asked_s`.

        `waited_s` None: the run ended first. Early is what was planned so: a timer never is.
        """
        if asked_s is None:
            return
        if waited_s is None:
            self.tally.waiting += 1
            return
        self.tally.told += 1
        self.tally.early += planned_s < asked_s
        self.tally.asked_s += asked_s
        self.tally.waited_s += waited_s

    def operation(self, *, gave_up: bool) -> None:
        """An operation has come to its end."""
        self.tally.operations += 1
        self.tally.gave_up += gave_up

    def take(self, *, now: float) -> tuple[dict[str, object], Tally]:
        """Locust's report and ours of what was counted since the last one; counting begins anew."""
        report: dict[str, object] = {
            "stats": [msgspec.to_builtins(entry) for entry in self._entries.values()],
            "stats_total": msgspec.to_builtins(self._total),
            "errors": {
                f"{method}.{name}.{error}": {
                    "name": name,
                    "method": method,
                    "error": error,
                    "occurrences": count,
                    "first_seen": now,
                    "last_seen": now,
                }
                for (method, name, error), count in self._errors.items()
            },
        }
        tally = self.tally
        self.__init__(now=now)  # type: ignore[misc]  # - all of it begins anew.
        return report, tally


def rounded_ms(took_ms: float) -> int:
    """Rounded as Locust rounds, so that histograms of all workers have the same places."""
    if took_ms < _FEW_MS:
        return round(took_ms)
    if took_ms < _SOME_MS:
        return round(took_ms / _CLOSE_MS) * _CLOSE_MS
    return round(took_ms / _ROUGH_MS) * _ROUGH_MS
