"""I10: the client does not break, and leaves nothing behind."""

from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.oracle import Oracle

BROKE = "the client broke in "
"""How a finding begins of a verb that raised or did not end; its name comes next."""


class Hygiene(Oracle):
    """What the loop's exception handler was called with, what was left over after the stop."""

    id = Invariant.I10
    term = "hygiene: no leak, no exception that nobody took"
    rule = (
        "No call of the loop's exception handler, no task and no connection of the client after "
        "its stop, no error out of a verb that must not raise."
    )

    def judge(self, case: Case) -> list[Finding]:
        """Everything that broke."""
        told = [
            Finding(invariant=self.id, desk=desk, words=f"{BROKE}{error}")
            for desk, error in case.broken
        ]
        return [
            *(Finding(invariant=self.id, desk="all", words=trouble) for trouble in case.troubles),
            *told,
        ]
