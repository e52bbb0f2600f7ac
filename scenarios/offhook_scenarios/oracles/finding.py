"""The invariants by their numbers, and what is said when one does not hold."""

from enum import StrEnum

import msgspec

from offhook_scenarios.history import History


class Invariant(StrEnum):
    """What must hold. The words are those of the literature, where it has any."""

    I0 = "I0"
    """Neither deadlock nor livelock."""
    I1 = "I1"
    """Convergence: leads-to, checked as a bounded eventuality."""
    I2 = "I2"
    """Privacy: bounded staleness of "muted", one-sided."""
    I3 = "I3"
    """Bounded staleness of "live"."""
    I4 = "I4"
    """Monotonic reads."""
    I5 = "I5"
    """At-most-once effect."""
    I6 = "I6"
    """Politeness."""
    I7 = "I7"
    """Causality: writes follow reads."""
    I8 = "I8"
    """Monotonic writes."""
    I9 = "I9"
    """Liveness of commands."""
    I10 = "I10"
    """Hygiene."""
    I11 = "I11"
    """Isolation."""
    I12 = "I12"
    """Fast recovery."""
    I13 = "I13"
    """Honest doubt."""
    I14 = "I14"
    """The last intent, at quiescence."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """An invariant that does not hold."""

    invariant: Invariant
    desk: str
    words: str
    at_s: float = 0.0
    """When it was sure, in seconds after the desks were up."""
    witness: History | None = None
    """The slice of the history that shows it."""
    advisory: bool = False
    """It rests on something that nobody but us has said (evidence `assumed`)."""
    by_version: bool = False
    """Only a version could have told the client, and versions are an assumption of ours."""


GRAVEST_FIRST = (
    *(Invariant.I2, Invariant.I7, Invariant.I14, Invariant.I5, Invariant.I8),
    *(Invariant.I3, Invariant.I13, Invariant.I4, Invariant.I11),
    *(Invariant.I1, Invariant.I9, Invariant.I12, Invariant.I6),
    *(Invariant.I10, Invariant.I0),
)
"""In which order findings are told: who is overheard first, what is only untidy last."""


def gravity(finding: Finding) -> tuple[bool, int, float]:
    """The smaller, the graver. What rests on an assumption comes after all that does not."""
    return finding.advisory, GRAVEST_FIRST.index(finding.invariant), finding.at_s
