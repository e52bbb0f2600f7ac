"""I12: who was healthy for long enough is back at once after one clean drop."""

from websockets.frames import CloseCode

from offhook_scenarios.history import History
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.oracles.refusal import in_vain
from offhook_scenarios.oracles.screen import in_words, right_since


class FastRecovery(Oracle):
    """Judged by the epilogue, which stays quiet for longer than the client declares to need.

    Only then does it cut every connection, once, on a healthy network. Whose socket the server has
    closed meanwhile was not healthy for so long; and where a mute was in vain there is nothing
    right to come back to, as in I1.
    """

    id = Invariant.I12
    term = "fast recovery: the backoff starts anew after health"
    rule = "After being healthy for its declared reset_after_s, one clean drop costs no long wait."
    bound = "prompt_s = 3 s, as a person may ask + 4·round trip of the weather + event lag"

    def judge(self, case: Case) -> list[Finding]:
        """Desks that were not back in time."""
        found = []
        for history in case.histories:
            for probe in case.probes:
                at = probe.until
                back = right_since(history, at) is not None or in_vain(case, history, at)
                if probe.wish is None and not back and _was_healthy(case, history, probe.at):
                    words = (
                        f"{at - probe.at:.1f} s after one clean drop on a healthy network "
                        f"the screen is not right: {in_words(history, at)}"
                    )
                    found.append(case.found(self.id, history, at, words, since=probe.at))
        return found


def _was_healthy(case: Case, history: History, at: float) -> bool:
    """Whether the server has left its socket alone for as long as it declares to need."""
    since = at - case.options.reset_after_s
    return not any(
        stream.closed_at is not None
        and since < stream.closed_at < at
        and stream.code != CloseCode.NORMAL_CLOSURE
        for stream in history.streams
    )
