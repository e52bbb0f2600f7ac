"""I9: each press ends in time, and the end is true and is shown."""

from collections.abc import Iterator

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Ending
from offhook_scenarios.faults.client import WORDS
from offhook_scenarios.history import Answer, Ask, History, Press, Probe
from offhook_scenarios.oracles.case import GRACE_S, Case
from offhook_scenarios.oracles.effects import is_own
from offhook_scenarios.oracles.exchanges import exchanges
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.oracles.overtaking import may_be_overtaken
from offhook_scenarios.oracles.screen import (
    PENDING,
    belief_at,
    claim,
    held_at,
    in_words,
    right_since,
    word,
)

HEALTHY = " on a healthy network "
"""What is said of a press that had its whole time, and nothing in its way."""
_FORBIDDEN = 403
_DONE = range(200, 300)
_GIVEN_UP = {Ending.OVERTAKEN, Ending.FORCED}
"""Endings after which nothing is pursued any more. After `failed` a wish may well be."""


class CommandLiveness(Oracle):
    """Every press of the plan, and the two of the epilogue, which must also be prompt."""

    id = Invariant.I9
    term = "liveness of commands: response within a deadline"
    rule = (
        "Each press ends within its deadline; `ok` means that the server held it, `superseded`, "
        "`overtaken` and `forced` that somebody did that, `failed` that no answer had said "
        "otherwise; it is shown."
    )
    bound = "command_s = the declared deadline of a wish + slack; prompt_s in the epilogue"
    needs = "`set_mute` returns when the client is done; its `Ending` for whether that is true"

    def judge(self, case: Case) -> list[Finding]:
        """Presses that ended too late, or otherwise than was said."""
        found: list[Finding] = []
        for history in case.histories:
            for press in history.presses:
                if press.at >= history.began:
                    found += self._ended(case, history, press)
            for probe in case.probes:
                found += self._prompt(case, history, probe)
        return found

    def unjudged(self, case: Case) -> str | None:
        """Whether the end is true can only be asked of who tells it."""
        ended = [p for h in case.histories for p in h.presses if p.ended_at is not None]
        if not ended or any(press.ending is not None for press in ended):
            return None
        return "how presses end: `set_mute` returns no Ending"

    def _ended(self, case: Case, history: History, press: Press) -> Iterator[Finding]:
        due = press.at + case.limits.command_s
        made = "mute" if press.muted else "unmute"
        if press.ended_at is None or press.ended_at > due:
            if due < history.ended and not _restarted(history, press, due):
                words = (
                    f"the {made} pressed at {press.at - history.began:.3f} s has not ended in "
                    f"{case.limits.command_s:.1f} s; the interactive_deadline_s of its options is "
                    f"{case.options.interactive_deadline_s:g}"
                )
                yield case.found(self.id, history, due, words, since=press.at)
            return
        ended = press.ended_at
        told = f"the {made} pressed at {press.at - history.began:.3f} s ended as {press.ending}"
        if press.ending is Ending.OK and not _was_held(history, press, ended):
            words = f"{told}, and the server never held it"
            yield case.found(self.id, history, ended, words, since=press.at)
        if (untrue := _untrue(case, history, press, ended)) is not None:
            yield case.found(self.id, history, ended, f"{told}, and {untrue}", since=press.at)
        seen_at = ended + case.grace_s
        if seen_at > history.ended or _pressed_again(history, press, seen_at):
            return
        belief = belief_at(history, seen_at)
        shown = claim(belief)
        if press.ending is Ending.OK and shown == (not press.muted):
            if any(w.at >= press.at and w.muted == shown for w in history.writes):
                return
            words = f"{told}, and the screen says {word(not press.muted)}"
            yield case.found(self.id, history, seen_at, words, since=press.at)
        if press.ending in _GIVEN_UP and PENDING.get(belief.shown) == press.muted:
            words = f"{told}, and the screen still says {belief.shown.value}"
            yield case.found(self.id, history, seen_at, words, since=press.at)

    def _prompt(self, case: Case, history: History, probe: Probe) -> Iterator[Finding]:
        if probe.wish is None or history.ended < probe.until or _was_forced(history, probe):
            return
        made = "a mute" if probe.wish else "an unmute"
        if held_at(history, probe.until) != probe.wish:
            words = (
                f"{made}{HEALTHY}is not in effect after "
                f"{probe.until - probe.at:.1f} s: {in_words(history, probe.until)}"
            )
            yield case.found(self.id, history, probe.until, words, since=probe.at)
        elif right_since(history, probe.until) is None:
            words = (
                f"{made}{HEALTHY}is not shown after "
                f"{probe.until - probe.at:.1f} s: {in_words(history, probe.until)}"
            )
            yield case.found(self.id, history, probe.until, words, since=probe.at)


def _was_forced(history: History, probe: Probe) -> bool:
    """Whether the server said that an administrator holds the mute."""
    return any(
        answer.status == _FORBIDDEN and probe.at <= answer.at <= probe.until
        for answer in history.answers
    )


def _was_held(history: History, press: Press, ended: float) -> bool:
    """Whether the server held it at some time while it was pressed."""
    if held_at(history, press.at) == press.muted:
        return True
    return any(press.at <= w.at <= ended and w.muted == press.muted for w in history.writes)


def _untrue(case: Case, history: History, press: Press, ended: float) -> str | None:
    """What somebody is said to have done, and nobody has."""
    if press.ending is Ending.SUPERSEDED and not _pressed_again(history, press, ended):
        return "nobody had pressed again"
    if press.ending is Ending.FORCED and history.watched:
        forced = any(w.cause is Cause.ADMIN and w.muted and w.at <= ended for w in history.writes)
        if not forced and not any(
            answer.status == _FORBIDDEN and answer.at <= ended for answer in history.answers
        ):
            return "no administrator had muted, nor had the server said so"
    if press.ending is Ending.OVERTAKEN and not _may_be_overtaken(history, press, ended):
        return "nobody else had set mute"
    if press.ending is Ending.FAILED and _was_told_done(case, history, press, ended):
        return "the server had answered that it was done"
    return None


def _may_be_overtaken(history: History, press: Press, ended: float) -> bool:
    """Somebody set it, or a new device began anew, between press and end; or nobody can know."""
    since = (write.at for write in history.writes if not is_own(write))
    if any(press.at - GRACE_S <= at <= ended for at in since):
        return True
    return may_be_overtaken(history, press, ended)


def _was_told_done(case: Case, history: History, press: Press, ended: float) -> bool:
    """Whether the answer to a request of this very press said so, and nothing came after it.

    By its version: without one the client may have had to ask what had come of it. An answer that
    comes with the end of the deadline comes too late.
    """
    over = ended >= press.at + case.options.interactive_deadline_s - GRACE_S
    known_by = ended - GRACE_S if over else ended
    own = [each for each in exchanges(history) if each[0].muted is press.muted]
    before = {ask.intent for ask, _ in own if ask.at < press.at} - {None}
    since = [each for each in own if each[0].at >= press.at and each[0].intent not in before]
    return any(
        answer.version is not None
        and not any(w.at <= ended and w.version > answer.version for w in history.writes)
        for _, answer in since[_waited(history, press, own) :]
        if answer is not None and answer.at <= known_by and answer.status in _DONE
    ) and not _pressed_again(history, press, ended)


def _waited(history: History, press: Press, own: list[tuple[Ask, Answer | None]]) -> int:
    """How many earlier presses of the same had no answer yet: the next requests may be theirs."""
    earlier = [p.at for p in history.presses if p.at < press.at and p.muted is press.muted]
    answered = [ask.at for ask, answer in own if answer is not None and answer.at < press.at]
    newest = max(answered, default=float("-inf"))
    return sum(at > newest for at in earlier)


def _pressed_again(history: History, press: Press, until: float) -> bool:
    return any(press.at <= other.at <= until and other is not press for other in history.presses)


def _restarted(history: History, press: Press, due: float) -> bool:
    """A client that was taken down before it had to answer owes nobody an answer."""
    return any(act.what in WORDS.values() and press.at <= act.at <= due for act in history.acts)
