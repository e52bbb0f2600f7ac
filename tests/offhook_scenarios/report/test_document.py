"""The JSON of a demo: everything that the table says, and nothing that does not serialize."""

import json

from offhook_scenarios.demo import Demo
from offhook_scenarios.report.document import document


def test_the_document_of_a_demo(small_demo: Demo) -> None:
    told = json.loads(json.dumps(document(small_demo, budget_s=2.0)))
    rows = told.pop("rows")
    assert told == {
        "seed": 7,
        "speed": 12.0,
        "budgetS": 2.0,
        "remarks": [],
        "example": {"lines": ["Authenticated successfully."], "error": None},
        "toldTheTruth": {
            "naive": {"times": 0, "of": 1},
            "careful": {"times": 0, "of": 1},
            "broken": {"times": 0, "of": 1},
        },
    }
    assert rows[0] == {
        "session": "a-session",
        "title": '<b>"troubled" & odd</b>',
        "evidence": "assumed",
        "source": "</title><script>alert(1)</script>",
        "desk": "naive",
        "result": "lied",
        "finding": (
            "LIVE 20.0 s: screen muted, caller could hear · not exercised: never never bit"
        ),
        "error": None,
        "lies": [{"lie": "LIVE", "fromS": 10.0, "toS": 30.0}],
        "slips": [],
        "wishLost": False,
        "notExercised": ["never"],
    }


def test_a_broken_play_has_an_error_and_no_verdict(small_demo: Demo) -> None:
    broken = document(small_demo, budget_s=2.0)["rows"][2]
    assert (broken["result"], broken["error"]) == ("error", "KeyError: '<id>'")
    assert "lies" not in broken
