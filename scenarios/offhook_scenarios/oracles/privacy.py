"""I2: the screen does not say muted while the caller can hear, for longer than the bound.

Who has a switch of his own can keep a promise that needs no network: it is cut when he says so,
and as soon as mute is pressed.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from offhook_scenarios.adapters.adapter import UNAWARE, Belief, Gate
from offhook_scenarios.history import History, Press, Truth, states
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.stretch import TooLong
from offhook_scenarios.verdict import Lie, audible

_Moment = tuple[float, Belief, Mapping[str, Truth]]


class Privacy(TooLong):
    """`unknown` is always allowed, and an own gate that is cut makes "muted" true.

    A press of mute binds the switch until it has ended, or until somebody presses again.
    """

    id = Invariant.I2
    term = "bounded staleness (t-visibility) of one register, one-sided"
    rule = (
        "The screen never says muted while the caller can hear, for longer than the bound. A "
        "client with a switch of its own has cut it when it says so, and once mute is pressed."
    )
    bound = TooLong.bound + "; 120 ms for the own switch"
    needs = "`Belief.gate`, for the own switch; `Belief.switch`, for whether that is true"
    lie = Lie.LIVE

    def judge(self, case: Case) -> list[Finding]:
        """Stretches of the lie, and switches that let somebody hear."""
        found = super().judge(case)
        for history in case.histories:
            found += self._says_cut(case, history)
            for press in history.presses:
                if press.muted and press.at >= history.began:
                    found += self._still_open(case, history, press)
        return found

    def _says_cut(self, case: Case, history: History) -> Iterator[Finding]:
        """The first time in which sound passes a switch that is said to be cut."""
        since: float | None = None
        for at, belief, truths in _moments(history, history.ended):
            if since is not None and at - since > case.grace_s:
                words = "the client says that its switch is cut, and the caller can hear through it"
                yield case.found(self.id, history, since + case.grace_s, words, since=since)
                return
            if belief.gate is not Gate.CUT or not _passes(belief, truths):
                since = None
            elif since is None:
                since = at

    def _still_open(self, case: Case, history: History, press: Press) -> Iterator[Finding]:
        """Heard when there was time enough to cut it, or again later, and the wish still stood."""
        due = press.at + case.grace_s
        later = [other.at for other in history.presses if other.at > press.at]
        end = min([history.ended if press.ended_at is None else press.ended_at, *later])
        since: float | None = None
        for at, belief, truths in _moments(history, end):
            if since is not None and at > due:
                known = due if since <= due else since + case.grace_s
                if since <= due or at > known:
                    words = (
                        f"mute was pressed at {press.at - history.began:.3f} s, and "
                        f"{round(known - press.at, 3):g} s later the caller could hear through "
                        "the client's own switch"
                    )
                    yield case.found(self.id, history, known, words, since=press.at)
                    return
            if not _passes(belief, truths):
                since = None
            elif since is None:
                since = at


def _moments(history: History, end: float) -> Iterator[_Moment]:
    """What was believed and true, moment by moment, and its end.

    To be looked at one by one: what is true is the same mapping each time.
    """
    nothing: Mapping[str, Truth] = {}
    return chain(states(history, before=end), [(end, UNAWARE, nothing)])


def _passes(belief: Belief, truths: Mapping[str, Truth]) -> bool:
    """Whether the caller hears through a switch that is known to be open."""
    return belief.microphone is Gate.OPEN and any(map(audible, truths.values()))
