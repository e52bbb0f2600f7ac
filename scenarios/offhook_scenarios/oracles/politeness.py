"""I6: who is told to wait waits, and nobody storms."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from offhook_scenarios.adapters.adapter import Restart
from offhook_scenarios.faults.client import WORDS
from offhook_scenarios.history import Answer, Ask, History
from offhook_scenarios.oracles.case import GRACE_S, Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.lockstep import lockstep
from offhook_scenarios.oracles.oracle import Oracle

DIALS_MAX = 60
ASKS_MAX = 60
WINDOW_S = 5.0
RUSH_MAX = 6
"""Of waits that are drawn, be it up to a second only, so many in a row are never as short."""
_TOO_MANY = 429
_HAIR_S = 0.001
"""A timer that is set for the very end may be early by its clock's rounding."""
_ANEW = {WORDS[Restart.PROCESS], WORDS[Restart.RELOAD]}


class Politeness(Oracle):
    """A 429 speaks to whoever holds the credentials that were refused.

    A request under others is none of its business, and one that was on its way when it came, or
    whose connection was being dialled for it, is nobody's fault. A program that was started since
    was told nothing.
    """

    id = Invariant.I6
    term = "politeness: RFC 9110 §10.2.3, RFC 6585 §4; no storm, RFC 6455 §7.2.3"
    rule = (
        "After a 429 was completely delivered, no request under the same credentials before its "
        f"Retry-After is over; at most {DIALS_MAX} dials, and {ASKS_MAX} requests of one client, "
        f"in {WINDOW_S:g} s; no {RUSH_MAX} sockets in a row that end soon and are dialled "
        "again at once; and no client comes back by the clock."
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
        rushes = [each for history in case.histories for each in self._rushes(case, history)]
        return [*found, *self._storms(case), *hasty, *rushes, *waves]

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
            if early and ask.whose == refusal.whose and not _began_anew(history, refusal, ask):
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

    def _rushes(self, case: Case, history: History) -> Iterator[Finding]:
        """Sockets that are taken and closed again: each was a success, and none is a reason.

        Who comes with a new token has ended the one before himself.
        """
        dialled = {ask.connection: ask.dialled_at for ask in history.asks}
        whose = {ask.connection: ask.whose for ask in history.asks}
        row = 0
        for one, other in pairwise(history.streams):
            ended, again = one.ended_at, dialled.get(other.connection)
            at_once = (
                ended is not None
                and again is not None
                and ended - one.at < WINDOW_S
                and 0 <= again - ended <= case.grace_s
                and whose.get(one.connection) == whose.get(other.connection)
            )
            row = row + 1 if at_once else 0
            if row == RUSH_MAX:
                words = f"{row} sockets in a row, each dialled again at once when it had ended"
                yield case.found(self.id, history, other.at, words)
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


def _began_anew(history: History, refusal: Answer, ask: Ask) -> bool:
    return any(act.what in _ANEW and refusal.at <= act.at <= ask.at for act in history.acts)
