"""Nothing passes between desk and server, and nobody is told."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.faults.planned import WAYS, PlannedFault
from offhook_scenarios.plan.plan import Partition
from offhook_scenarios.sim.tap import Sending


class PartitionFault(PlannedFault[Partition]):
    """Bites once for each segment that is held up. Healed, all of it arrives, in order."""

    evidence = Evidence.TUTORIAL

    def _start(self) -> None:
        step = self.step
        self.ground.act("network", f"lets nothing through ({step.way})", step.desk)
        self._ways = WAYS[step.way]
        self._host = self.ground.seat(step.desk).host
        self.ground.network.taps.insert(0, self._count)
        for way in self._ways:
            self.ground.parted.lay((step.desk, way), self, value=True)

    def _heal(self) -> None:
        self.ground.network.taps.remove(self._count)
        for way in self._ways:
            self.ground.parted.lift((self.step.desk, way), self)

    def _count(self, sending: Sending) -> None:
        if sending.way in self._ways and self._host in {sending.source, sending.target}:
            self.bites += 1
