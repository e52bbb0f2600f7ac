"""I5: an intent has its effect once."""

from collections.abc import Iterator

from offhook.domain.views import Cause
from offhook_scenarios.adapters.adapter import Restart
from offhook_scenarios.faults.client import WORDS
from offhook_scenarios.history import History, Write
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.effects import given_up, is_own, own_writes
from offhook_scenarios.oracles.exchanges import sent_at
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle

_ANEW = {WORDS[Restart.PROCESS], WORDS[Restart.RELOAD]}
_PERSONS = {Cause.SELF, Cause.ADMIN, Cause.HEADSET}


class AtMostOnce(Oracle):
    """By the number of the intent where the request has one; else by counting.

    Each set that turned the microphone on or off needs a press of its own. A mute that the server
    or the device has undone by itself may be set again; one that a person has undone may not.
    Somebody else's mute may be made an own wish, and set again when an own unmute that was on its
    way has undone it. An epoch that ended took the server's memory with it, so each is counted
    for itself.
    """

    id = Invariant.I5
    term = "at-most-once effect (exactly-once, its safe half)"
    rule = "Each intent changes the server at most once in an epoch; no change without a press."
    needs = "`Offhook-Intent` on its requests, to tell a repeated mute from a new one"

    def judge(self, case: Case) -> list[Finding]:
        """Second effects."""
        found: list[Finding] = []
        for history in case.histories:
            found += self._by_number(case, history)
            found += self._by_counting(case, history)
        return found

    def unjudged(self, case: Case) -> str | None:
        """Without numbers, repeated mutes look like new ones."""
        writes = [write for history in case.histories for write in own_writes(history)]
        if not writes or any(write.intent for write in writes):
            return None
        return "mutes by their intents: its requests carry none"

    def _by_number(self, case: Case, history: History) -> Iterator[Finding]:
        seen: dict[tuple[str, int, str], float] = {}
        for write in own_writes(history):
            if write.intent is None:
                continue
            key = write.device_id, write.version[0], write.intent
            if key in seen:
                words = (
                    f"intent {write.intent} took effect twice, {write.at - seen[key]:.3f} s apart"
                )
                yield case.found(self.id, history, write.at, words, since=seen[key])
            seen.setdefault(key, write.at)

    def _by_counting(self, case: Case, history: History) -> Iterator[Finding]:
        counts: dict[tuple[str, int, bool], int] = {}
        for write in own_writes(history):
            if not write.flipped or write.at < history.began or _again(history, write):
                continue
            key = *_register(write), write.muted
            counts[key] = counts.get(key, 0) + 1
            pressed = sum(
                press.muted == write.muted and press.at <= write.at for press in history.presses
            )
            if counts[key] > pressed + (_adopted(history, write) if write.muted else 0):
                made, button = ("muted", "mute") if write.muted else ("live", "unmute")
                words = (
                    f"the client made the microphone {made} {counts[key]} times, and {button} was "
                    f"pressed {pressed} times"
                )
                yield case.found(self.id, history, write.at, words)


def _adopted(history: History, mute: Write) -> int:
    """How often an own unmute that was on its way had undone somebody else's mute.

    Each of these is a wish that the client may make its own. One that a person has undone is none.
    """
    count, stands = 0, False
    for write in history.writes:
        if _register(write) != _register(mute) or write.version >= mute.version:
            continue
        if write.muted:
            stands = stands or not is_own(write)
        else:
            count += stands and is_own(write)
            stands = False
    return count


def _register(write: Write) -> tuple[str, int]:
    """The device, and its life on the server."""
    return write.device_id, write.version[0]


def _again(history: History, mute: Write) -> bool:
    """Whether it is a mute that was undone by no person, or wanted before there was the device."""
    if not mute.muted:
        return False
    before = [
        write
        for write in history.writes
        if _register(write) == _register(mute) and write.version < mute.version
    ]
    if not before:
        return not any(press.muted and press.at <= mute.at for press in history.presses)
    undone = before[-1]
    if undone.cause is Cause.HEADSET and not _was_told(history, undone, mute):
        return True
    if is_own(undone) and not undone.muted and given_up(history, undone):
        return True
    return undone.cause not in _PERSONS


def _was_told(history: History, undone: Write, mute: Write) -> bool:
    """Whether the event was there when the mute was sent: it tells a gesture from a dead track.

    By the event itself: a subscription or a heartbeat names its version, and no gesture. And to
    the program that runs now: one that was started since reads a snapshot, which tells of no
    gesture.
    """
    by = sent_at(history, mute)
    began = max((act.at for act in history.acts if act.what in _ANEW and act.at <= by), default=0.0)
    told = (frame for frame in history.surely_heard if frame.muted is not None)
    return any(frame.version == undone.version and began <= frame.at <= by for frame in told)
