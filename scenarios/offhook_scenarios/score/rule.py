"""A rule of the report card: what it asks, why, and how it is judged from what was seen."""

from collections.abc import Callable, Mapping
from enum import IntEnum, StrEnum

import msgspec

from offhook_scenarios.score.seen import WRITES, Seen


class Verdict(StrEnum):
    """What a rule says of a client."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_JUDGED = "not judged"
    """It was not exercised: the client never came into that situation."""


class Weight(IntEnum):
    """How much a rule counts."""

    NICE = 1
    SHOULD = 2
    MUST = 3
    """Broken, it keeps a server down or changes what nobody asked for."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict, and the evidence for it in a sentence."""

    verdict: Verdict
    words: str


class Look(msgspec.Struct, frozen=True):
    """What a rule is judged by."""

    seen: tuple[Seen, ...]
    """Of its probes, in their order."""
    operations: frozenset[str]
    """What it is about."""

    @property
    def one(self) -> Seen:
        """What was seen, of a rule that has one probe."""
        (one,) = self.seen
        return one

    def rows(self) -> list[list[float]]:
        """The waits of each client that came back, in seconds, probe by probe."""
        return [row for seen in self.seen for row in seen.gaps(self.operations) if row]

    def told(self) -> list[tuple[float, float, int]]:
        """Asked and actual wait of each retry that was told one, in seconds, and the client."""
        return [each for seen in self.seen for each in seen.waits(self.operations)]


Judge = Callable[[Look], Judged]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the card."""

    id: str
    name: str
    asks: str
    """What a client must do, in a sentence."""
    reason: str
    """Why it matters."""
    reference: str
    """Who says so."""
    weight: Weight
    probes: tuple[str, ...]
    """Ids of the probes that it is judged by."""
    of: frozenset[str] = WRITES
    """The operations that it is about."""
    how: Judge

    def judge(self, seen: Mapping[str, Seen]) -> Judged:
        """By what was seen in each probe. All of the rule's must be there."""
        return self.how(Look(tuple(seen[probe] for probe in self.probes), self.of))


def kept(words: str) -> Judged:
    """The client does as the rule asks."""
    return Judged(verdict=Verdict.KEPT, words=words)


def broke(words: str) -> Judged:
    """It does not."""
    return Judged(verdict=Verdict.BROKEN, words=words)


def unjudged(words: str) -> Judged:
    """It did nothing by which it could be judged."""
    return Judged(verdict=Verdict.NOT_JUDGED, words=words)


def holds(good: bool, words: str) -> Judged:  # noqa: FBT001 - it reads as "the rule holds if".
    """Kept if `good`, and broken otherwise, with the same evidence."""
    return kept(words) if good else broke(words)
