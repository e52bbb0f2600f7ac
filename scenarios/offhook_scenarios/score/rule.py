"""A rule of the report card: what it asks, why, and how it is judged from what was seen."""

from collections.abc import Callable, Mapping
from enum import IntEnum, StrEnum

import msgspec

from offhook_scenarios.score.seen import Seen


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


Look = Mapping[str, Seen]
"""What was seen, by the probe's id. A rule is only asked when all of its probes are there."""
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
    judge: Judge


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
