"""One user's screen in a test: notes what it says and what is true, and lets the judge compare.

Used by name from `offhook.testing.truth`. All methods must be called on the server's loop.
"""

from collections.abc import Iterator
from operator import itemgetter
from typing import TypeVar

from offhook.api.answer import stamp
from offhook.server import MockServer
from offhook.testing.findings import Finding
from offhook_scenarios.adapters.adapter import Belief, Gate, Shown
from offhook_scenarios.history import History, Truth
from offhook_scenarios.recorder import Recorder
from offhook_scenarios.verdict import Lie, audible, judge, wrong_at

W = TypeVar("W", Shown, Gate)

_SHOWN = {True: Shown.MUTED, False: Shown.LIVE, None: Shown.UNKNOWN}
_NONE = {"Shown": "nothing that a screen says", "Gate": "no state of a gate"}
_TOLD = 20
"""How many pieces of news a finding tells, the last ones."""


class Witness:
    """The witness of one user, from now on."""

    def __init__(self, server: MockServer, *, username: str) -> None:
        self._username = username
        self._recorder = Recorder(server, session="test", desk=username, username=username)
        self._recorder.look()
        server.on_change(self._recorder.look)

    def tell(self, shown: bool | str | None, *, gate: str = "unknown") -> None:  # noqa: FBT001 - muted or not is what a screen says.
        """The screen says this from now on. Raises `ValueError` for a word that is none."""
        word = _SHOWN[shown] if isinstance(shown, bool | None) else _word(Shown, shown)
        self._recorder.tell(Belief(shown=word, gate=_word(Gate, gate)))

    def wrong_now(self) -> bool:
        """Whether the screen is wrong at this moment."""
        history = self._recorder.close()
        return wrong_at(history.sightings[-1].belief, _latest(history)) is not None

    def findings(self, within_s: float) -> tuple[Finding, ...]:
        """What the judge finds; nothing when the screen told the truth.

        A stretch no longer than `within_s`, on the org's clock, is a slip, unless the screen
        is wrong still.
        """
        history = self._recorder.close()
        lies = judge(history, budget_s=within_s).lies
        found = [
            _finding(
                lie.lie,
                f"{lie.lie} {lie.duration_s:.1f} s: {lie.lie.meaning}, "
                f"from {stamp(lie.start)} to {stamp(lie.end)}; {within_s:g} s were allowed.",
            )
            for lie in lies
        ]
        still = wrong_at(history.sightings[-1].belief, _latest(history))
        if still is not None and (not lies or lies[-1].end < history.ended):
            words = f"{still}: {still.meaning}, and still does after {within_s:g} s."
            found.append(_finding(still, words))
        return tuple(found)

    def story(self, found: tuple[Finding, ...]) -> str:
        """These findings and what led to them, for people."""
        title = f"The screen of {self._username} did not tell the truth about the microphone:"
        lines = [f"  {finding.words}" for finding in found]
        news = [text for _, text in sorted(_news(self._recorder.close()), key=itemgetter(0))]
        return "\n".join([title, *lines, "What happened:", *news[-_TOLD:]])

    def history(self) -> History:
        """What was shown and what was so, up to now."""
        return self._recorder.close()


def _finding(lie: Lie, words: str) -> Finding:
    return Finding(invariant=lie.invariant, words=words)


def _word(kind: type[W], word: str) -> W:
    try:
        return kind(word)
    except ValueError:
        raise ValueError(
            f"{word!r} is {_NONE[kind.__name__]}; there are {', '.join(kind)}."
        ) from None


def _latest(history: History) -> list[Truth]:
    return list({truth.device_id: truth for truth in history.truths}.values())


def _news(history: History) -> Iterator[tuple[float, str]]:
    for truth in history.truths:
        mute = "muted" if truth.muted else "live"
        heard = "the caller can hear" if audible(truth) else "the caller cannot hear"
        by = "" if truth.cause is None else f" by {truth.cause}"
        yield (
            truth.at,
            f"  {stamp(truth.at)} server: {truth.status}, {mute}{by}: {heard}",
        )
    for sighting in history.sightings:
        gate = "" if sighting.belief.gate is Gate.UNKNOWN else f", gate {sighting.belief.gate}"
        yield sighting.at, f"  {stamp(sighting.at)} screen: {sighting.belief.shown}{gate}"
