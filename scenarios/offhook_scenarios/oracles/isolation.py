"""I11: an event of another device changes nothing."""

from collections.abc import Iterator

from offhook_scenarios.history import Answer, Heard, History, Press, Sighting, Stream
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.knowledge import foreign
from offhook_scenarios.oracles.oracle import Oracle

_INSTANT_S = 1e-6
"""In virtual time what follows from a frame follows in its own instant."""


class Isolation(Oracle):
    """Blamed is a change of the screen that nothing of the desk's own came before.

    The frame may have come to this very desk, or to another one in the same instant: two desks of
    one process may share what they should not.
    """

    id = Invariant.I11
    term = "isolation (non-interference) between devices"
    rule = "A frame about another device never changes what is shown of this one."

    def judge(self, case: Case) -> list[Finding]:
        """Changes that only a foreign frame can have caused."""
        return [each for history in case.histories for each in self._caused(case, history)]

    def _caused(self, case: Case, history: History) -> Iterator[Finding]:
        strays = [(frame, case.grace_s) for frame in foreign(history)]
        for other in case.histories:
            if other is not history:
                strays += [(frame, _INSTANT_S) for frame in other.heard if frame.muted is not None]
        if not strays:
            return
        for before, sighting in _changes(history):
            near = (frame for frame, s in strays if frame.at <= sighting.at <= frame.at + s)
            frame = next(near, None)
            if frame is not None and not _has_a_reason(history, sighting.at, case.grace_s):
                words = (
                    f"a frame {frame.type} about {frame.device_id} turned the screen from "
                    f"{before.belief.shown.value} to {sighting.belief.shown.value}"
                )
                yield case.found(self.id, history, sighting.at, words, since=frame.at)


def _changes(history: History) -> Iterator[tuple[Sighting, Sighting]]:
    """Where what is shown became something else, after the desks were up."""
    for before, sighting in zip(history.sightings, history.sightings[1:], strict=False):
        if sighting.at > history.began and before.belief.shown is not sighting.belief.shown:
            yield before, sighting


def _has_a_reason(history: History, at: float, grace_s: float) -> bool:
    """Whether something of the desk's own came just before."""
    mine = {truth.device_id for truth in history.truths}
    own: list[Heard | Answer | Press | Stream] = [
        *(each for each in history.heard if each.device_id is None or each.device_id in mine),
        *history.answers,
        *history.presses,
        *history.streams,
    ]
    if any(at - grace_s <= each.at <= at for each in own):
        return True
    return any(
        stream.ended_at is not None and at - grace_s <= stream.ended_at <= at
        for stream in history.streams
    )
