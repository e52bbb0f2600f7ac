"""The demo as JSON, for `--json`. Times in seconds, to a hundredth, from the session's start."""

from typing import Any

from offhook_scenarios.demo import Demo
from offhook_scenarios.outcome import Outcome, truth_told
from offhook_scenarios.verdict import Stretch


def document(demo: Demo, *, budget_s: float) -> dict[str, Any]:
    """JSON-able values in camelCase."""
    return {
        "seed": demo.seed,
        "speed": demo.speed,
        "budgetS": budget_s,
        "example": None
        if demo.example is None
        else {"lines": list(demo.example.lines), "error": demo.example.error},
        "remarks": list(demo.remarks),
        "rows": [_row(outcome) for outcome in demo.outcomes],
        "toldTheTruth": {
            desk: {"times": true, "of": of}
            for desk, (true, of) in truth_told(demo.outcomes).items()
        },
    }


def _row(outcome: Outcome) -> dict[str, Any]:
    session = outcome.session
    row: dict[str, Any] = {
        "session": session.id,
        "title": session.title,
        "evidence": session.evidence.value,
        "source": session.source,
        "desk": outcome.desk,
        "result": outcome.result.value,
        "finding": outcome.words,
        "error": outcome.error,
    }
    if outcome.history is not None and outcome.verdict is not None:
        began, verdict = outcome.history.began, outcome.verdict
        row |= {
            "lies": [_stretch(stretch, began) for stretch in verdict.lies],
            "slips": [_stretch(stretch, began) for stretch in verdict.slips],
            "wishLost": verdict.wish_lost,
            "notExercised": list(verdict.unexercised),
        }
    return row


def _stretch(stretch: Stretch, began: float) -> dict[str, Any]:
    return {
        "lie": stretch.lie.value,
        "fromS": round(stretch.start - began, 2),
        "toS": round(stretch.end - began, 2),
    }
