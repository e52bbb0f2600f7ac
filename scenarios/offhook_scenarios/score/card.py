"""The card: every rule's verdict, and the grade that they come to. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from offhook_scenarios.score.rule import Judged, Rule, Verdict, Weight, unjudged
from offhook_scenarios.score.seen import Seen

SOUND = "B45"
"""The rule whose breach is F, whatever the rest says."""
_SHARES = ((0.9, "A"), (0.8, "B"), (0.65, "C"), (0.5, "D"))


class Grade(StrEnum):
    """From best to worst."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    F = "F"

    def meets(self, wanted: "Grade") -> bool:
        """Whether it is at least as good."""
        return self.value <= wanted.value


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A rule and what it says of this client."""

    rule: Rule
    judged: Judged


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A client's report."""

    client: str
    rows: tuple[Row, ...]
    seen: tuple[Seen, ...]
    seed: int
    on_wire: bool

    @property
    def grade(self) -> Grade | None:
        """None when nothing could be judged."""
        judged = [row for row in self.rows if row.judged.verdict is not Verdict.NOT_JUDGED]
        broken = [row for row in judged if row.judged.verdict is Verdict.BROKEN]
        if any(row.rule.id == SOUND for row in broken) or self.unsound is not None:
            return Grade.F
        if not judged:
            return None
        weight = sum(row.rule.weight for row in judged)
        share = 1.0 - sum(row.rule.weight for row in broken) / weight
        letter = next((letter for least, letter in _SHARES if share >= least), "F")
        if letter < "C" and any(row.rule.weight is Weight.MUST for row in broken):
            letter = "C"
        return Grade(letter)

    @property
    def unsound(self) -> str | None:
        """What the client did in some probe that no client may."""
        return next((f"{s.probe}: {s.broken}" for s in self.seen if s.broken is not None), None)

    def count(self, verdict: Verdict) -> int:
        """How many rules came to this."""
        return sum(row.judged.verdict is verdict for row in self.rows)


def judge(
    rules: Iterable[Rule],
    seen: Mapping[str, Seen],
    *,
    client: str,
    seed: int,
    on_wire: bool,
    blind: Mapping[str, str] = {},
) -> Card:
    """Judge what was seen. `blind`: rules, by id, that this client cannot be judged by, and why."""
    return Card(
        client=client,
        rows=tuple(Row(rule=rule, judged=_judged(rule, seen, blind)) for rule in rules),
        seen=tuple(seen.values()),
        seed=seed,
        on_wire=on_wire,
    )


def _judged(rule: Rule, seen: Mapping[str, Seen], blind: Mapping[str, str]) -> Judged:
    if rule.id in blind:
        return unjudged(blind[rule.id])
    look = {probe: seen[probe] for probe in rule.probes if probe in seen}
    missing = [probe for probe in rule.probes if probe not in look]
    if missing:
        return unjudged(f"not played: {', '.join(missing)}")
    unsound = [each.broken for each in look.values() if each.broken is not None]
    if unsound and rule.id != SOUND:
        return _of_unsound(rule, look, unsound[0])
    return rule.judge(look)


def _of_unsound(rule: Rule, look: Mapping[str, Seen], why: str) -> Judged:
    """A client that floods has sent enough to be judged by; one that broke has not."""
    if any(each.arrivals for each in look.values()):
        found = rule.judge(look)
        if found.verdict is Verdict.BROKEN:
            return found
    return unjudged(why)
