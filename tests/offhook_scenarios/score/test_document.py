"""The card for programs."""

import json
from collections.abc import Callable

from offhook_scenarios.score.card import judge
from offhook_scenarios.score.catalogue import RULES
from offhook_scenarios.score.document import document
from offhook_scenarios.score.seen import Seen


def test_the_document_tells_rules_and_arrivals(see: Callable[[str, str], Seen]) -> None:
    seen = {"seconds": see("naive", "seconds")}
    card = judge([RULES["B01"]], seen, client="naive", seed=1, on_wire=False)
    told = json.loads(json.dumps(document(card)))
    assert (told["client"], told["grade"], told["seed"]) == ("naive", "F", 1)
    (rule,) = told["rules"]
    assert (rule["id"], rule["verdict"], rule["weight"]) == ("B01", "broken", 3)
    (probe,) = told["probes"]
    assert probe["statuses"] == {"204": 5, "429": 5}
    first = probe["arrivals"][0]
    assert (first["status"], first["retryAfter"]) == (429, "3")
