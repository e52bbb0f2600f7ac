"""I0: the session comes to its end."""

from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle


class NoDeadlock(Oracle):
    """The simulated loop itself finds out: nothing is due, or nothing but turns passes."""

    id = Invariant.I0
    term = "deadlock freedom, livelock freedom"
    rule = "The client neither waits for what never comes nor runs in a circle."
    bound = "the loop's budget of turns without time passing"

    def judge(self, case: Case) -> list[Finding]:
        """What stopped the loop."""
        if case.stuck is None:
            return []
        return [Finding(invariant=self.id, desk="all", words=case.stuck)]
