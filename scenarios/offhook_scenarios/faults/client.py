"""The client at a desk is restarted, or its machine sleeps."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.adapters.adapter import Ability, Restart
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.plan.plan import Client
from offhook_scenarios.sim.sleep import wake
from offhook_scenarios.sim.trace import Way

WORDS: dict[Restart, str] = {
    Restart.RELOAD: "reloads the page",
    Restart.PROCESS: "restarts the client",
    Restart.SLEEP: "lets the machine sleep",
}


class ClientFault(PlannedFault[Client]):
    """Bites once, unless the adapter cannot do it, or the play is over before its turn comes.

    One restart after the other: what comes while another is under way waits for it. A program
    that ends takes its connections with it. A machine that sleeps hears nothing, and by the
    time it wakes the server has forgotten its connections.
    """

    evidence = Evidence.DOCUMENTED  # RFC 9293: the server sees what `cut` does, and a new login.
    heals_itself = False

    def _start(self) -> None:
        step = self.step
        self._seat = self.ground.seat(step.desk)
        if Ability(f"restart:{step.restart.value}") not in self._seat.adapter.can:
            self.ground.act("agent", f"cannot: {WORDS[step.restart]}", step.desk)
            return
        self.ground.spawn(self._seat, self._restart())

    def _heal(self) -> None:
        if self.step.restart is Restart.SLEEP and self.bites:
            wake(self.ground.loop, self._seat.host)

    async def _restart(self) -> None:
        seat, step = self._seat, self.step
        async with seat.restarting:
            if self.healed:
                return
            self.ground.act("agent", WORDS[step.restart], step.desk)
            self.bites += 1
            seat.away = True
            seat.asleep = step.restart is Restart.SLEEP
            connections = self._leave()
            try:
                await seat.adapter.restart(step.restart, lasts_s=step.lasts_s)
            finally:
                seat.away = seat.asleep = False
                self._come_back(connections)

    def _leave(self) -> tuple[int, ...]:
        connections = self.ground.network.connections(self.step.desk)
        for connection in connections:
            if self.step.restart is not Restart.SLEEP:
                self.ground.network.cut(connection, side="both", end="reset")
                continue
            for way in Way:
                self.ground.held.lay((connection, way), self, value=True)
        return connections

    def _come_back(self, connections: tuple[int, ...]) -> None:
        if self.step.restart is Restart.SLEEP:
            for connection in connections:
                self.ground.network.cut(connection, side="server", end="reset")
                for way in Way:
                    self.ground.held.lift((connection, way), self)
