"""Bytes between desk and server take longer."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.faults.planned import WAYS, PlannedFault
from offhook_scenarios.plan.plan import Slow
from offhook_scenarios.sim.path import Conditions
from offhook_scenarios.sim.tap import Sending


class SlowFault(PlannedFault[Slow]):
    """Bites once for each segment that is sent meanwhile."""

    evidence = Evidence.DOCUMENTED  # RFC 9293: as any network does.

    def _start(self) -> None:
        step = self.step
        self.ground.act("network", f"is slow ({step.latency_s:g} s, {step.way})", step.desk)
        self._ways = WAYS[step.way]
        self._host = self.ground.seat(step.desk).host
        self.ground.network.taps.insert(0, self._count)
        conditions = Conditions(latency_s=step.latency_s, jitter_s=step.jitter_s)
        for way in self._ways:
            self.ground.slowed.lay((step.desk, way), self, conditions)

    def _heal(self) -> None:
        self.ground.network.taps.remove(self._count)
        for way in self._ways:
            self.ground.slowed.lift((self.step.desk, way), self)

    def _count(self, sending: Sending) -> None:
        if sending.way in self._ways and self._host in {sending.source, sending.target}:
            self.bites += 1
