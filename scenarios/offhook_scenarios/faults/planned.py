"""The root of all faults in play."""

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from offhook.domain.evidence import Evidence
from offhook_scenarios.faults.ground import Ground
from offhook_scenarios.sim.trace import Way

S = TypeVar("S")

WAYS: dict[str, tuple[Way, ...]] = {
    "both": (Way.UP, Way.DOWN),
    "up": (Way.UP,),
    "down": (Way.DOWN,),
}


class PlannedFault(ABC, Generic[S]):
    """One step of a plan at work. Begun once and healed once, whoever asks how often.

    Subclasses keep `bites`: how often it really changed something.
    """

    evidence: Evidence
    """How we know that clients meet this in the field. Rules of the mock have it of their kinds."""
    heals_itself = True
    """After its step's `lasts_s`, if that has one."""

    def __init__(self, step: S, ground: Ground) -> None:
        self.step = step
        self.ground = ground
        self.bites = 0
        self.began = self.healed = False

    def start(self) -> None:
        """Let it begin now."""
        if self.began:
            return
        self.began = True
        self._start()
        step: Any = self.step
        lasts_s = getattr(step, "lasts_s", None)
        if lasts_s is not None and self.heals_itself:
            self.ground.loop.call_later(lasts_s, self.heal)

    def heal(self) -> None:
        """Undo what it did, as far as it can be undone. Before it began there is nothing to do."""
        if not self.began or self.healed:
            return
        self.healed = True
        self._heal()

    @abstractmethod
    def _start(self) -> None:
        """Begin."""

    def _heal(self) -> None:
        """Nothing to undo, unless a subclass says so."""
