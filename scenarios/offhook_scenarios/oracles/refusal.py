"""Whether a mute could not be had: refused for good, or undone more often than one fights for.

Then the server is live, the wish stands, and there is nothing true to claim: "live" behind a cut
switch is not so, and neither is "muted".
"""

from offhook.domain.views import Cause
from offhook.policies import Policies
from offhook_scenarios.adapters.adapter import Gate, Shown
from offhook_scenarios.history import History, Write
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.effects import is_own, others_between
from offhook_scenarios.oracles.exchanges import exchanges
from offhook_scenarios.oracles.finality import is_final
from offhook_scenarios.oracles.screen import belief_before

_LOCAL_HANDS = {Cause.HEADSET, Cause.NATIVE}
"""An unmute by these is nobody's wish, as far as a snapshot can tell."""


def in_vain(case: Case, history: History, at: float) -> bool:
    """Whether the desk says *unknown* behind a cut switch just before `at`, after a mute in vain.

    Nothing but the server's own reset may have happened since: whoever else sets mute, or presses
    again, gives the client something to show.
    """
    belief = belief_before(history, at)
    if belief.shown is not Shown.UNKNOWN or belief.microphone is not Gate.CUT:
        return False
    since = _refused_at(history, at)
    presses = [press for press in history.presses if press.at < at]
    if since is None:
        since = presses[-1].at if presses and presses[-1].muted else history.began
        others = others_between(history, since, at)
        resets = [w for w in others if w.cause is Cause.DEFAULT_RESET and not w.muted]
        return len(resets) == len(others) and len(resets) > case.options.reassertions
    later = [write for write in history.writes if since <= write.at < at]
    news = any(_is_news(case, history, write, at) for write in later)
    return not news and not any(press.at > since for press in presses)


def _refused_at(history: History, at: float) -> float | None:
    """When the last mute was refused for good; None if it was not."""
    mutes = [each for each in exchanges(history) if each[0].path.endswith("/mute")]
    asked, answer = next((each for each in reversed(mutes) if each[0].at < at), (None, None))
    if asked is None or not asked.muted or answer is None or not is_final(answer.status):
        return None
    return answer.at


def _is_news(case: Case, history: History, write: Write, at: float) -> bool:
    """Whether a set gives a client something to show that had a mute in vain.

    Its own older unmute that arrives late does not. Where there are no versions, a set does that
    changes something and was told: no later event or snapshot betrays that one is missing.
    """
    if write.cause is Cause.DEFAULT_RESET or (is_own(write) and not write.muted):
        return False
    if Policies().changed(case.plan.policies).versions:
        return True
    return write.flipped and _was_told(history, write, at)


def _was_told(history: History, write: Write, at: float) -> bool:
    heard = [each for each in history.surely_heard if each.muted is write.muted]
    if any(write.at <= each.at < at for each in heard):
        return True
    if not write.muted and write.cause in _LOCAL_HANDS:
        return False
    flips = (each.at for each in history.writes if each.at > write.at and each.flipped)
    until = next(flips, at)
    return any(write.at <= each.at <= until for each in history.answers)
