"""I4: what is behind a claim never grows older."""

from collections.abc import Iterator

import msgspec

from offhook_scenarios.adapters.adapter import Version
from offhook_scenarios.history import History
from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding, Invariant
from offhook_scenarios.oracles.knowledge import Known, known
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.oracles.screen import claim, word


class _Claim(msgspec.Struct, frozen=True):
    at: float
    until: float
    muted: bool
    version: Version | None


class MonotonicReads(Oracle):
    """Two tests, of which a client that names its versions is held to both.

    Named versions never go down. And each claim must be *explained*: by a value that had been
    completely delivered, of a version not older than the one that explained the claim before; the
    smallest such version is taken, which is the one that blames least. A claim that shows what
    was pressed last, ahead of the server, has as long as I2 allows to be explained or withdrawn.
    """

    id = Invariant.I4
    term = "monotonic reads (session guarantee)"
    rule = "The version behind a claim never goes down, and somebody had told it."
    bound = "none for going back; exposure_s for showing a wish ahead of its confirmation"
    needs = "`Belief.version` for the first test; the second reads the bytes"

    def judge(self, case: Case) -> list[Finding]:
        """Claims that went back, or that nothing explains."""
        found: list[Finding] = []
        for history in case.histories:
            found += self._named(case, history)
            if history.watched:
                found += self._explained(case, history)
        return found

    def unjudged(self, case: Case) -> str | None:
        """The first test needs the client's word, both need the server's."""
        told = [each.version for history in case.histories for each in history.heard]
        told += [each.version for history in case.histories for each in history.answers]
        if told and not any(told):
            return "versions: the server tells none"
        if any(s.belief.version for history in case.histories for s in history.sightings):
            return None
        return "named versions: no belief of this client names one"

    def _named(self, case: Case, history: History) -> Iterator[Finding]:
        newest: Version | None = None
        for sighting in history.sightings:
            version = sighting.belief.version
            if version is None or claim(sighting.belief) is None:
                continue
            if newest is not None and version < newest:
                words = (
                    f"the version behind the screen went back from {_e(newest)} to {_e(version)}"
                )
                yield case.found(self.id, history, sighting.at, words)
            newest = version if newest is None else max(newest, version)

    def _explained(self, case: Case, history: History) -> Iterator[Finding]:
        told = [each for each in known(history) if each.version and each.muted is not None]
        if not told and (history.heard or history.answers):
            return
        floor: Version | None = None
        for each in _claims(history):
            found = _smallest(told, each, floor, each.at + case.grace_s)
            if found is None and _is_wish(history, each):
                until = min(each.until, each.at + case.limits.exposure_s)
                found = _smallest(told, each, floor, until)
                if found is None and until == each.until:
                    continue
            if found is None and each.until - each.at > case.grace_s:
                yield self._unexplained(case, history, each, told, floor)
            floor = floor if found is None else found

    def _unexplained(
        self, case: Case, history: History, each: _Claim, told: list[Known], floor: Version | None
    ) -> Finding:
        older = _smallest(told, each, None, each.at)
        why = "nothing that was delivered says so"
        if older is not None and floor is not None:
            why = f"only {_e(older)} said so, and the screen had shown {_e(floor)} already"
        words = f"the screen says {word(each.muted)}: {why}"
        return case.found(self.id, history, each.at, words)


def _claims(history: History) -> Iterator[_Claim]:
    """Each claim with its end. The same claim told anew, with a newer version, is a new one."""
    sightings = history.sightings
    for sighting, after in zip(sightings, (*sightings[1:], None), strict=False):
        muted = claim(sighting.belief)
        if muted is not None:
            until = history.ended if after is None else after.at
            yield _Claim(sighting.at, until, muted, sighting.belief.version)


def _smallest(
    told: list[Known], each: _Claim, floor: Version | None, until: float
) -> Version | None:
    versions = (
        one.version
        for one in told
        if one.at <= until
        and one.muted == each.muted
        and one.version is not None
        and (floor is None or one.version >= floor)
    )
    return min(versions, default=None)


def _is_wish(history: History, each: _Claim) -> bool:
    """Whether it is what was pressed last."""
    pressed = [press for press in history.presses if press.at <= each.at]
    return bool(pressed) and pressed[-1].muted == each.muted


def _e(version: Version) -> str:
    return f"{version[0]}.{version[1]}"
