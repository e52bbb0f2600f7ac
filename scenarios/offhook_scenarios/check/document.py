"""What a check has found, for programs: `docs/reference/check-json.md` describes it."""

from typing import Any

import msgspec

from offhook_scenarios.check.causes import RULES, likely_cause
from offhook_scenarios.check.found import Found
from offhook_scenarios.check.key import surroundings
from offhook_scenarios.check.report import Report, Shown
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.check.tally import Tally
from offhook_scenarios.plan.judgement import Finding

VERSION = 1


def document(report: Report, shown: Shown | None = None) -> dict[str, Any]:
    """JSON-able values in camelCase."""
    tally, setup = report.tally, report.setup
    return {
        "version": VERSION,
        "client": setup.client,
        "network": setup.network.value,
        "sessions": {"asked": report.sessions, "played": tally.sessions, "broke": tally.failed},
        "endedEarly": report.ended_early,
        "surroundings": surroundings(),
        "wallS": round(report.wall_s, 3),
        "shortenedS": round(report.shortened_s, 3),
        "virtualS": round(tally.virtual_s, 3),
        "convergedS": msgspec.to_builtins(tally.converged()),
        "exposedMaxS": round(tally.exposed_s, 3),
        "budgetS": tally.budget_s,
        "overBudget": tally.over_budget,
        "broken": dict(sorted(tally.broken.items())),
        "advisory": dict(sorted(tally.advised.items())),
        "excused": [
            {"invariant": invariant, "policy": policy, "because": reason, "sessions": count}
            for (invariant, policy, reason), count in sorted(tally.excused.items())
        ],
        "notJudged": {name: _unjudged(tally, name) for name in sorted(tally.not_judged)},
        "bites": dict(sorted(tally.bites.items())),
        "neverBit": tally.never_bit,
        "found": [
            _found(each, shown if number == 0 else None) for number, each in enumerate(report.found)
        ],
    }


def _unjudged(tally: Tally, name: str) -> str:
    """Why, and in how many sessions where it was judged in others."""
    found = tally.not_judged[name]
    some = f" (in {found.sessions} of {tally.sessions} sessions)"
    return found.why + (some if found.sessions < tally.sessions else "")


def _found(found: Found, shown: Shown | None) -> dict[str, Any]:
    written: dict[str, Any] = {
        "invariant": found.invariant.value,
        "rule": RULES[found.invariant.value],
        "likelyCause": likely_cause(found.broken[0], found.plan, found.judged.findings).value,
        "findings": [finding(each) for each in found.judged.findings],
        "seed": found.first.plan.seed,
        "stepsBefore": len(found.first.plan.steps),
        "plays": found.shrunk.runs,
        "repeats": found.repeats,
        "divergence": None if found.divergence is None else str(found.divergence),
        "referenceBreaks": found.reference_breaks,
        "digest": found.judged.digest,
        "plan": msgspec.to_builtins(found.plan),
    }
    if shown is not None:
        written["moments"] = msgspec.to_builtins(shown.moments)
    return written


def session(shown: Shown, setup: Setup, *, same: bool | None) -> dict[str, Any]:
    """A session that was played again. `same`: whether every byte was as before."""
    return {
        "version": VERSION,
        "client": setup.client,
        "network": setup.network.value,
        "surroundings": surroundings(),
        "broke": bool(setup.broken(shown.judged)),
        "sameBytes": same,
        "findings": [finding(each) for each in shown.judged.findings],
        "digest": shown.digest,
        "moments": msgspec.to_builtins(shown.moments),
        "plan": msgspec.to_builtins(shown.judged.plan),
    }


def finding(told: Finding) -> dict[str, Any]:
    """One finding, without its histories."""
    return {
        "invariant": told.invariant.value,
        "desk": told.desk,
        "atS": told.at_s,
        "words": told.words,
        "advisory": told.advisory,
    }
