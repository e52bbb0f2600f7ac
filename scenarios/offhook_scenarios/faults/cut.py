"""Every connection of a desk ends at once."""

from offhook.domain.evidence import Evidence
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.plan.plan import Cut


class CutFault(PlannedFault[Cut]):
    """Bites once for each connection. There is nothing to heal: new ones are dialled."""

    evidence = Evidence.TUTORIAL

    def _start(self) -> None:
        step = self.step
        self.ground.act("network", _words(step), step.desk)
        self.bites = self.ground.cut(step.desk, side=step.side, end=step.end)


def _words(step: Cut) -> str:
    verb = "cuts" if step.end == "reset" else "ends"
    where = "" if step.side == "both" else f" at the {step.side}'s end"
    return f"{verb} every connection{where}"
