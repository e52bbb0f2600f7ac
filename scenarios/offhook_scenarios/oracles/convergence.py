"""I1: once all is healed and quiet the screen becomes right, and stays so."""

from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.oracles.refusal import in_vain
from offhook_scenarios.oracles.screen import in_words


class Convergence(Oracle):
    """Looked at when the bound has run out, or after every screen has been right for a while.

    After a mute in vain *unknown* is all that can be said: the server is live, and behind the cut
    switch nobody is heard.
    """

    id = Invariant.I1
    term = "convergence; leads-to, checked as a bounded eventuality"
    rule = (
        "Healed and quiet leads to a screen that claims something, and is right, for good; or to "
        "unknown behind a cut switch, where a mute was refused for good or would not hold."
    )
    bound = (
        "convergence_s = max(I + T + close, silence) + reconnect cap + backoff cap "
        "+ longest Retry-After · (1 + spread) + 2·(open + request timeout) + lag + drop grace "
        "+ connect delay + slack"
    )

    def judge(self, case: Case) -> list[Finding]:
        """Each checkpoint at which a screen was not right."""
        found = []
        for history, righted in zip(case.histories, case.righted, strict=True):
            for (quiet, at), since in zip(case.checkpoints, righted, strict=True):
                if since is None and not in_vain(case, history, at):
                    words = (
                        f"the screen is not right {at - quiet:.1f} s after all was quiet, at "
                        f"{at - history.began:.1f} s: {in_words(history, at)}"
                    )
                    found.append(case.found(self.id, history, at, words, since=quiet))
        return found
