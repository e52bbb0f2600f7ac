"""I14: once all is quiet, what was last asked for is what is so."""

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Ending
from offhook_scenarios.history import History, Press
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.effects import given_up, others_between, own_writes
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.oracles.overtaking import may_be_overtaken
from offhook_scenarios.oracles.refusal import in_vain
from offhook_scenarios.oracles.screen import held_before, word


class LastIntent(Oracle):
    """The newest press that the server accepted, or that the client called `ok`.

    Whoever else has set mute since the press excuses it. The server's own reset is nobody: a mute
    that it undid must be set again, unless it was undone more often than the client fights for.
    So does the honest word `overtaken` over a microphone that is off, where somebody else may
    have been meant: a set that the client had not heard of when it was pressed, or an answer that
    was lost. A press that the client called failed or forced was no promise, not even
    if an attempt arrives after it had been refused for good, nor is a mute one
    that was refused for good when it was to be set again, if the screen says *unknown*.
    """

    id = Invariant.I14
    term = "last intent wins, at quiescence"
    rule = (
        "Healed and quiet, the server holds the newest accepted intent, unless somebody else set "
        "mute since, or the client reported overtaken and the microphone is off."
    )
    bound = "as I1: looked at when convergence_s has run out"
    needs = "its `Ending` for wishes that came to nothing; else only what the server accepted"

    def judge(self, case: Case) -> list[Finding]:
        """Checkpoints at which it is not so."""
        found = []
        for history in case.histories:
            for quiet, at in case.checkpoints:
                words = self._lost(case, history, quiet, at)
                if words is not None:
                    found.append(case.found(self.id, history, at, words, since=quiet))
                    break
        return found

    def unjudged(self, case: Case) -> str | None:
        """A wish that nobody accepted and nobody reported is nobody's word."""
        ended = [p for h in case.histories for p in h.presses if p.ended_at is not None]
        if not ended or any(press.ending is not None for press in ended):
            return None
        return "wishes that the server never accepted: `set_mute` returns no Ending"

    def _lost(self, case: Case, history: History, quiet: float, at: float) -> str | None:
        pressed = [press for press in history.presses if press.at <= quiet]
        if not pressed:
            return None
        last, held = pressed[-1], held_before(history, at)
        if held == last.muted or _begun_anew(history, last, at):
            return None
        if _somebody_else(history, last, at, resets_max=case.options.reassertions):
            return None
        if in_vain(case, history, at):
            return None
        accepted = any(
            last.at <= write.at < at and write.muted == last.muted and not given_up(history, write)
            for write in own_writes(history)
        )
        if last.ending is Ending.OVERTAKEN:
            if held and may_be_overtaken(history, last, at):
                return None
        elif not accepted and last.ending is not Ending.OK:
            return None
        made = "mute" if last.muted else "unmute"
        told = "says nothing of how it ended" if last.ending is None else f"calls it {last.ending}"
        return (
            f"the {made} pressed at {last.at - history.began:.3f} s was the last intent; the "
            f"client {told}, nobody else has set mute since, and the server holds "
            f"{word(bool(held))}"
        )


def _somebody_else(history: History, press: Press, at: float, *, resets_max: int) -> bool:
    others = others_between(history, press.at, at)
    resets = [w for w in others if w.cause is Cause.DEFAULT_RESET and not w.muted]
    return len(others) > len(resets) or len(resets) > resets_max


def _begun_anew(history: History, press: Press, at: float) -> bool:
    """Whether there is another device since: a new one remembers nothing."""
    before = {truth.device_id for truth in history.truths if truth.at <= press.at}
    now = {truth.device_id for truth in history.truths if truth.at <= at}
    return now != before
