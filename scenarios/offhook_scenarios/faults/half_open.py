"""The connections that a desk has now go dead; new ones work."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.plan.plan import HalfOpen
from offhook_scenarios.sim.trace import Way


class HalfOpenFault(PlannedFault[HalfOpen]):
    """Bites once for each connection. Healed, what was sent meanwhile arrives late."""

    evidence = Evidence.TUTORIAL

    def _start(self) -> None:
        step = self.step
        self.ground.act("network", "lets every connection go dead", step.desk)
        self._connections = self.ground.network.connections(step.desk)
        for connection in self._connections:
            self.bites += 1
            for way in Way:
                self.ground.held.lay((connection, way), self, value=True)

    def _heal(self) -> None:
        for connection in self._connections:
            for way in Way:
                self.ground.held.lift((connection, way), self)
