"""The server answers or pushes wrongly, by a rule of the mock's faults."""

import msgspec

from offhook_scenarios.faults.ground import Ground
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.plan.plan import Fault


class RuleFault(PlannedFault[Fault]):
    """Bites as often as the mock says. Healed, the rule is gone, and what it decided happens."""

    def __init__(self, step: Fault, ground: Ground) -> None:
        super().__init__(step, ground)
        self._tag = str(step.rule.fault.__struct_config__.tag)

    def _start(self) -> None:
        step, rule = self.step, self.step.rule
        seat = self.ground.seat(step.desk or 1)
        if step.desk is not None:
            device = seat.recorder.newest_device()
            client_id = "none" if device is None else device.id
            match = msgspec.structs.replace(rule.match, client_id=client_id)
            rule = msgspec.structs.replace(rule, match=match)
        self._recorder = seat.recorder
        name = f"{self._tag} {rule.match.operation or ''}".strip()
        self._rule_id = seat.recorder.lay(name, rule)
        self.ground.when_bitten(self._rule_id, self._bit)

    def _heal(self) -> None:
        self._recorder.lift(self._rule_id)

    def _bit(self) -> None:
        self.bites += 1
