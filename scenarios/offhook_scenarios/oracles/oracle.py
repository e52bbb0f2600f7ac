"""What every oracle has: a number, its words, and a judgement of one played session."""

from abc import ABC, abstractmethod
from typing import ClassVar

from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding, Invariant


class Oracle(ABC):
    """Judges one invariant. Pure: the same case, the same findings."""

    id: ClassVar[Invariant]
    term: ClassVar[str]
    """What the literature calls it."""
    rule: ClassVar[str]
    """What must hold, in a sentence."""
    bound: ClassVar[str] = "none: it holds always"
    """How long it may not hold, as a formula of `plan.bounds`."""
    needs: ClassVar[str] = "nothing"
    """What the client must say of itself for the whole of it to be judged."""

    @abstractmethod
    def judge(self, case: Case) -> list[Finding]:
        """Where it does not hold."""

    def unjudged(self, case: Case) -> str | None:  # noqa: ARG002 - most can always judge.
        """What could not be judged of this client, and why; None when all was."""
        return None
