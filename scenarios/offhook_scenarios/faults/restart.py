"""The server goes, and comes back: with its state, or without."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.plan.plan import Restart
from offhook_scenarios.sim.listener import Door


class RestartFault(PlannedFault[Restart]):
    """Bites once for each connection that it resets, and once for a state that is lost.

    Door, connections and state go in the same instant, or a client would be told of a new
    epoch on an old connection. Two that overlap are one long one: the door opens with the last.
    """

    evidence = Evidence.DOCUMENTED  # RFC 9293: a desk sees what `cut` and `refuse` do.

    def _start(self) -> None:
        ground, step = self.ground, self.step
        ground.act("server", "restarts" if step.keeps_state else "restarts, and has lost its state")
        ground.door.lay(None, self, Door.REFUSING)
        self.bites = sum(ground.cut(seat.desk) for seat in ground.seats)
        if not step.keeps_state:
            ground.server.restart()
            self.bites += 1

    def _heal(self) -> None:
        self.ground.door.lift(None, self)
