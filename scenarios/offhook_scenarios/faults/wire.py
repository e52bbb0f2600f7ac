"""Something befalls bytes on their way, by what they say."""

from collections.abc import Callable

from offhook.domain.evidence import Evidence
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.plan import wire
from offhook_scenarios.plan.plan import Wire
from offhook_scenarios.sim import tap
from offhook_scenarios.sim.tap import Sending
from offhook_scenarios.sim.trace import Way


class WireFault(PlannedFault[Wire]):
    """Bites once for each segment that it acts on. Healed, what it held arrives."""

    evidence = Evidence.DOCUMENTED  # RFC 9293: as any network does; but for `drop`.

    def _start(self) -> None:
        step = self.step
        when = step.when
        self._host = self.ground.seat(step.desk).host
        self._text = None if when.contains is None else when.contains.encode()
        self._way = None if when.way is None else Way[when.way.upper()]
        self._met = 0
        self._held: list[tuple[int, Way]] = []
        self.ground.network.taps.append(self._tap)

    def _heal(self) -> None:
        self.ground.network.taps.remove(self._tap)
        for key in self._held:
            self.ground.held.lift(key, self)

    def _tap(self, sending: Sending) -> tap.Action | None:
        step = self.step
        if (step.times is not None and self.bites >= step.times) or not self._fits(sending):
            return None
        self._met += 1
        if self._met < step.when.nth:
            return None
        self.bites += 1
        act = ACTIONS.get(type(step.action))
        return self._hold(sending) if act is None else act(step.action)

    def _fits(self, sending: Sending) -> bool:
        link = self.step.when.link
        return (
            self._host in {sending.source, sending.target}
            and self._way in {None, sending.way}
            and link in {None, self.ground.links.name(sending.connection)}
            and (self._text is None or self._text in sending.data)
        )

    def _hold(self, sending: Sending) -> tap.Action:
        key = sending.connection, sending.way
        if key not in self._held:
            self._held.append(key)
            self.ground.held.lay(key, self, value=True)
        return tap.Pass()


ACTIONS: dict[type, Callable[..., tap.Action]] = {
    wire.Delay: lambda action: tap.Pass(delay_s=action.delay_s),
    wire.Lose: lambda _: tap.Lose(),
    wire.Drop: lambda _: tap.Drop(),
    wire.Break: lambda action: tap.Break(keep=action.keep),
    wire.End: lambda action: tap.End(keep=action.keep),
    wire.Drip: lambda action: tap.Drip(size=action.size, gap_s=action.gap_s),
}
"""What is done to a segment. `hold` is done to its connection, and is not here."""
