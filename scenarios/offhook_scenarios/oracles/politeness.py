"""I6: who is told to wait waits, and nobody storms."""

from bisect import bisect_left
from collections.abc import Iterator

from offhook_scenarios.history import Answer, History
from offhook_scenarios.oracles.case import GRACE_S, Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.lockstep import lockstep
from offhook_scenarios.oracles.oracle import Oracle

DIALS_MAX = 60
ASKS_MAX = 60
WINDOW_S = 5.0
_TOO_MANY = 429
_HAIR_S = 0.001
"""A timer that is set for the very end may be early by its clock's rounding."""


class Politeness(Oracle):
    """A 429 speaks to whoever holds the credentials that were refused.

    A request under others is none of its business, and one that was on its way when it came, or
    whose connection was being dialled for it, is nobody's fault.
    """

    id = Invariant.I6
    term = "politeness: RFC 9110 §10.2.3, RFC 6585 §4; no storm, RFC 6455 §7.2.3"
    rule = (
        "After a 429 was completely delivered, no request under the same credentials before its "
        f"Retry-After is over; at most {DIALS_MAX} dials, and {ASKS_MAX} requests of one client, "
        f"in {WINDOW_S:g} s; and no client comes back by the clock."
    )
    bound = f"{GRACE_S * 1000:g} ms for what was on its way"

    def judge(self, case: Case) -> list[Finding]:
        """Requests that came too early, storms, and waves."""
        found = [each for history in case.histories for each in self._early(case, history)]
        hasty = [each for history in case.histories for each in self._hasty(case, history)]
        waves = [
            case.found(self.id, case.histories[each.desk], each.at, each.words, since=each.since)
            for each in lockstep(case)
        ]
        return [*found, *self._storms(case), *hasty, *waves]

    def _early(self, case: Case, history: History) -> Iterator[Finding]:
        for refusal in history.answers:
            if refusal.status == _TOO_MANY and refusal.retry_after_s:
                yield from self._after(case, history, refusal, refusal.retry_after_s)

    def _after(
        self, case: Case, history: History, refusal: Answer, wait_s: float
    ) -> Iterator[Finding]:
        over = refusal.at + wait_s - _HAIR_S
        for ask in history.asks:
            begun = ask.at if ask.dialled_at is None else ask.dialled_at
            early = refusal.at + case.grace_s < begun and ask.at < over
            if early and ask.whose == refusal.whose:
                words = (
                    f"{ask.method} {ask.path} {ask.at - refusal.at:.3f} s after a 429 that asked "
                    f"for {wait_s:g} s"
                )
                yield case.found(self.id, history, ask.at, words, since=refusal.at)
                return

    def _hasty(self, case: Case, history: History) -> Iterator[Finding]:
        times = [ask.at for ask in history.asks]
        for index, at in enumerate(times):
            count = index - bisect_left(times, at - WINDOW_S) + 1
            if count > ASKS_MAX:
                words = f"{count} requests of one client in {WINDOW_S:g} s"
                yield case.found(self.id, history, at, words)
                return

    def _storms(self, case: Case) -> Iterator[Finding]:
        dials = sorted((at, desk) for desk, h in enumerate(case.histories) for at in h.dials)
        times = [at for at, _ in dials]
        for index, (at, desk) in enumerate(dials):
            first = bisect_left(times, at - WINDOW_S)
            if index - first + 1 > DIALS_MAX:
                words = f"{index - first + 1} dials in {WINDOW_S:g} s"
                yield case.found(self.id, case.histories[desk], at, words)
                return
