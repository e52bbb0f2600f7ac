"""What a check has found, for people and for programs."""

from typing import Any

import msgspec

from offhook_scenarios.check.drive import Tally
from offhook_scenarios.check.key import surroundings
from offhook_scenarios.plan.judgement import Judged

SURE_AFTER = 1_000
"""Sessions after which a fault that never bit is worth telling."""


def told(tally: Tally, *, wall_s: float) -> list[str]:
    """The result, in lines."""
    rate = tally.sessions / wall_s if wall_s else 0.0
    lines = [
        (
            f"{tally.sessions} sessions, {tally.virtual_s / 3600:.1f} virtual hours in "
            f"{wall_s:.1f} s ({rate:.0f} a second): {tally.sessions - tally.failed} held, "
            f"{tally.failed} broke."
        )
    ]
    spread = tally.converged()
    if spread is not None:
        lines.append(
            f"Right again after all was quiet: p50 {spread.p50:.1f} s, p99 {spread.p99:.1f} s, "
            f"longest {spread.max:.1f} s."
        )
    lines.append(
        f"Shown muted and heard: {tally.exposed_s:.1f} s at most, over {tally.budget_s:g} s in "
        f"{tally.over_budget} sessions."
    )
    if tally.sessions >= SURE_AFTER and tally.never_bit:
        lines.append(f"Never bit: {', '.join(tally.never_bit)}.")
    if tally.broken:
        counts = ", ".join(f"{name} in {count}" for name, count in sorted(tally.broken.items()))
        lines.append(f"Broken: {counts}.")
    if tally.first is not None:
        lines += session(tally.first)
    return lines


def session(judged: Judged) -> list[str]:
    """One session that broke, or did not, in lines."""
    verdict = "broke" if judged.findings else "held"
    return [
        f"Seed {judged.plan.seed} {verdict}, {len(judged.plan.steps)} steps:",
        *(f"  {f.invariant} {f.desk}: {f.words}" for f in judged.findings),
    ]


def document(tally: Tally, *, client: str, seeds: range, wall_s: float) -> dict[str, Any]:
    """The same for programs."""
    first = tally.first
    return {
        "client": client,
        "seeds": {"first": seeds.start, "count": len(seeds)},
        "surroundings": surroundings(),
        "sessions": tally.sessions,
        "failed": tally.failed,
        "broken": dict(sorted(tally.broken.items())),
        "wallS": wall_s,
        "virtualS": tally.virtual_s,
        "convergedS": msgspec.to_builtins(tally.converged()),
        "exposedMaxS": tally.exposed_s,
        "budgetS": tally.budget_s,
        "overBudget": tally.over_budget,
        "bites": dict(sorted(tally.bites.items())),
        "neverBit": tally.never_bit,
        "first": None
        if first is None
        else {
            "digest": first.digest,
            "findings": msgspec.to_builtins(first.findings),
            "plan": msgspec.to_builtins(first.plan),
        },
    }
