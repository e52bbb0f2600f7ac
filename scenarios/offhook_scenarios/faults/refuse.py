"""Whoever dials is turned away."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.plan.plan import Refuse
from offhook_scenarios.sim.listener import Door


class RefuseFault(PlannedFault[Refuse]):
    """Bites once for each dial. Healed, whoever has not been answered is."""

    evidence = Evidence.DOCUMENTED  # RFC 9293: as any network does.

    def _start(self) -> None:
        silent = self.step.silent
        self.ground.act("network", "answers no dial" if silent else "refuses whoever dials")
        self._before = self.ground.network.turned_away
        self.ground.door.lay(None, self, Door.SILENT if silent else Door.REFUSING)

    def _heal(self) -> None:
        self.ground.door.lift(None, self)
        self.bites = self.ground.network.turned_away - self._before
