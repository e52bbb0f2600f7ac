"""I8: what one client asks for takes effect in the order in which it was asked for."""

from collections.abc import Iterator

from offhook_scenarios.history import History, Write
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.effects import effects, is_own, own_writes
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle


class MonotonicWrites(Oracle):
    """By the numbers of the intents where there are any, and by the presses.

    Each effect is given the earliest press of its value that is not older than the press of the
    effect before it. A mute for which none is left may be somebody else's, which the client has
    adopted and sets again.
    """

    id = Invariant.I8
    term = "monotonic writes (session guarantee)"
    rule = "The effects of one client's intents take place in the order in which they were made."

    def judge(self, case: Case) -> list[Finding]:
        """Effects that went before an older one's."""
        found: list[Finding] = []
        for history in case.histories:
            found += self._by_number(case, history)
            found += self._by_press(case, history)
        return found

    def _by_number(self, case: Case, history: History) -> Iterator[Finding]:
        newest: dict[tuple[str, int, str], int] = {}
        for write in own_writes(history):
            instance, _, number = (write.intent or "").rpartition(":")
            if not number.isdigit():
                continue
            key = write.device_id, write.version[0], instance
            if int(number) < newest.get(key, 0):
                words = f"intent {number} took effect after intent {newest[key]}"
                yield case.found(self.id, history, write.at, words)
            newest[key] = max(newest.get(key, 0), int(number))

    def _by_press(self, case: Case, history: History) -> Iterator[Finding]:
        if not history.presses:
            return
        for effect in effects(history):
            write = effect.write
            if effect.press is not None or write.at < history.began:
                continue
            if write.muted and _adopted(history, write):
                continue
            made = "mute" if write.muted else "unmute"
            words = f"an older {made} took effect after a later press had"
            yield case.found(self.id, history, write.at, words)


def _adopted(history: History, mute: Write) -> bool:
    """Whether somebody else had muted before, or nobody had pressed anything."""
    if all(press.at > mute.at for press in history.presses):
        return True
    return any(
        write.muted and write.at <= mute.at and not is_own(write) for write in history.writes
    )
