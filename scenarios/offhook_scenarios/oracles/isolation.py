"""I11: an event of another device changes nothing."""

from collections.abc import Iterator

from offhook_scenarios.history import Answer, Heard, History, Press
from offhook_scenarios.oracles.case import GRACE_S, Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.knowledge import foreign
from offhook_scenarios.oracles.oracle import Oracle


class Isolation(Oracle):
    """Blamed is a change of the screen that nothing of the desk's own came before."""

    id = Invariant.I11
    term = "isolation (non-interference) between devices"
    rule = "A frame about another device never changes what is shown of this one."

    def judge(self, case: Case) -> list[Finding]:
        """Changes that only a foreign frame can have caused."""
        return [each for history in case.histories for each in self._caused(case, history)]

    def _caused(self, case: Case, history: History) -> Iterator[Finding]:
        for frame in foreign(history):
            own: list[Heard | Answer | Press] = [
                *(each for each in history.heard if each.device_id != frame.device_id),
                *history.answers,
                *history.presses,
            ]
            for before, sighting in zip(history.sightings, history.sightings[1:], strict=False):
                changed = before.belief.shown is not sighting.belief.shown
                if not changed or not frame.at <= sighting.at <= frame.at + GRACE_S:
                    continue
                if any(sighting.at - GRACE_S <= each.at <= sighting.at for each in own):
                    continue
                words = (
                    f"a frame {frame.type} about {frame.device_id} turned the screen from "
                    f"{before.belief.shown.value} to {sighting.belief.shown.value}"
                )
                yield case.found(self.id, history, sighting.at, words, since=frame.at)
