"""What came of one session with one desk, and the words for it."""

from enum import StrEnum

import msgspec

from offhook_scenarios.history import History
from offhook_scenarios.sessions.session import Session
from offhook_scenarios.verdict import Lie, Verdict


class Result(StrEnum):
    """The ways in which a play can end. Only `OK` counts as the truth told."""

    OK = "ok"
    LIED = "lied"
    NOT_EXERCISED = "not exercised"
    """A planned fault never bit, so that no lie proves little."""
    NOT_PLAYED = "not played"
    """The trouble does not exist in the desk's dialect; nobody was judged, and it counts for
    nobody."""
    ERROR = "error"
    """The machinery broke; nobody was judged."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A history and its verdict, or an error, or why it was not played."""

    session: Session
    desk: str
    history: History | None = None
    verdict: Verdict | None = None
    error: str | None = None
    """What broke in server, adapter or script."""
    not_played: str | None = None
    """Why there was nothing to play."""

    @property
    def result(self) -> Result:
        """How it ended."""
        if self.not_played is not None:
            return Result.NOT_PLAYED
        if self.verdict is None:
            return Result.ERROR
        if self.verdict.lies:
            return Result.LIED
        return Result.NOT_EXERCISED if self.verdict.unexercised else Result.OK

    @property
    def words(self) -> str:
        """The finding in one line: `LIVE 33.0 s: screen muted, caller could hear`, or `ok`."""
        if self.not_played is not None:
            return f"not played: {self.not_played}"
        if self.verdict is None:
            return f"error: {self.error}"
        found = [_lie(self.verdict, lie) for lie in Lie if self.verdict.longest_s(lie) > 0]
        if not found and not self.verdict.unexercised:
            found.append("ok")
        if self.verdict.unexercised:
            found.append(f"not exercised: {', '.join(self.verdict.unexercised)} never bit")
        if self.verdict.wish_lost and not self.verdict.lies:
            found.append("but the agent's press came to nothing")
        return " · ".join(found)


def _lie(verdict: Verdict, lie: Lie) -> str:
    times = sum(stretch.lie is lie for stretch in verdict.lies)
    longest = f" in {times} stretches, longest {verdict.longest_s(lie):.1f} s" if times > 1 else ""
    return f"{lie} {verdict.total_s(lie):.1f} s{longest}: {lie.meaning}"


def truth_told(outcomes: tuple[Outcome, ...]) -> dict[str, tuple[int, int]]:
    """For each desk, in how many of the sessions played it told the truth, and of how many."""
    told: dict[str, tuple[int, int]] = {}
    for outcome in outcomes:
        if outcome.result is Result.NOT_PLAYED:
            continue
        true, of = told.get(outcome.desk, (0, 0))
        told[outcome.desk] = (true + (outcome.result is Result.OK), of + 1)
    return told
