"""Findings as SARIF 2.1.0, which code hosts show beside the line of the test.

The rules are the invariants, by their numbers. (OASIS, Static Analysis Results Interchange
Format 2.1.0; what GitHub reads of it: "SARIF support for code scanning".)
"""

from collections.abc import Iterable
from typing import Any

from offhook.testing.results import Result

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

TITLES = {
    "I0": "The client neither hangs nor runs in a circle",
    "I1": "Once all is quiet the screen becomes right",
    "I2": "Never shown muted while the caller can hear",
    "I3": "Never shown live while the caller cannot hear",
    "I4": "What is shown never goes back in time",
    "I5": "Each wish takes effect once at most",
    "I6": "Retry-After is kept",
    "I7": "No unmute undoes a mute it did not know of",
    "I8": "Wishes take effect in their order",
    "I9": "Every wish ends, and the end is shown",
    "I10": "Nothing is left behind",
    "I11": "News of one device changes nothing about another",
    "I12": "After long health a lost link is back at once",
    "I13": "In doubt the screen says so",
    "I14": "At rest the last wish is in effect",
}
"""The invariants in a line each."""


def sarif(results: Iterable[Result], *, version: str) -> dict[str, Any]:
    """The document. What was expected is `note`, everything else `error`."""
    rows = [_row(result, index) for result in results for index, _ in enumerate(result.findings)]
    used = sorted({row["ruleId"] for row in rows}, key=lambda name: int(name[1:]))
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "offhook",
                        "version": version,
                        "rules": [_rule(name) for name in used],
                    }
                },
                "results": rows,
            }
        ],
    }


def _rule(name: str) -> dict[str, Any]:
    title = TITLES.get(name, name)
    return {
        "id": name,
        "name": title.title().replace(" ", "").replace("-", ""),
        "shortDescription": {"text": title},
        "properties": {"tags": ["mute", "convergence"]},
    }


def _row(result: Result, index: int) -> dict[str, Any]:
    finding = result.findings[index]
    row: dict[str, Any] = {
        "ruleId": finding.invariant,
        "level": "note" if result.outcome == "expected" else "error",
        "message": {"text": f"{result.test}: {finding.words}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": result.path},
                    "region": {"startLine": result.line},
                }
            }
        ],
        # The same finding of the same test is one alert, whatever its words say of seconds.
        "partialFingerprints": {"offhook/v1": f"{result.test}:{finding.invariant}:{index}"},
        "properties": {"seed": result.seed},
    }
    if result.trace:
        row["properties"]["trace"] = result.trace
    return row
